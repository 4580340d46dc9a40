"""What the tests of claims do: claim, confirm, look a claim up."""

from __future__ import annotations

from datetime import date

from samsyn.access.permissions import Role
from samsyn.access.selectors import actor_of
from samsyn.assets.claim_selectors import rivals_of
from samsyn.assets.models import Resource
from samsyn.assets.services import (
    resource_claim,
    resource_confirm,
)
from samsyn.organisations.models import Agreement, Assignment
from tests.cast import NOON, make_organisation, make_person


def claim(actor, organisation, kind, value, **details):
    """Claim something; where another has it too, that is because it is a part of theirs."""
    given = {"overlap": "part_of"} | details
    return resource_claim(actor=actor, organisation=organisation, kind=kind, value=value, **given)


def confirm(actor, resource, **details):
    rivals = rivals_of(actor=actor, resource=resource)
    given = {"ground_kind": "registry", "ground": "RIPE, 2 March", "now": NOON} | details
    return resource_confirm(actor=actor, resource=resource, rivals=rivals, **given)


def of(organisation, value):
    return Resource.unscoped.get(organisation=organisation, value=value, kind="prefix")


def other_operator(cast):
    """Make a second security centre that serves Utmark, with an analyst."""
    nordvakt = make_organisation("Nordvakt", kind="operator")
    petra = make_person("petra", nordvakt, Role.ANALYST)
    Assignment.unscoped.create(organisation=nordvakt, person=petra, service="csirt")
    Agreement.unscoped.create(
        organisation=cast.utmark, operator=nordvakt, service="csirt", valid_from=date(2025, 1, 1)
    )
    return actor_of(petra)
