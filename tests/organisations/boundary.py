"""What the tests of the boundary between operator and members do, and how they look."""

from __future__ import annotations

from datetime import date

from samsyn.access.permissions import Permission, Role
from samsyn.organisations.models import Agreement, Assignment, Organisation
from samsyn.organisations.services import (
    organisation_arrange,
    organisation_create,
)
from samsyn.organisations.serving import (
    agreement_sign,
)
from tests.cast import make_organisation, make_person

TODAY = date(2026, 3, 2)
OWN_WORK = Permission.ACTIONS_VIEW


def reached(actor, permission):
    ids = actor.organisation_ids(permission)
    assert ids == frozenset(actor.organisations(permission).values_list("pk", flat=True))
    return set(Organisation.unscoped.filter(pk__in=ids).values_list("name", flat=True))


def create(cast, actor, **fields):
    given = {"name": "Nyvik", "kind": "municipality", "country": "NO", "language": "nb"} | fields
    return organisation_create(actor=actor, operator=cast.samvakt, **given)


def arrange(actor, organisation, kind, parent):
    return organisation_arrange(actor=actor, organisation=organisation, kind=kind, parent=parent)


def sign(cast, actor, organisation, **fields):
    given = {"operator": cast.samvakt, "service": "ciso", "valid_from": TODAY} | fields
    return agreement_sign(actor=actor, organisation=organisation, **given)


def second_operator(cast):
    """Add Nordvakt with an administrator, and Sjovik, whom it alone serves."""
    nordvakt = make_organisation("Nordvakt", kind="operator")
    sjovik = make_organisation("Sjovik")
    for name, role in (("nils", Role.ADMINISTRATOR), ("nora", Role.ANALYST)):
        cast.people[name] = make_person(name, nordvakt, role)
        Assignment.unscoped.create(organisation=nordvakt, person=cast.people[name], service="csirt")
    Agreement.unscoped.create(
        organisation=sjovik, operator=nordvakt, service="csirt", valid_from=TODAY
    )
    return nordvakt, sjovik
