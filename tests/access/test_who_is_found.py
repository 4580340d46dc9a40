"""People, roles, offers and tokens: who finds whom; and the version that a program has read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.test import RequestFactory

from samsyn.access.given import etag_of, seen, unchanged, with_person
from samsyn.access.models import Membership, Person, RoleOffer
from samsyn.access.permissions import Permission, Role
from samsyn.access.selectors import (
    actor_of,
    actor_of_token,
    looks_as,
    membership_list,
    own_memberships,
    person_known,
    person_named,
    role_offers_at,
    role_offers_to,
    staff_of,
    token_list,
    token_named,
)
from samsyn.access.services import token_create, token_revoke
from samsyn.kernel.errors import NotFound, Outdated, RuleViolation
from tests.cast import TODAY, make_person
from tests.organisations.boundary import second_operator


def hold(cast, name, organisation, role, **fields):
    return Membership.unscoped.create(
        person=cast.people[name], organisation=organisation, role=role, **fields
    )


def test_a_person_acts_under_name_and_address_in_their_language(cast):
    cast.people["liv"].language = "sv"
    actor = actor_of(cast.people["liv"], chosen=7)
    assert actor.label == "Liv <liv@fjellvik.example>"
    assert (actor.person_id, actor.language, actor.chosen) == (cast.people["liv"].pk, "sv", 7)
    assert (actor.is_system, actor.only) == (False, None)


@pytest.mark.parametrize("only", [None, ["findings.view"]])
def test_a_token_acts_for_its_person_and_says_so(cast, only):
    Person.objects.filter(pk=cast.people["liv"].pk).update(language="sv")
    made = token_create(actor=cast.liv, person=cast.people["liv"], name="script", only=only)
    actor = actor_of_token(token_named(made.secret))
    assert actor.language == "sv"
    assert actor.label == "Liv <liv@fjellvik.example> (token script)"
    assert (actor.person_id, actor.is_system) == (cast.people["liv"].pk, False)
    assert actor.only == (None if only is None else frozenset({Permission.FINDINGS_VIEW}))


def test_a_token_is_known_by_its_whole_secret_also_when_it_opens_nothing_any_more(cast):
    first = token_create(actor=cast.liv, person=cast.people["liv"], name="a")
    second = token_create(actor=cast.jonas, person=cast.people["jonas"], name="b")
    token_revoke(actor=cast.liv, token=first)
    assert token_named(first.secret).name == "a"
    assert token_named(second.secret).name == "b"
    for wrong in ("", first.secret[:-1], first.digest):
        assert token_named(wrong) is None
    assert [token.name for token in token_list(actor=cast.liv)] == ["a"]
    assert not token_list(actor=cast.job)


def test_who_may_not_sign_in_is_called_by_no_name(cast):
    assert person_named("liv") == cast.people["liv"]
    assert person_known(cast.people["liv"].pk) == cast.people["liv"]
    Person.objects.filter(pk=cast.people["liv"].pk).update(is_active=False)
    with pytest.raises(NotFound, match="Nobody is called liv"):
        person_named("liv")
    assert person_known(cast.people["liv"].pk) is None
    assert person_known(None) is None


# Roles and offers.


def listed(actor, organisation=None):
    pk = organisation.pk if organisation else None
    return {row.person.name for row in membership_list(actor=actor, organisation_id=pk)}


def test_roles_are_seen_by_who_sees_the_people_and_only_those_that_are_held(cast):
    fjellvik = {"Ingvild", "Jonas", "Liv", "Egil", "Revna"}
    assert listed(cast.ingvild) == listed(cast.revna) == fjellvik
    assert listed(cast.henrik, cast.elvdal) == {"Sigrid"}
    assert listed(cast.henrik) >= fjellvik | {"Sigrid", "Astrid"}
    assert listed(cast.ingvild, cast.elvdal) == listed(cast.jonas) == listed(cast.astrid) == set()
    Membership.unscoped.filter(person=cast.people["egil"]).update(ended_on=TODAY)
    assert listed(cast.ingvild) == fjellvik - {"Egil"}


def offer(cast, name, organisation, **fields):
    return RoleOffer.unscoped.create(
        organisation=organisation,
        person=cast.people[name],
        email=cast.people[name].email,
        name=name,
        role=Role.EMPLOYEE,
        offered_by=cast.people["ingvild"],
        **fields,
    )


def test_an_offer_is_seen_by_whom_it_is_for_and_by_who_sees_the_people_until_it_is_answered(cast):
    waits = offer(cast, "sigrid", cast.fjellvik)
    answered = offer(cast, "sigrid", cast.school, answer="declined")
    other = offer(cast, "jonas", cast.elvdal)
    assert list(role_offers_to(actor=cast.sigrid)) == [waits]
    assert not role_offers_to(actor=cast.job)
    assert list(role_offers_at(actor=cast.ingvild)) == [waits]
    assert set(role_offers_at(actor=cast.henrik)) == {waits, other}
    assert list(role_offers_at(actor=cast.henrik, organisation_id=cast.elvdal.pk)) == [other]
    assert not role_offers_at(actor=cast.jonas)
    assert answered.answer == "declined"


def test_ones_own_roles_are_those_held_now_by_the_name_of_the_organisation(cast):
    hold(cast, "jonas", cast.elvdal, Role.OWNER)
    hold(cast, "jonas", cast.utmark, Role.OWNER, ended_on=TODAY)
    mine = own_memberships(cast.people["jonas"].pk)
    assert [m.organisation.name for m in mine] == ["Elvdal", "Fjellvik"]


def test_one_looks_as_the_role_that_one_has_had_the_longest(cast):
    newer = hold(cast, "jonas", cast.elvdal, Role.OWNER)
    older = Membership.unscoped.get(person=cast.people["jonas"], organisation=cast.fjellvik)
    for since, first in ((date(2020, 1, 1), newer), (date(2030, 1, 1), older)):
        Membership.unscoped.filter(pk=newer.pk).update(since=since)
        assert looks_as(own_memberships(cast.people["jonas"].pk), chosen=None) == first


def test_whose_staff_one_decides_on_is_ones_own_operators_and_not_a_members(cast):
    nordvakt, _sjovik = second_operator(cast)
    names = ("astrid", "albin", "henrik", "ragna")
    assert staff_of(cast.henrik) == {cast.people[name].pk for name in names}
    assert staff_of(cast.nils) == {cast.people[name].pk for name in ("nils", "nora")}
    assert staff_of(cast.astrid) == staff_of(cast.ingvild) == frozenset()
    hold(cast, "jonas", cast.elvdal, Role.OWNER)  # from here a role has another id than its person
    make_person("carl", cast.samvakt, Role.CISO)
    cast.people["hedda"] = make_person("hedda", cast.samvakt, Role.ADVISER)
    Membership.unscoped.filter(person=cast.people["albin"]).update(ended_on=TODAY)
    still = {*names, "hedda"} - {"albin"}
    assert staff_of(cast.henrik) == {cast.people[name].pk for name in still}
    assert nordvakt.is_operator


def test_what_is_nobodys_is_not_that_of_the_person_who_came_first(cast):
    """A job and a link have no id: theirs is none, and nobody else's."""
    given = {"email": "first@mail.example", "name": "First"}
    first, _made = Person.objects.get_or_create(pk=1, defaults=given)
    cast.people["first"] = first
    offer(cast, "first", cast.elvdal)
    token_create(actor=actor_of(first), person=first, name="x")
    assert role_offers_to(actor=actor_of(first)).count() == 1
    assert token_list(actor=actor_of(first)).count() == 1
    assert not role_offers_to(actor=cast.job)
    assert not token_list(actor=cast.job)


