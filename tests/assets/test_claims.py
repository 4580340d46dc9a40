"""A claim is a request until the operator confirms it; nobody loses anything by a request."""

from __future__ import annotations

import pytest

from samsyn.access.permissions import Role
from samsyn.access.selectors import actor_of
from samsyn.assets.claim_selectors import meeting_of
from samsyn.assets.selectors import claims, resource_counts
from samsyn.assets.services import (
    resource_change,
    resource_withdraw,
)
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.services import organisation_arrange
from tests.assets.claiming import claim, confirm, of
from tests.cast import TODAY, make_organisation, make_person, make_resource

NORID = {"ground_kind": "registry", "ground": "Norid"}


@pytest.mark.parametrize(
    ("kind", "value", "state", "reasons"),
    [
        ("prefix", "198.18.0.0/25", "confirmed", ""),  # inside its own
        ("prefix", "2001:db8:100:7::/64", "confirmed", ""),
        ("domain", "www.fjellvik.example", "confirmed", ""),
        ("mail_domain", "post.fjellvik.example", "confirmed", ""),
        ("prefix", "198.18.4.0/24", "requested", "overlap"),  # the very same as Elvdal's
        ("prefix", "198.18.4.0/28", "requested", "overlap"),  # inside Elvdal's
        ("prefix", "198.18.4.0/22", "requested", "overlap"),  # around Elvdal's
        ("prefix", "::ffff:198.18.4.0/120", "requested", "overlap"),  # written another way
        ("prefix", "198.18.0.0/16", "requested", "overlap,broad"),
        ("prefix", "203.0.113.0/24", "requested", "unknown"),
        ("prefix", "100.64.0.0/20", "requested", "unknown"),
        ("prefix", "100.64.0.0/19", "requested", "unknown,broad"),
        ("prefix", "2001:db9::/40", "requested", "unknown"),
        ("prefix", "2001:db9::/39", "requested", "unknown,broad"),
        ("prefix", "198.18.0.0/23", "requested", "unknown"),  # more than its own
        ("asn", "64500", "requested", "overlap"),
        ("asn", "64501", "requested", "unknown"),
        ("domain", "havnes.example", "requested", "unknown"),
        ("domain", "notfjellvik.example", "requested", "unknown"),
    ],
)
def test_a_members_claim_counts_at_once_only_inside_what_it_has(cast, kind, value, state, reasons):
    made = claim(cast.jonas, cast.fjellvik, kind, value)
    assert (made.state, made.reasons) == (state, reasons)
    counting = {c.resource_id for c in claims(actor=cast.job) if c.is_confirmed}
    assert (made.pk in counting) == (state == "confirmed")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("domain", "fjellvik.example"),
        ("mail_domain", "fjellvik.example"),
        ("mail_domain", "post.fjellvik.example"),
        ("domain", "www.fjellvik.example"),
    ],
)
def test_a_name_under_anothers_domain_is_a_request(cast, kind, value):
    made = claim(cast.sigrid, cast.elvdal, kind, value)
    assert (made.state, made.reasons) == ("requested", "overlap")


def test_a_domain_around_anothers_mail_domain_is_a_request(cast):
    make_resource(cast.elvdal, "mail_domain", "post.havnes.example")
    assert claim(cast.jonas, cast.fjellvik, "domain", "havnes.example").reasons == "overlap"


def test_a_host_name_under_its_own_domain_waits_where_its_mail_is_anothers(cast):
    make_resource(cast.elvdal, "mail_domain", "post.fjellvik.example")
    assert claim(cast.jonas, cast.fjellvik, "domain", "mx.post.fjellvik.example").reasons == (
        "overlap"
    )


def test_a_mail_domain_does_not_hold_the_domain(cast):
    make_resource(cast.elvdal, "mail_domain", "elvdal.example")
    assert claim(cast.sigrid, cast.elvdal, "domain", "www.elvdal.example").reasons == "unknown"


