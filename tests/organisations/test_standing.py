"""Whether a row's person can still act there is answered as reach answers it for the person."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from samsyn.access.models import Membership, Person
from samsyn.access.permissions import (
    OPENINGS,
    Permission,
    Role,
    operator_roles_with,
    roles_with,
)
from samsyn.actions.models import Action
from samsyn.organisations.access_scope import access_scope_of
from samsyn.organisations.models import Agreement, Assignment, Organisation
from samsyn.organisations.standing import may_there
from tests.cast import make_action, make_organisation, make_person
from tests.organisations.boundary import TODAY, second_operator

ONE_DAY = timedelta(days=1)


@pytest.fixture
def rows(cast):
    """One action for everybody in every organisation, as if each of them owned it."""
    nordvakt, _sjovik = second_operator(cast)
    make_organisation("Samvakt lab", kind="unit", parent="Samvakt")
    make_organisation("Samvakt Drift", kind="company", parent="Samvakt")
    make_organisation("Samvakt school", kind="unit", parent="Samvakt")
    make_organisation("Samvakt class", kind="unit", parent="Samvakt school")
    make_person("nanna", nordvakt, Role.ADVISER)
    make_person("ola", Organisation.unscoped.get(name="Fjellvik school"), Role.CISO)
    Agreement.unscoped.create(
        organisation=cast.elvdal, operator=nordvakt, service="ciso", valid_from=TODAY
    )
    Assignment.unscoped.create(
        organisation=nordvakt, person=Person.objects.get(name="Nanna"), service="ciso"
    )
    for person, organisation in product(Person.objects.all(), Organisation.unscoped.all()):
        make_action(organisation, owner_person=person)


def standing(permission):
    found = Action.unscoped.filter(may_there("owner_person", permission))
    return set(found.values_list("owner_person__name", "organisation__name"))


def reaching(permission):
    names = dict(Organisation.unscoped.values_list("pk", "name"))
    return {
        (person.name, names[pk])
        for person in Person.objects.filter(is_active=True)
        for pk in access_scope_of(person.pk).ids.get(permission, ())
    }


def kinds_of_permission():
    """Return one permission for each way in which roles and services give permissions."""
    found = {}
    for one in Permission:
        services = tuple(one in opening.rights for opening in OPENINGS.values())
        found.setdefault((*roles_with(one), *operator_roles_with(one), services), one)
    return found.values()


def agree(organisation, **fields):
    fields = {"service": "csirt", "valid_from": TODAY} | fields
    operator = Organisation.unscoped.get(name="Samvakt")
    organisation = Organisation.unscoped.get(name=organisation)
    Agreement.unscoped.create(organisation=organisation, operator=operator, **fields)


def of_fjellvik(**fields):
    Agreement.unscoped.filter(organisation__name="Fjellvik").update(**fields)


def of_astrid(model, **fields):
    model.unscoped.filter(person__name="Astrid").update(**fields)


def assign_by_itself(name):
    agreement = Agreement.unscoped.get(organisation__name="Fjellvik")
    Assignment.unscoped.create(
        organisation=agreement.operator,
        person=Person.objects.get(name=name),
        service="csirt",
        agreement=agreement,
    )


CHANGES = {
    "nothing": lambda today: None,
    "an agreement that begins tomorrow": lambda today: of_fjellvik(valid_from=today + ONE_DAY),
    "an agreement that begins today": lambda today: of_fjellvik(valid_from=today),
    "an agreement that ends today": lambda today: of_fjellvik(valid_until=today),
    "an agreement that ended yesterday": lambda today: of_fjellvik(valid_until=today - ONE_DAY),
    "an agreement that is only offered": lambda today: of_fjellvik(accepted_on=None),
    "an agreement on a virtual CISO": lambda today: of_fjellvik(service="ciso"),
    "an assignment that ended today": lambda today: of_astrid(Assignment, ended_on=today),
    "an assignment to another service": lambda today: of_astrid(Assignment, service="ciso"),
    "an assignment to one agreement": lambda today: assign_by_itself("Albin"),
    "a role that ended today": lambda today: of_astrid(Membership, ended_on=today),
    "an account that is closed": lambda today: Person.objects.filter(name="Astrid").update(
        is_active=False
    ),
    "a unit of the operator that is a member": lambda today: agree("Samvakt school"),
    "a unit of the operator that was one": lambda today: agree("Samvakt school", valid_until=TODAY),
    "a unit of the operator with only an offer": lambda today: agree(
        "Samvakt school", accepted_on=None
    ),
    "a company of the operator that is a member": lambda today: agree("Samvakt Drift"),
    "an operator that is a member of another": lambda today: agree("Nordvakt"),
    "an operator's role at a member": lambda today: of_astrid(
        Membership, organisation=Organisation.unscoped.get(name="Elvdal")
    ),
    "an operator's role at a unit of the operator": lambda today: of_astrid(
        Membership, organisation=Organisation.unscoped.get(name="Samvakt school")
    ),
    "an assignment at another operator": lambda today: of_astrid(
        Assignment, organisation=Organisation.unscoped.get(name="Nordvakt")
    ),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_row_says_of_its_person_what_reach_says(rows, change):
    CHANGES[change](timezone.localdate())
    for permission in kinds_of_permission():
        assert standing(permission) == reaching(permission), permission
