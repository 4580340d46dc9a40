"""A range counts before an AS number, and both before names: who loses by that is shown first."""

from __future__ import annotations

import pytest

from samsyn.assets.claim_selectors import meeting_of, rivals_of
from samsyn.assets.constituency import constituency_import
from samsyn.assets.models import Resource
from samsyn.assets.selectors import resource_list
from samsyn.assets.services import resource_claim, resource_confirm
from samsyn.findings.models import Finding
from samsyn.kernel.errors import RuleViolation
from samsyn.monitoring.services import observation_attribute, observation_import
from tests.assets.test_constituency_file import HEADER
from tests.cast import NOON, make_resource
from tests.monitoring.reports import row, write

SEEN = "203.0.113.5"
GROUND = {"ground_kind": "registry", "ground": "RIPE"}


@pytest.fixture
def sector(cast, home, tmp_path):
    """Elvdal has an AS number, and something is seen in it."""
    make_resource(cast.elvdal, "asn", "64510")
    rows = [row(address=SEEN, asn="64510"), row(address="2001:db8:900::5", asn="64510")]
    observation_import(actor=cast.job, operator=cast.samvakt, paths=[write(tmp_path, rows)])
    assert owners() == {cast.elvdal}
    return cast


def owners():
    return {finding.organisation for finding in Finding.unscoped.exclude(state="closed")}


def claim(sector, value, *, kind="prefix", who="astrid"):
    actor = getattr(sector, who)
    return resource_claim(
        actor=actor, organisation=sector.fjellvik, kind=kind, value=value, **GROUND
    )


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("203.0.113.5/32", "requested"),
        ("203.0.113.4/31", "requested"),
        ("203.0.113.0/29", "requested"),
        ("203.0.112.0/23", "requested"),
        ("2001:db8:900::/64", "requested"),
        ("203.0.113.6/31", "confirmed"),  # right beside what is seen
        ("203.0.113.0/30", "confirmed"),
        ("2001:db8:901::/64", "confirmed"),
    ],
)
def test_a_range_of_the_operator_waits_where_an_as_number_has_what_is_seen(sector, value, state):
    made = claim(sector, value)
    assert made.state == state
    if state == "requested":
        assert [r.value for r in rivals_of(actor=sector.astrid, resource=made)] == ["64510"]
        assert [r.value for r in meeting_of(actor=sector.astrid, resource=made).seen] == ["64510"]
    observation_attribute(actor=sector.job, operator=sector.samvakt)
    assert owners() == {sector.elvdal}


def test_confirmed_with_the_rival_in_sight_the_range_counts_and_the_number_stays(sector):
    made = claim(sector, "203.0.113.0/24")
    given = {"ground_kind": "registry", "ground": "RIPE, 2 March", "now": NOON}
    with pytest.raises(RuleViolation):
        resource_confirm(actor=sector.astrid, resource=made, rivals=[], **given)
    rivals = rivals_of(actor=sector.astrid, resource=made)
    resource_confirm(actor=sector.astrid, resource=made, rivals=rivals, **given)
    observation_attribute(actor=sector.job, operator=sector.samvakt)
    assert Finding.unscoped.get(subject=SEEN, organisation=sector.fjellvik).state != "closed"
    assert Resource.unscoped.get(value="64510").withdrawn_on is None
    # What lies inside its own range now takes from itself only.
    assert claim(sector, "203.0.113.0/28", who="jonas").state == "confirmed"


def test_a_constituency_file_makes_a_request_of_it_too(sector):
    file = f"{HEADER}\nFjellvik,NO,nb,,municipality,prefix,203.0.113.0/24,,\n"
    seen = constituency_import(actor=sector.astrid, operator=sector.samvakt, content=file.encode())
    assert seen.contested == ["203.0.113.0/24: Fjellvik, Elvdal"]
    assert Resource.unscoped.get(value="203.0.113.0/24").state == "requested"


def test_the_claimant_learns_nothing_of_what_is_seen_at_an_address(sector, client):
    there = claim(sector, "203.0.113.5/32", who="jonas")
    beside = claim(sector, "203.0.113.9/32", who="jonas")
    pages = {}
    for name in ("jonas", "astrid"):
        client.force_login(sector.people[name])
        for made in (there, beside):
            page = client.get(made.get_absolute_url()).content.decode()
            pages[name, made] = "Who else has it" in page, "Seen as another" in page
    assert (there.state, there.reasons) == (beside.state, beside.reasons) == (
        "requested", "unknown",
    )  # fmt: skip
    assert pages["jonas", there] == pages["jonas", beside] == (False, False)
    assert (pages["astrid", there], pages["astrid", beside]) == ((True, True), (False, False))
    met = meeting_of(actor=sector.jonas, resource=there)
    assert (met.seen, met.hidden) == ((), 0)
    rows = resource_list(actor=sector.jonas).filter(pk__in=[there.pk, beside.pk])
    assert {row.is_contested for row in rows} == {False}


@pytest.mark.parametrize(("number", "state"), [("64511", "requested"), ("64509", "confirmed")])
def test_an_as_number_waits_where_a_name_has_what_is_seen(sector, tmp_path, number, state):
    make_resource(sector.elvdal, "domain", "elvdal.example")
    rows = [row(address="203.0.113.99", asn="64511", host="www.elvdal.example")]
    path = write(tmp_path, rows, on="2026-03-03")
    observation_import(actor=sector.job, operator=sector.samvakt, paths=[path])
    made = claim(sector, number, kind="asn")
    assert made.state == state
    if state == "requested":
        rivals = rivals_of(actor=sector.astrid, resource=made)
        assert [r.organisation for r in rivals] == [sector.elvdal]


def test_what_ones_own_number_has_is_ones_own(sector):
    made = resource_claim(
        actor=sector.astrid,
        organisation=sector.elvdal,
        kind="prefix",
        value="203.0.113.0/24",
        **GROUND,
    )
    assert made.state == "confirmed"