def test_what_was_registered_on_a_public_suffix_holds_nothing(cast):
    make_resource(cast.fjellvik, "domain", "kommune.no")
    assert claim(cast.jonas, cast.fjellvik, "domain", "elvdal.kommune.no").reasons == "unknown"


def test_a_carved_out_range_belongs_to_who_has_the_narrower_claim(cast):
    make_resource(cast.elvdal, "prefix", "198.18.0.128/25")
    assert claim(cast.jonas, cast.fjellvik, "prefix", "198.18.0.192/26").reasons == "overlap"
    assert claim(cast.sigrid, cast.elvdal, "prefix", "198.18.0.192/26").state == "confirmed"


def test_anothers_request_does_not_stop_an_owner_inside_its_own(cast):
    make_resource(cast.elvdal, "prefix", "198.18.0.0/25", state="requested")
    assert claim(cast.jonas, cast.fjellvik, "prefix", "198.18.0.0/25").state == "confirmed"


def test_a_unit_may_take_a_part_of_its_parents_range_but_not_all_nor_a_siblings(cast):
    library = make_organisation("Fjellvik library", kind="unit", parent="Fjellvik")
    assert claim(cast.jonas, cast.school, "prefix", "198.18.0.0/25").within is not None
    assert claim(cast.jonas, cast.school, "prefix", "198.18.0.0/24").reasons == "overlap"
    assert claim(cast.jonas, library, "prefix", "198.18.0.0/26").reasons == "overlap"


def test_a_company_below_a_member_is_another(cast):
    kari = actor_of(make_person("kari", cast.vann, Role.TECHNICIAN))
    assert claim(kari, cast.vann, "prefix", "198.18.0.0/25").reasons == "overlap"


@pytest.mark.parametrize("name", ["astrid", "henrik"])
def test_the_operators_own_finding_out_counts_unless_another_has_it(cast, name):
    actor = getattr(cast, name)
    made = claim(actor, cast.elvdal, "domain", "elvdal.example", source="registry", **NORID)
    assert (made.state, made.ground_kind, made.ground) == ("confirmed", "registry", "Norid")
    assert made.decided_by == actor.label
    assert claim(actor, cast.elvdal, "prefix", "198.18.0.0/25", **NORID).state == "requested"


def test_the_operators_people_confirm_nothing_without_a_ground(cast):
    made = claim(cast.astrid, cast.elvdal, "domain", "elvdal.example", note="Norid")
    assert (made.state, made.reasons) == ("requested", "unknown")
    for half in ({"ground": "Norid"}, {"ground_kind": "registry", "ground": " "}):
        with pytest.raises(RuleViolation, match="Say both"):
            claim(cast.astrid, cast.elvdal, "domain", "other.example", **half)


def test_a_members_own_ground_confirms_nothing(cast):
    assert claim(cast.jonas, cast.fjellvik, "domain", "ny.example", **NORID).state == "requested"


@pytest.mark.parametrize("value", ["8.0.0.0/5", "2400::/6", "100.64.0.0/19", "2001:db9::/39"])
def test_a_wide_range_waits_whoever_enters_it(cast, value):
    made = claim(cast.astrid, cast.elvdal, "prefix", value, **NORID)
    assert (made.state, made.reasons) == ("requested", "unknown,broad")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("domain", "skolen.example"),
        ("mail_domain", "skolen.example"),
        ("domain", "www.skolen.example"),
        ("prefix", "203.0.113.0/24"),
        ("prefix", "203.0.113.0/25"),
        ("prefix", "203.0.112.0/23"),
        ("asn", "64505"),
    ],
)
def test_what_another_waits_for_is_confirmed_for_nobody_in_passing(cast, kind, value):
    claim(cast.sigrid, cast.elvdal, "domain", "skolen.example")
    claim(cast.sigrid, cast.elvdal, "prefix", "203.0.113.0/24")
    claim(cast.sigrid, cast.elvdal, "asn", "64505")
    made = claim(cast.astrid, cast.fjellvik, kind, value, **NORID)
    assert (made.state, made.reasons) == ("requested", "overlap")
    met = meeting_of(actor=cast.astrid, resource=made).seen
    assert {r.organisation for r in met} == {cast.elvdal}
    confirm(cast.astrid, made)
    assert made.state == "confirmed"


