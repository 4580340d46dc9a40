"""Who assigns whom to which members, and what ends with it."""

from __future__ import annotations

import pytest

from samsyn.access.permissions import Permission, Role
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import Agreement, Assignment
from samsyn.organisations.serving import (
    assignment_end,
    assignment_give,
)
from tests.cast import make_person
from tests.organisations.boundary import (
    TODAY,
    reached,
    second_operator,
)


def assign(cast, actor, name, **fields):
    given = {"operator": cast.samvakt, "person": cast.people[name]} | fields
    return assignment_give(actor=actor, **given)


@pytest.mark.parametrize("name", ["astrid", "ragna", "ingvild", "liv"])
def test_only_an_administrator_assigns(cast, name):
    with pytest.raises(NotAllowed):
        assign(cast, getattr(cast, name), "albin")


def test_nobody_assigns_themselves(cast):
    with pytest.raises(RuleViolation, match="themselves"):
        assign(cast, cast.henrik, "henrik", service="ciso")


def test_who_is_assigned_works_for_the_operator(cast):
    with pytest.raises(RuleViolation, match="does not work"):
        assign(cast, cast.henrik, "jonas")


def test_nobody_assigns_to_more_than_they_are_assigned_to(cast):
    assert assign(cast, cast.henrik, "albin")
    with pytest.raises(NotAllowed):
        assign(cast, cast.henrik, "albin", service="ciso")
    cast.people["hanna"] = make_person("hanna", cast.samvakt, Role.ADMINISTRATOR)
    agreement = Agreement.unscoped.get(organisation=cast.fjellvik)
    cast.people["alva"] = make_person("alva", cast.samvakt, Role.ANALYST)
    with pytest.raises(NotAllowed):
        assign(cast, cast.hanna, "alva", agreement=agreement)
    assert assign(cast, cast.henrik, "alva", agreement=agreement)


def test_an_assignment_is_to_an_agreement_of_the_same_operator_and_service(cast):
    _nordvakt, sjovik = second_operator(cast)
    theirs = Agreement.unscoped.get(organisation=sjovik)
    with pytest.raises(NotAllowed):
        assign(cast, cast.henrik, "albin", agreement=theirs)
    mine = Agreement.unscoped.get(organisation=cast.fjellvik)
    with pytest.raises(RuleViolation, match="this service"):
        assign(cast, cast.henrik, "albin", agreement=mine, service="ciso")
    with pytest.raises(NotAllowed):
        assign(cast, cast.nils, "nora", operator=cast.samvakt)


def test_an_assignment_that_ends_closes_what_it_opened(cast):
    given = Assignment.unscoped.get(person=cast.people["astrid"])
    assignment_end(actor=cast.henrik, assignment=given, on=TODAY)
    assert reached(cast.astrid, Permission.FINDINGS_VIEW) == {"Samvakt"}
    with pytest.raises(RuleViolation, match="already ended"):
        assignment_end(actor=cast.henrik, assignment=given, on=TODAY)


def test_an_assignment_of_another_operator_opens_nothing(cast):
    """A row that names one operator's agreement under another operator counts for nothing."""
    _nordvakt, sjovik = second_operator(cast)
    Assignment.unscoped.create(
        organisation=cast.samvakt,
        person=cast.people["albin"],
        service="csirt",
        agreement=Agreement.unscoped.get(organisation=sjovik),
    )
    assert reached(cast.albin, Permission.FINDINGS_VIEW) == {"Samvakt"}
