"""Who serves an organisation, and what none of several operators does alone."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.access.permissions import Permission
from samsyn.access.selectors import actor_of
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Agreement, Lineage
from samsyn.organisations.sharing import (
    answers_offers,
    confirms,
    first_csirt,
    has_two_csirts,
    must_be_its_own,
    must_be_one_side,
    must_have_one_csirt,
    must_not_be_shared,
    must_not_grow_shared,
    operators_serving,
    speaks_for,
)
from tests.organisations.boundary import second_operator

CHANGE = Permission.ORGANISATIONS_CHANGE


def day(number):
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def nordvakt(cast):
    return second_operator(cast)[0]


def agree(nordvakt, organisation, **fields):
    days = {name: day(value) for name, value in fields.items() if isinstance(value, int)}
    given = {"service": "csirt", "valid_from": day(0)} | fields | days
    return Agreement.unscoped.create(organisation=organisation, operator=nordvakt, **given)


@pytest.fixture
def shared(cast, nordvakt):
    """Let Nordvakt be Fjellvik's CSIRT as well."""
    agree(nordvakt, cast.fjellvik)
    return cast


def names(cast, nordvakt, ids):
    known = {cast.samvakt.pk: "Samvakt", nordvakt.pk: "Nordvakt"}
    return {known[pk] for pk in ids}


@pytest.mark.parametrize(
    ("fields", "serves"),
    [
        ({}, True),
        ({"valid_from": 9}, True),  # it has yet to begin, and counts already
        ({"valid_until": 0}, True),
        ({"valid_from": -9, "valid_until": -1}, False),
        ({"accepted_on": None}, False),
    ],
)
def test_who_has_agreed_serves_until_the_last_day_is_over(cast, nordvakt, fields, serves):
    agree(nordvakt, cast.elvdal, **fields)
    found = names(cast, nordvakt, operators_serving(cast.elvdal))
    assert found == {"Samvakt"} | ({"Nordvakt"} if serves else set())
    assert operators_serving(cast.elvdal.pk) == operators_serving(cast.elvdal)
    assert has_two_csirts(cast.elvdal.pk) is serves


def test_who_offers_counts_only_where_offers_are_asked_for(cast, nordvakt):
    agree(nordvakt, cast.elvdal, accepted_on=None)
    assert nordvakt.pk not in operators_serving(cast.elvdal)
    assert nordvakt.pk in operators_serving(cast.elvdal, offered=True)


@pytest.mark.parametrize(
    ("service", "at", "served"),
    [
        ("csirt", "fjellvik", {"fjellvik", "school", "vann"}),
        ("csirt", "school", {"fjellvik", "school"}),  # a part of it is served: so is it in part
        ("csirt", "vann", {"vann"}),
        ("ciso", "fjellvik", {"fjellvik", "school"}),
        ("ciso", "school", {"fjellvik", "school"}),
    ],
)
def test_a_csirt_serves_all_below_and_a_virtual_ciso_the_legal_entity(
    cast, nordvakt, service, at, served
):
    agree(nordvakt, getattr(cast, at), service=service)
    for name in ("fjellvik", "school", "vann", "elvdal"):
        found = operators_serving(getattr(cast, name))
        assert (nordvakt.pk in found) is (name in served), name


def test_one_service_is_asked_about_without_the_other(cast, nordvakt):
    agree(nordvakt, cast.elvdal, service="ciso")
    assert names(cast, nordvakt, operators_serving(cast.elvdal, service="ciso")) == {"Nordvakt"}
    assert names(cast, nordvakt, operators_serving(cast.elvdal, service="csirt")) == {"Samvakt"}
    assert not has_two_csirts(cast.elvdal.pk)


def refused(is_refused, said):
    return pytest.raises(RuleViolation, match=said) if is_refused else nullcontext()


