"""What another organisation has, or a part of it, is claimed with a reason or not at all."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.assets.constituency import (
    constituency_import,
    constituency_preview,
    constituency_take,
)
from samsyn.assets.models import Resource
from samsyn.assets.register_selectors import facts_kept
from samsyn.assets.rules import facts_written
from samsyn.assets.services import resource_change, resource_claim
from samsyn.audit.models import Entry
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Organisation
from tests.assets.test_constituency_file import HEADER

PART = "198.18.0.0/25"  # of what the cast gives Fjellvik


def take(cast, *rows, does=constituency_take, header=f"{HEADER},overlap"):
    content = "\n".join([header, *rows, ""]).encode()
    return does(actor=cast.henrik, operator=cast.samvakt, content=content)


@pytest.mark.parametrize("does", [constituency_preview, constituency_take])
def test_a_file_that_claims_what_another_has_without_a_reason_is_refused_with_its_row(cast, does):
    with pytest.raises(RuleViolation) as caught:
        take(cast, f"Havnes,NO,nb,,municipality,prefix,{PART},,,", does=does)
    assert str(caught.value).startswith(
        "Row 2, value: It, or a part of it, is claimed already by Fjellvik"
    )
    assert "part_of" in str(caught.value)


def test_every_row_without_a_reason_is_named(cast):
    rows = ("domain,fjellvik.example", f"prefix,{PART}")
    with pytest.raises(RuleViolation) as caught:
        take(cast, *(f"Havnes,NO,nb,,municipality,{row},,," for row in rows))
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "Row 2, value",
        "Row 3, value",
    ]


def test_two_organisations_of_one_file_that_claim_the_same_need_a_reason(cast):
    rows = [
        f"{name},NO,nb,,municipality,domain,havnes.example,,," for name in ("Havnes", "Tindvik")
    ]
    with pytest.raises(
        RuleViolation, match="Row 3, value: It, or a part of it, is claimed already by Havnes"
    ):
        take(cast, *rows)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("part_of", "it is a part of the other's"),
        ("run_for", "it is run for the other"),
        ("taken_over", "it has been taken over from the other"),
    ],
)
def test_with_a_reason_it_is_shown_before_the_import_and_waits_after_it(cast, reason, words):
    row = f"Havnes,NO,nb,,municipality,prefix,{PART},,,{reason}"
    shown = take(cast, row, does=constituency_preview)
    assert shown.contested == [f"{PART}: Havnes, Fjellvik – {words}"]
    assert take(cast, row).contested == shown.contested
    made = Resource.unscoped.get(value=PART)
    assert (made.state, made.overlap) == ("requested", reason)


def test_the_reason_stands_on_the_pages_of_both(cast, client):
    take(cast, f"Havnes,NO,nb,,municipality,prefix,{PART},,,run_for")
    claim = Resource.unscoped.get(value=PART)
    held = Resource.unscoped.get(value="198.18.0.0/24", organisation=cast.fjellvik)
    client.be(cast.people["henrik"])
    for one in (claim, held):
        assert "run for the other" in client.get(one.get_absolute_url()).content.decode()


def test_a_word_that_is_no_reason_is_refused(cast):
    with pytest.raises(RuleViolation, match="Row 2, overlap"):
        take(cast, f"Havnes,NO,nb,,municipality,prefix,{PART},,,because")


def test_a_form_asks_for_the_reason_at_its_field(cast):
    given = {"actor": cast.sigrid, "organisation": cast.elvdal, "kind": "prefix", "value": PART}
    with pytest.raises(RuleViolation) as caught:
        resource_claim(**given)
    assert caught.value.field == "overlap"
    assert resource_claim(**given, overlap="part_of").overlap == "part_of"


def test_a_reason_is_not_kept_where_no_other_has_it(cast):
    made = resource_claim(
        actor=cast.sigrid, organisation=cast.elvdal, kind="prefix",
        value="203.0.113.0/24", overlap="part_of",
    )  # fmt: skip
    assert made.overlap == ""


def test_what_is_inside_ones_own_needs_no_reason(cast):
    made = resource_claim(actor=cast.jonas, organisation=cast.fjellvik, kind="prefix", value=PART)
    assert made.state == "confirmed"


def test_the_file_that_the_register_gives_holds_the_reason(cast):
    take(cast, f"Havnes,NO,nb,,municipality,prefix,{PART},,,part_of")
    Resource.unscoped.filter(value=PART).update(state="confirmed")
    written = facts_written(facts_kept(actor=cast.job))
    assert f"Havnes,,,,,prefix,{PART},,,,part_of" in written  # the cast names a host, too


def test_looking_at_a_file_takes_no_lock_and_writes_one_entry_that_says_so(cast):
    rows = (
        "Havnes,NO,nb,,municipality,domain,havnes.example,,,",
        "Havnes skole,,,Havnes,unit,,,,,",
    )
    before = Entry.objects.count()
    with CaptureQueriesContext(connection) as asked:
        seen = take(cast, *rows, does=constituency_preview)
    written = [q["sql"] for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(written) == 1
    assert "audit_entry" in written[0]
    assert seen.organisations_new == ["Havnes", "Havnes skole"]
    assert not Organisation.unscoped.filter(name="Havnes").exists()
    assert Entry.objects.count() == before + 1
    assert Entry.objects.order_by("number").last().action == "assets.constituency_preview"


def test_looking_says_the_same_as_taking(cast):
    rows = (
        "Havnes,NO,nb,,municipality,prefix,203.0.113.0/24,technical,drift@havnes.example,",
        "Havnes skole,NO,nb,Havnes,unit,prefix,203.0.113.0/25,,,",
        "Havnes Vann,NO,nb,Havnes,company,domain,vann.example,,,",
        "Fjellvik,,,,,domain,nes.example,,,",
        "Elvdal,,nb,,,,,technical,ny@elvdal.example,",
    )
    shown = take(cast, *rows, does=constituency_preview)
    assert take(cast, *rows).lines() == shown.lines()


def test_whoever_saves_a_resource_as_it_is_leaves_no_entry(cast):
    held = Resource.unscoped.get(value="198.18.0.0/24", organisation=cast.fjellvik)
    before = Entry.objects.count()
    resource_change(actor=cast.jonas, resource=held)
    assert Entry.objects.count() == before
    resource_change(actor=cast.jonas, resource=held, note="in the cellar")
    assert Entry.objects.count() == before + 1


def test_both_ways_are_one_function_for_the_doors(cast):
    content = f"{HEADER}\nHavnes,NO,nb,,municipality,,,,\n".encode()
    given = {"actor": cast.henrik, "operator": cast.samvakt, "content": content}
    assert constituency_import(**given, dry_run=True).organisations_new == ["Havnes"]
    assert constituency_import(**given).organisations_new == ["Havnes"]
