"""Two operators in one installation are strangers, also in what machines send."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from samsyn.access.permissions import Role
from samsyn.access.selectors import actor_of
from samsyn.findings.models import Finding
from samsyn.jobs.registry import run_now
from samsyn.kernel.errors import NotFound
from samsyn.monitoring.models import Batch
from samsyn.monitoring.selectors import ObservationFilter, observation_list, unattributed
from samsyn.monitoring.services import observation_attribute, observation_import
from samsyn.organisations.models import Agreement, Assignment
from samsyn.organisations.selectors import operator_require
from tests.cast import make_organisation, make_person, make_resource
from tests.monitoring.reports import row, write

DAY = date(2026, 3, 2)


@pytest.fixture
def two(cast, home):
    """The cast, and Nordvakt with an analyst and a member of its own."""
    cast.nordvakt = make_organisation("Nordvakt", kind="operator")
    cast.sjovik = make_organisation("Sjovik")
    cast.people["nora"] = make_person("nora", cast.nordvakt, Role.ANALYST)
    Assignment.unscoped.create(
        organisation=cast.nordvakt, person=cast.people["nora"], service="csirt"
    )
    Agreement.unscoped.create(
        organisation=cast.sjovik, operator=cast.nordvakt, service="csirt", valid_from=DAY
    )
    make_resource(cast.sjovik, "prefix", "198.18.9.0/24")
    return cast


def report(folder, addresses, *, on):
    stamp = f"{on} 04:00:00"
    rows = [row(address=address, port="3389", timestamp=stamp) for address in addresses]
    return write(folder, rows, on=str(on))


def take(cast, who, operator, path):
    return observation_import(actor=actor_of(cast.people[who]), operator=operator, paths=[path])


def addresses(actor, **wanted):
    rows = observation_list(actor=actor, wanted=ObservationFilter(**wanted), with_raw=False)
    return {row["source_ip"] for row in rows}


def test_each_operator_takes_its_own_copy_of_the_same_report(two, tmp_path):
    path = report(tmp_path, ["198.18.0.7", "198.18.9.7"], on=DAY)
    mine = take(two, "astrid", two.samvakt, path)
    theirs = take(two, "nora", two.nordvakt, path)
    assert (mine["observations"], theirs["observations"]) == (2, 2)
    assert take(two, "nora", two.nordvakt, path)["observations"] == 0
    assert Batch.unscoped.filter(state="folded").count() == 2


def test_a_report_is_attributed_to_the_members_of_who_received_it(two, tmp_path):
    path = report(tmp_path, ["198.18.0.7", "198.18.9.7"], on=DAY)
    take(two, "astrid", two.samvakt, path)
    assert set(Finding.unscoped.values_list("subject", flat=True)) == {"198.18.0.7"}
    take(two, "nora", two.nordvakt, path)
    assert set(Finding.unscoped.values_list("subject", flat=True)) == {"198.18.0.7", "198.18.9.7"}


def test_what_belongs_to_nobody_is_seen_by_who_received_it(two, tmp_path):
    take(two, "astrid", two.samvakt, report(tmp_path, ["198.18.0.7", "203.0.113.5"], on=DAY))
    nora, astrid = actor_of(two.people["nora"]), two.astrid
    assert addresses(astrid) == {"198.18.0.7", "203.0.113.5"}
    assert addresses(astrid, only_unattributed=True) == {"203.0.113.5"}
    assert addresses(nora) == addresses(nora, only_unattributed=True) == set()
    assert not unattributed(actor=nora, since=DAY, until=DAY)
    assert sum(c.observations for c in unattributed(actor=astrid, since=DAY, until=DAY)) == 1


def test_an_analyst_without_an_assignment_does_not_see_a_members_rows_as_nobodys(two, tmp_path):
    take(two, "astrid", two.samvakt, report(tmp_path, ["198.18.0.7", "203.0.113.5"], on=DAY))
    assert addresses(two.albin) == {"203.0.113.5"}
    assert addresses(two.albin, address="198.18.0.7") == set()


def test_a_member_sees_its_own_and_nothing_of_nobodys(two, tmp_path):
    take(two, "astrid", two.samvakt, report(tmp_path, ["198.18.0.7", "203.0.113.5"], on=DAY))
    assert addresses(two.ingvild) == {"198.18.0.7"}


def test_the_reports_of_one_are_no_evidence_of_absence_for_the_other(two, tmp_path):
    take(two, "astrid", two.samvakt, report(tmp_path, ["198.18.0.7"], on=DAY))
    for day in range(3, 12):
        path = report(tmp_path, ["198.18.9.7"], on=date(2026, 3, day))
        take(two, "nora", two.nordvakt, path)
    assert Finding.unscoped.get(subject="198.18.0.7").state == "open"


def test_attributing_anew_touches_the_operators_own_reports_only(two, tmp_path):
    path = report(tmp_path, ["198.18.0.7", "203.0.113.5"], on=DAY)
    take(two, "astrid", two.samvakt, path)
    make_resource(two.sjovik, "prefix", "203.0.113.0/24")
    observation_attribute(actor=actor_of(two.people["nora"]), operator=two.nordvakt)
    run_now("observation_attribute", actor=two.job)
    assert set(Finding.unscoped.values_list("subject", flat=True)) == {"198.18.0.7"}


def test_each_has_a_watched_folder_of_its_own(two, home, tmp_path):
    path = report(tmp_path, ["198.18.9.7"], on=DAY)
    place = home / "inbox" / str(two.nordvakt.pk)
    place.mkdir()
    kept = place / path.name
    kept.write_bytes(path.read_bytes())
    import os

    os.utime(kept, (0, 0))
    said = run_now("inbox_collect", actor=two.job)
    assert said[str(two.nordvakt.pk)]["observations"] == 1
    assert Finding.unscoped.get().organisation == two.sjovik


def test_the_console_says_for_which_of_several_it_works(two):
    with pytest.raises(NotFound, match="--as"):
        operator_require(actor=two.job)
    assert operator_require(actor=actor_of(two.people["nora"])) == two.nordvakt


ENDS = {"ended yesterday": (-1, False), "ends today": (0, True), "ends tomorrow": (1, True)}


def end(cast, days):
    """Let Fjellvik's agreements with Samvakt end so many days from today."""
    Agreement.unscoped.filter(organisation=cast.fjellvik).update(
        valid_until=timezone.localdate() + timedelta(days=days)
    )