# What programs send.


@dataclass
class Thing:
    version: int = 3


def request(**headers):
    return RequestFactory().patch("/api/things/1", headers=headers)


@pytest.mark.parametrize(
    ("said", "matches"),
    [
        ("", True),
        ('"3"', True),
        ('W/"3"', True),
        ('"2", "3"', True),
        ("*", True),
        ('"2"', False),
    ],
)
def test_a_thing_is_changed_if_it_is_as_the_program_has_read_it(said, matches):
    thing = Thing()
    asked = request(**{"if-match": said} if said else {})
    assert etag_of(3) == '"3"'
    if matches:
        assert unchanged(asked, thing) is thing
        return
    with pytest.raises(Outdated):
        unchanged(asked, thing)


def test_a_version_without_quotes_is_refused_with_how_to_write_it():
    with pytest.raises(RuleViolation, match='"3"'):
        unchanged(request(**{"if-match": "3"}), Thing())


def test_what_has_no_version_is_matched_by_anything_at_all_alone():
    thing = object()
    assert unchanged(request(), thing) is unchanged(request(**{"if-match": "*"}), thing) is thing
    with pytest.raises(Outdated):
        unchanged(request(**{"if-match": '"None"'}), thing)


def test_the_version_is_read_from_the_body_or_from_the_header_and_one_of_them_is_needed():
    assert seen(request(), Thing(), 2) == 2
    assert seen(request(**{"if-match": '"3"'}), Thing(), None) == 3
    assert seen(request(**{"if-match": '"3"'}), Thing(), 2) == 2
    with pytest.raises(Outdated):
        seen(request(**{"if-match": '"2"'}), Thing(), 3)
    with pytest.raises(RuleViolation) as refused:
        seen(request(), Thing(), None)
    assert refused.value.field == "version"


def test_an_owner_is_named_by_id_and_one_that_is_nobodys_is_passed_on_to_be_refused(cast):
    liv = cast.people["liv"]
    assert with_person({"title": "x"}) == {"title": "x"}
    assert with_person({"owner_person_id": None}) == {"owner_person": None}
    assert with_person({"title": "x", "owner_person_id": liv.pk}) == {
        "title": "x",
        "owner_person": liv,
    }
    unknown = with_person({"owner_person_id": 10**9})["owner_person"]
    assert unknown.pk == 10**9
    assert not Person.objects.filter(pk=unknown.pk).exists()