def test_ones_own_unit_that_waits_stops_nobody(cast):
    claim(cast.ingvild, cast.school, "domain", "skolen.example")
    made = claim(cast.astrid, cast.fjellvik, "domain", "skolen.example", **NORID)
    assert made.state == "confirmed"


def test_what_counted_inside_a_claim_waits_when_that_claim_ends(cast):
    half = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.0.0/25")
    quarter = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.0.0/26")
    resource_withdraw(actor=cast.astrid, resource=of(cast.fjellvik, "198.18.0.0/24"), on=TODAY)
    for each in (half, quarter):
        each.refresh_from_db()
        assert (each.state, each.reasons) == ("requested", "unknown")


def test_what_counted_inside_a_claim_goes_on_inside_a_wider_one(cast):
    make_resource(cast.fjellvik, "prefix", "198.18.0.0/23")
    half = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.0.0/25")
    resource_withdraw(actor=cast.astrid, resource=of(cast.fjellvik, "198.18.0.0/24"), on=TODAY)
    half.refresh_from_db()
    assert (half.state, half.within.value) == ("confirmed", "198.18.0.0/23")


def test_requests_are_no_resources_yet(cast):
    before = resource_counts(actor=cast.jonas, organisation=cast.fjellvik.pk)["domain"]
    claim(cast.jonas, cast.fjellvik, "domain", "havnes.example")
    assert resource_counts(actor=cast.jonas, organisation=cast.fjellvik.pk)["domain"] == before


def test_a_unit_that_moves_takes_nothing_of_its_former_parents_range_along(cast):
    claim(cast.ingvild, cast.school, "prefix", "198.18.0.128/25")
    held = {one.value: one.is_confirmed for one in claims(actor=cast.job)}
    assert held["198.18.0.128/25"]
    organisation_arrange(actor=cast.job, organisation=cast.school, kind="unit", parent=cast.elvdal)
    held = {one.value: one.is_confirmed for one in claims(actor=cast.job)}
    assert not held["198.18.0.128/25"]
    assert held["198.18.0.0/24"]


def test_a_member_says_only_that_it_said_so(cast):
    mine = claim(cast.jonas, cast.fjellvik, "prefix", "203.0.113.0/24", source="registry")
    assert mine.source == "member"
    resource_change(actor=cast.ingvild, resource=mine, source="registry", note="RIPE says so")
    assert (mine.source, mine.note) == ("member", "RIPE says so")
    resource_change(actor=cast.astrid, resource=mine, source="registry")
    assert mine.source == "registry"


def test_the_source_of_what_is_confirmed_stays(cast):
    mine = claim(cast.jonas, cast.fjellvik, "prefix", "203.0.113.0/24")
    confirm(cast.astrid, mine)
    with pytest.raises(RuleViolation, match="the source stays"):
        resource_change(actor=cast.astrid, resource=mine, source="registry")
    resource_change(actor=cast.jonas, resource=mine, source="registry", note="RIPE")
    mine.refresh_from_db()
    assert (mine.source, mine.note) == ("member", "RIPE")


@pytest.mark.parametrize("name", ["jonas", "astrid"])
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("prefix", "198.18.0.0/24"),
        ("domain", "fjellvik.example"),
        ("mail_domain", "fjellvik.example"),
    ],
)
def test_what_one_has_already_is_said_in_one_true_sentence(cast, name, kind, value):
    with pytest.raises(RuleViolation) as refused:
        claim(getattr(cast, name), cast.fjellvik, kind, value, **NORID)
    assert str(refused.value) == "The organisation already has this resource."