@pytest.mark.parametrize("when", ENDS)
def test_after_the_last_day_the_former_operator_reads_nothing_and_nobodys_neither(
    two, tmp_path, when
):
    days, reads = ENDS[when]
    take(two, "astrid", two.samvakt, report(tmp_path, ["198.18.0.7"], on=DAY))
    end(two, days)
    take(two, "astrid", two.samvakt, report(tmp_path, ["198.18.0.8"], on=date(2026, 3, 3)))
    observation_attribute(actor=two.job, operator=two.samvakt)
    astrid, both = actor_of(two.people["astrid"]), {"198.18.0.7", "198.18.0.8"}
    assert addresses(astrid) == (both if reads else set())
    assert addresses(astrid, only_unattributed=True) == set()
    assert addresses(two.jonas) == both


@pytest.mark.parametrize("when", ENDS)
def test_an_agreement_that_ends_gives_no_other_operator_the_members_claims(two, tmp_path, when):
    end(two, ENDS[when][0])
    take(two, "nora", two.nordvakt, report(tmp_path, ["198.18.0.7"], on=DAY))
    assert not Finding.unscoped.exists()


@pytest.mark.parametrize(
    ("signed", "serves"),
    [
        ({"days": -1}, True),
        ({"days": 0}, True),
        ({"days": 1}, False),
        ({"days": -1, "accepted_on": None}, False),
    ],
)
def test_the_next_operator_serves_from_the_first_day_and_an_offer_serves_nobody(
    two, tmp_path, signed, serves
):
    begins = timezone.localdate() + timedelta(days=signed.pop("days"))
    Agreement.unscoped.create(
        organisation=two.fjellvik,
        operator=two.nordvakt,
        service="ciso",
        valid_from=begins,
        **signed,
    )
    take(two, "nora", two.nordvakt, report(tmp_path, ["198.18.0.7"], on=DAY))
    assert Finding.unscoped.exists() == serves
    # And what nobody but the offer knows of is not taken from who has served it all along.
    take(two, "astrid", two.samvakt, report(tmp_path, ["198.18.0.9"], on=DAY))
    assert Finding.unscoped.filter(subject="198.18.0.9").exists()


def test_an_offer_takes_nobody_from_the_others(two, tmp_path):
    """Whom nobody has ever served counts for every operator, an offer or not."""
    free = make_organisation("Fritt")
    make_resource(free, "prefix", "203.0.113.0/24")
    Agreement.unscoped.create(
        organisation=free,
        operator=two.nordvakt,
        service="ciso",
        valid_from=DAY,
        accepted_on=None,
    )
    take(two, "astrid", two.samvakt, report(tmp_path, ["203.0.113.5"], on=DAY))
    assert Finding.unscoped.get().organisation == free


@pytest.mark.parametrize(
    ("service", "kind", "serves"),
    [
        ("ciso", "company", False),
        ("ciso", "unit", True),
        ("csirt", "company", True),
    ],
)
def test_an_agreement_serves_below_its_member_as_far_as_its_service_says(
    two, tmp_path, service, kind, serves
):
    """A virtual CISO's reports reach the client's units, not the companies that it owns."""
    below = make_organisation("Nedunder", kind=kind, parent=two.fjellvik)
    make_resource(below, "prefix", "203.0.113.0/24")
    Agreement.unscoped.create(
        organisation=two.fjellvik, operator=two.nordvakt, service=service, valid_from=DAY
    )
    take(two, "nora", two.nordvakt, report(tmp_path, ["203.0.113.5"], on=DAY))
    assert Finding.unscoped.exists() == serves
