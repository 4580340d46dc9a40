"""A claim is a request until the operator confirms it; nobody loses anything by a request."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command

from samsyn.access.models import Membership
from samsyn.access.permissions import MEMBER_GRANTS, OWN_GRANTS, Permission, Role
from samsyn.access.selectors import actor_of
from samsyn.assets.claim_selectors import meeting_of, request_list, rivals_of
from samsyn.assets.models import Resource
from samsyn.assets.selectors import claims, resource_counts
from samsyn.assets.services import (
    constituency_import,
    resource_change,
    resource_claim,
    resource_confirm,
    resource_refuse,
    resource_withdraw,
)
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import Agreement, Assignment
from samsyn.organisations.services import organisation_arrange
from tests.assets.test_constituency_file import HEADER
from tests.cast import NOON, TODAY, make_organisation, make_person, make_resource

CONFIRMERS = {Role.ANALYST, Role.ADMINISTRATOR}


def claim(actor, organisation, kind, value, **details):
    return resource_claim(actor=actor, organisation=organisation, kind=kind, value=value, **details)


def confirm(actor, resource, **details):
    rivals = rivals_of(actor=actor, resource=resource)
    given = {"ground_kind": "registry", "ground": "RIPE, 2 March", "now": NOON} | details
    return resource_confirm(actor=actor, resource=resource, rivals=rivals, **given)


def of(organisation, value):
    return Resource.everything.get(organisation=organisation, value=value, kind="prefix")


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
    made = claim(actor, cast.elvdal, "domain", "elvdal.example", source="registry", note="Norid")
    assert (made.state, made.ground_kind, made.ground) == ("confirmed", "registry", "Norid")
    assert made.decided_by == actor.label
    assert claim(actor, cast.elvdal, "prefix", "198.18.0.0/25").state == "requested"


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


def test_refusing_ends_the_request_and_tells_why(cast):
    made = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.4.0/24")
    resource_refuse(actor=cast.astrid, resource=made, ground="It is Elvdal's", now=NOON)
    assert (made.state, made.withdrawn_on, made.ground) == ("refused", TODAY, "It is Elvdal's")
    assert of(cast.elvdal, "198.18.4.0/24").state == "confirmed"
    assert claim(cast.jonas, cast.fjellvik, "prefix", "198.18.4.0/24").state == "requested"


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


def other_operator(cast):
    """Make a second security centre that serves Utmark, with an analyst."""
    nordvakt = make_organisation("Nordvakt", kind="operator")
    petra = make_person("petra", nordvakt, Role.ANALYST)
    Assignment.everything.create(organisation=nordvakt, person=petra, service="csirt")
    Agreement.everything.create(
        organisation=cast.utmark, operator=nordvakt, service="csirt", valid_from=date(2025, 1, 1)
    )
    return actor_of(petra)


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


def two_roles(cast):
    """Let Jonas be a technician of Elvdal too: he may change the resources of both."""
    Membership.everything.create(
        person=cast.people["jonas"], organisation=cast.elvdal, role=Role.TECHNICIAN
    )
    return actor_of(cast.people["jonas"])


def test_another_host_waits_for_the_operator_and_opens_nothing_before(cast):
    jonas = two_roles(cast)
    ours = of(cast.fjellvik, "198.18.0.0/24")
    resource_change(actor=jonas, resource=ours, operated_by=cast.elvdal)
    assert (ours.operated_by, ours.host_asked, ours.state) == (None, cast.elvdal, "confirmed")
    assert list(request_list(actor=cast.astrid)) == [ours]
    confirm(cast.astrid, ours)
    ours.refresh_from_db()
    assert (ours.operated_by, ours.host_asked) == (cast.elvdal, None)


def test_a_refused_host_leaves_the_claim(cast):
    ours = of(cast.fjellvik, "198.18.0.0/24")
    resource_change(actor=two_roles(cast), resource=ours, operated_by=cast.elvdal)
    resource_refuse(actor=cast.astrid, resource=ours, ground="No contract", now=NOON)
    assert (ours.operated_by, ours.host_asked, ours.state) == (None, None, "confirmed")


def test_a_host_within_the_legal_entity_is_the_owners_choice(cast):
    ours = of(cast.fjellvik, "198.18.0.0/24")
    resource_change(actor=cast.jonas, resource=ours, operated_by=cast.school)
    assert ours.operated_by == cast.school


def test_an_owner_ends_what_another_runs_for_it(cast):
    theirs = of(cast.elvdal, "198.18.5.0/24")
    resource_change(actor=cast.sigrid, resource=theirs, operated_by=None)
    assert theirs.operated_by is None


def test_nobody_names_a_host_that_they_have_no_right_at(cast):
    with pytest.raises(NotAllowed):
        claim(cast.jonas, cast.fjellvik, "domain", "a.fjellvik.example", operated_by=cast.elvdal)


def test_a_forged_host_is_refused_at_the_form_and_at_the_api(cast, client):
    client.force_login(cast.people["jonas"])
    given = {
        "organisation": cast.fjellvik.pk,
        "kind": "domain",
        "value": "a.fjellvik.example",
        "source": "member",
        "known_on": "2026-03-02",
        "operated_by": cast.elvdal.pk,
    }
    assert client.post("/resources/new/", given).status_code == 422
    assert not Resource.everything.filter(value="a.fjellvik.example").exists()


def test_requests_are_no_resources_yet(cast):
    before = resource_counts(actor=cast.jonas, organisation=cast.fjellvik.pk)["domain"]
    claim(cast.jonas, cast.fjellvik, "domain", "havnes.example")
    assert resource_counts(actor=cast.jonas, organisation=cast.fjellvik.pk)["domain"] == before


def imported(actor, operator, *rows):
    content = "\n".join([f"{HEADER},operated_by", *rows, ""]).encode()
    return constituency_import(actor=actor, operator=operator, content=content)


def test_an_import_confirms_what_nobody_else_has_and_asks_about_the_rest(cast):
    seen = imported(
        cast.henrik,
        cast.samvakt,
        "Havnes,NO,nb,,municipality,prefix,203.0.113.0/24,,,",
        "Havnes,,,,,prefix,198.18.0.0/25,,,",
        "Tindvik,NO,nb,,municipality,prefix,203.0.113.0/25,,,",
    )
    made = Resource.everything.filter(source="import").order_by("pk")
    assert [(r.value, r.state, r.ground_kind) for r in made] == [
        ("203.0.113.0/24", "confirmed", "import"),
        ("198.18.0.0/25", "requested", ""),
        ("203.0.113.0/25", "requested", ""),
    ]
    assert seen.contested == [
        "198.18.0.0/25: Havnes, Fjellvik",
        "203.0.113.0/25: Tindvik, Havnes",
    ]


def test_an_import_changes_no_resources_of_who_is_not_served(cast):
    petra = other_operator(cast)
    make_person_of = Membership.everything.create  # an employee at Fjellvik sees it, no more
    make_person_of(person_id=petra.person_id, organisation=cast.fjellvik, role=Role.EMPLOYEE)
    petra = actor_of(Membership.everything.filter(person_id=petra.person_id).first().person)
    nordvakt = Agreement.everything.get(organisation=cast.utmark).operator
    with pytest.raises(RuleViolation, match="you may not change the resources of Fjellvik"):
        imported(petra, nordvakt, "Fjellvik,,,,,prefix,203.0.113.0/24,,,")
    with pytest.raises(RuleViolation, match="you may not change the resources of Fjellvik"):
        imported(petra, nordvakt, "Utmark,,,,,prefix,203.0.113.0/24,,,Fjellvik")
    assert imported(petra, nordvakt, "Utmark,,,,,prefix,203.0.113.0/24,,,").resources_new


def test_the_console_lists_confirms_and_refuses(cast, capsys):
    first = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.4.0/25")
    second = claim(cast.jonas, cast.fjellvik, "domain", "havnes.example")
    call_command("resource_requests", "--as", "astrid@samvakt.example")
    shown = capsys.readouterr().out
    assert f"{first.pk}  198.18.4.0/25 (prefix) for Fjellvik: another organisation" in shown
    assert "confirmed: 198.18.4.0/24 (prefix) of Elvdal" in shown
    call_command("resource_confirm", str(second.pk), "Seen at Norid", "--as", "astrid")
    call_command("resource_confirm", str(first.pk), "No", "--refuse", "--as", "astrid")
    states = Resource.everything.in_bulk([first.pk, second.pk])
    assert [states[r.pk].state for r in (first, second)] == ["refused", "confirmed"]
    call_command("resource_requests")
    assert "No claim waits." in capsys.readouterr().out


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
