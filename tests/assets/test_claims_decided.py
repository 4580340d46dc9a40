"""Who confirms and refuses a claim, on what ground, and what ends with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from samsyn.access.permissions import MEMBER_GRANTS, OWN_GRANTS, Permission, Role
from samsyn.access.selectors import actor_of
from samsyn.assets.claim_selectors import is_inside, meeting_of, request_list
from samsyn.assets.models import Resource
from samsyn.assets.rules import Held
from samsyn.assets.services import (
    NARROWED,
    resource_change,
    resource_confirm,
    resource_refuse,
)
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, RuleViolation
from tests.assets.claiming import claim, confirm, of, other_operator
from tests.cast import NOON, TODAY, make_person, make_resource

CONFIRMERS = {Role.ANALYST, Role.ADMINISTRATOR}


def test_who_waits_and_why_is_shown_to_who_decides_and_to_the_claimant_only(cast):
    made = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.4.0/25")
    assert list(request_list(actor=cast.astrid)) == [made]
    assert not request_list(actor=cast.astrid, search="elvdal").exists()
    for other in (cast.jonas, cast.ingvild, cast.sigrid, cast.ragna):
        assert not request_list(actor=other).exists()
    met = meeting_of(actor=cast.astrid, resource=made)
    assert ([r.organisation for r in met.seen], met.hidden) == ([cast.elvdal], 0)
    met = meeting_of(actor=cast.jonas, resource=made)
    assert (met.seen, met.hidden) == ((), 1)


def test_confirming_keeps_who_and_on_what_ground(cast):
    made = claim(cast.jonas, cast.fjellvik, "domain", "havnes.example")
    confirm(cast.astrid, made)
    made.refresh_from_db()
    assert (made.state, made.ground, made.ground_kind) == ("confirmed", "RIPE, 2 March", "registry")
    assert (made.decided_by, made.decided_at) == (cast.astrid.label, NOON)
    entry = Entry.objects.order_by("-number").first()
    assert entry.action == "assets.resource_confirm"
    assert entry.changes["state"] == ["requested", "confirmed"]


def test_confirming_the_very_same_ends_the_earlier_claim(cast):
    made = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.4.0/24")
    confirm(cast.astrid, made)
    earlier = of(cast.elvdal, "198.18.4.0/24")
    assert (earlier.withdrawn_on, earlier.note) == (TODAY, "RIPE, 2 March")
    actions = Entry.objects.filter(action="assets.resource_confirm")
    assert {entry.organisation_id for entry in actions} == {cast.fjellvik.pk, cast.elvdal.pk}


def test_confirming_a_part_leaves_the_wider_claim(cast):
    made = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.4.0/25")
    confirm(cast.astrid, made)
    assert of(cast.elvdal, "198.18.4.0/24").withdrawn_on is None


def test_who_has_the_wider_claim_learns_that_a_part_was_confirmed_to_another(cast, client):
    make_resource(cast.fjellvik, "prefix", "198.18.64.0/20")
    earlier = of(cast.elvdal, "198.18.4.0/24")
    made = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.4.0/25")
    page = client.be(cast.people["sigrid"]).get(earlier.get_absolute_url()).content.decode()
    assert "198.18.4.0/25" not in page
    confirm(cast.astrid, made)
    entry = Entry.objects.get(action=NARROWED)
    assert (entry.organisation_id, entry.object_id) == (cast.elvdal.pk, str(earlier.pk))
    page = client.get(earlier.get_absolute_url()).content.decode()
    assert "198.18.4.0/25" in page, "which part, so that its owner can object"
    assert "Fjellvik" not in page, "but not whose"
    log = client.get("/change-log/").content.decode()
    assert "198.18.4.0/24" in log


@pytest.mark.parametrize(
    ("kind", "value", "of_another", "inside"),
    [
        ("prefix", "198.18.4.0/24", ("prefix", "198.18.4.0/25"), True),
        ("prefix", "198.18.4.0/24", ("prefix", "198.18.4.0/24"), True),
        ("prefix", "198.18.4.0/24", ("prefix", "198.18.4.0/23"), False),
        ("prefix", "198.18.4.0/24", ("prefix", "198.18.5.0/25"), False),
        ("domain", "elv.example", ("domain", "post.elv.example"), True),
        ("domain", "elv.example", ("mail_domain", "elv.example"), True),
        ("domain", "elv.example", ("domain", "xelv.example"), False),
        ("asn", "64500", ("prefix", "198.18.4.0/24"), False),
    ],
)
def test_what_is_a_part_of_a_claim(kind, value, of_another, inside):
    holder = Resource(kind=kind, value=value)
    assert is_inside(Held(*of_another, 2, 1), holder) == inside


def test_refusing_ends_the_request_and_tells_why(cast):
    made = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.4.0/24")
    resource_refuse(actor=cast.astrid, resource=made, ground="It is Elvdal's", now=NOON)
    assert (made.state, made.withdrawn_on, made.ground) == ("refused", TODAY, "It is Elvdal's")
    assert of(cast.elvdal, "198.18.4.0/24").state == "confirmed"
    assert claim(cast.jonas, cast.fjellvik, "prefix", "198.18.4.0/24").state == "requested"


def test_refusing_a_host_leaves_the_ground_of_the_claim(cast):
    made = claim(cast.jonas, cast.fjellvik, "domain", "havnes.example")
    confirm(cast.astrid, made)
    made.refresh_from_db()
    resource_change(actor=cast.astrid, resource=made, operated_by=cast.elvdal)
    assert made.host_asked == cast.elvdal
    resource_refuse(actor=cast.henrik, resource=made, ground="It is not theirs to run", now=NOON)
    made.refresh_from_db()
    assert (made.ground, made.decided_by) == ("RIPE, 2 March", cast.astrid.label)
    assert (made.host_asked, made.host_ground) == (None, "It is not theirs to run")


@pytest.mark.parametrize("decide", [confirm, resource_refuse])
def test_a_decision_needs_a_ground_and_something_that_waits(cast, decide):
    made = claim(cast.jonas, cast.fjellvik, "domain", "havnes.example")
    more = {} if decide is confirm else {"now": NOON}
    with pytest.raises(RuleViolation, match="Say"):
        decide(actor=cast.astrid, resource=made, ground=" ", **more)
    with pytest.raises(RuleViolation, match="nothing left"):
        decide(actor=cast.astrid, resource=of(cast.fjellvik, "198.18.0.0/24"), ground="x", **more)


@pytest.mark.parametrize("name", ["ingvild", "jonas", "liv", "revna", "egil", "ragna", "sigrid"])
def test_neither_the_members_people_nor_an_adviser_confirm(cast, name):
    made = claim(cast.jonas, cast.fjellvik, "domain", "havnes.example")
    with pytest.raises(NotAllowed):
        confirm(getattr(cast, name), made)
    with pytest.raises(NotAllowed):
        resource_refuse(actor=getattr(cast, name), resource=made, ground="x", now=NOON)


def test_only_the_operators_analysts_and_administrators_have_the_right_to_confirm():
    at_members = {r for r, held in MEMBER_GRANTS.items() if Permission.RESOURCES_CONFIRM in held}
    at_home = {r for r, held in OWN_GRANTS.items() if Permission.RESOURCES_CONFIRM in held}
    assert at_members == CONFIRMERS
    assert at_home == {Role.ADMINISTRATOR}


def test_one_operator_alone_does_not_decide_over_a_member_of_another(cast):
    petra = other_operator(cast)
    kari = actor_of(make_person("kari", cast.utmark, Role.CISO))
    made = claim(kari, cast.utmark, "prefix", "198.18.0.0/24")
    with pytest.raises(RuleViolation, match="you do not serve"):
        confirm(petra, made)
    assert of(cast.fjellvik, "198.18.0.0/24").withdrawn_on is None
    with pytest.raises(NotAllowed):  # nor by naming what it cannot see
        resource_confirm(
            actor=petra,
            resource=made,
            rivals=[of(cast.fjellvik, "198.18.0.0/24")],
            ground_kind="registry",
            ground="x",
            now=NOON,
        )


def test_the_console_lists_confirms_and_refuses(cast, capsys):
    first = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.4.0/25")
    second = claim(cast.jonas, cast.fjellvik, "domain", "havnes.example")
    call_command("resource_requests", "--as", "astrid@samvakt.example")
    shown = capsys.readouterr().out
    assert f"{first.pk}  198.18.4.0/25 (prefix) for Fjellvik: another organisation" in shown
    assert "confirmed: 198.18.4.0/24 (prefix) of Elvdal" in shown
    call_command("resource_confirm", str(second.pk), "Seen at Norid", "--as", "astrid")
    call_command("resource_confirm", str(first.pk), "No", "--refuse", "--as", "astrid")
    states = Resource.unscoped.in_bulk([first.pk, second.pk])
    assert [states[r.pk].state for r in (first, second)] == ["refused", "confirmed"]
    call_command("resource_requests")
    assert "No claim waits." in capsys.readouterr().out


def test_a_claim_that_was_refused_before_says_so_on_its_page(client, cast):
    first = claim(cast.jonas, cast.fjellvik, "prefix", "203.0.113.0/24")
    resource_refuse(actor=cast.astrid, resource=first, ground="Belongs to the region", now=NOON)
    again = claim(cast.jonas, cast.fjellvik, "prefix", "203.0.113.0/24")
    for url in (again.get_absolute_url(), f"/resources/{again.pk}/confirm/"):
        text = client.be(cast.people["astrid"]).get(url).content.decode()
        assert "Refused before" in text
        assert "Belongs to the region" in text


@pytest.mark.parametrize("days", [1, 26_000])
def test_a_fact_is_not_of_a_day_that_has_not_come(cast, days):
    ahead = timezone.localdate() + timedelta(days=days)
    with pytest.raises(RuleViolation, match="today at the latest"):
        claim(cast.jonas, cast.fjellvik, "domain", "ny.fjellvik.example", known_on=ahead)
    kept = claim(cast.jonas, cast.fjellvik, "domain", "ny.fjellvik.example")
    with pytest.raises(RuleViolation, match="today at the latest"):
        resource_change(actor=cast.jonas, resource=kept, known_on=ahead)