def test_what_two_serve_none_of_them_moves_or_adds_to_but_the_console(shared):
    cast = shared
    for actor, is_refused in ((cast.astrid, True), (cast.nils, True), (cast.job, False)):
        with refused(is_refused, "serves it too"):
            must_not_be_shared(actor, cast.fjellvik, None)
        with refused(is_refused, "Fjellvik too"):
            must_not_grow_shared(actor, cast.fjellvik)
        with refused(is_refused, "must withdraw or narrow"):
            must_have_one_csirt(actor, [cast.elvdal, cast.fjellvik])
    must_not_be_shared(cast.astrid, cast.elvdal, None)
    must_not_grow_shared(cast.astrid, cast.elvdal)
    must_not_grow_shared(cast.astrid, None)
    must_have_one_csirt(cast.astrid, [cast.elvdal])


def test_nor_does_one_operator_move_its_own_below_what_another_serves(cast, nordvakt):
    agree(nordvakt, cast.utmark)
    with pytest.raises(RuleViolation):
        must_not_be_shared(cast.astrid, cast.vann, cast.utmark)
    must_not_be_shared(cast.astrid, cast.vann, cast.elvdal)


@pytest.mark.parametrize(
    ("name", "of", "speaks"),
    [
        ("astrid", "fjellvik", False),
        ("nils", "fjellvik", False),
        ("ingvild", "fjellvik", True),
        ("job", "fjellvik", True),
        ("astrid", "elvdal", True),
    ],
)
def test_what_is_the_organisations_own_neither_of_two_csirts_does_alone(shared, name, of, speaks):
    actor, organisation = getattr(shared, name), getattr(shared, of)
    assert speaks_for(actor, CHANGE, organisation.pk) is speaks
    with refused(not speaks, "Only its own people"):
        must_be_its_own(actor, CHANGE, organisation)


def test_an_offer_is_answered_by_who_may_there_and_does_not_work_for_who_offers(cast):
    offer = agree(cast.samvakt, cast.fjellvik, service="ciso", accepted_on=None)
    assert answers_offers(cast.ingvild, offer)
    assert answers_offers(cast.liv, offer)
    for name in ("jonas", "henrik", "sigrid"):
        assert not answers_offers(getattr(cast, name), offer), name
    Membership.unscoped.create(
        person=cast.people["liv"], organisation=cast.samvakt, role="employee"
    )
    assert not answers_offers(cast.liv, offer)


def test_who_confirms_holds_no_role_of_their_own_where_they_confirm(cast):
    assert confirms(cast.astrid, cast.fjellvik.pk)
    assert confirms(cast.henrik, cast.samvakt.pk)  # the administrator's own right
    for actor, organisation in (
        (cast.astrid, cast.samvakt),
        (cast.ingvild, cast.fjellvik),
        (cast.astrid, cast.utmark),
    ):
        assert not confirms(actor, organisation.pk)
    Membership.unscoped.create(
        person=cast.people["astrid"], organisation=cast.fjellvik, role="employee"
    )
    assert not confirms(actor_of(cast.people["astrid"]), cast.fjellvik.pk)
    with pytest.raises(RuleViolation, match="somebody else has to decide"):
        must_be_one_side(cast.astrid, cast.elvdal, cast.fjellvik)
    must_be_one_side(cast.astrid, cast.elvdal)


def first_of(organisation):
    rows = Lineage.objects.filter(descendant=organisation, ancestor=organisation)
    return rows.annotate(first=first_csirt()).get().first


def test_the_first_of_two_csirts_tells(cast, nordvakt):
    agreed = Agreement.unscoped.get(organisation=cast.fjellvik)
    other = agree(nordvakt, cast.fjellvik)
    for days, first in (((0, -1), nordvakt), ((-1, 0), cast.samvakt), ((0, 0), cast.samvakt)):
        for one, number in zip((agreed, other), days, strict=True):
            Agreement.unscoped.filter(pk=one.pk).update(accepted_on=day(number))
        assert first_of(cast.fjellvik) == first.pk
        assert first_of(cast.vann) == first.pk
    Agreement.unscoped.filter(pk=agreed.pk).update(valid_until=day(-1))
    assert first_of(cast.fjellvik) == nordvakt.pk
    Agreement.unscoped.filter(pk=other.pk).update(service="ciso")
    assert first_of(cast.fjellvik) is None
    assert first_of(cast.elvdal) == cast.samvakt.pk
