"""What this room gives the laws of the house."""

from __future__ import annotations

from itertools import count

from samsyn.access.models import Membership, RoleOffer
from samsyn.access.permissions import Role
from samsyn.access.services import membership_grant, token_create
from tests.cast import (
    make_person,
)
from tests.house.parts import Parts, in_fjellvik, none

number = count(1)


def one_more_role(cast):
    membership_grant(
        actor=cast.ingvild, organisation=cast.fjellvik, email=f"n{next(number)}@fjellvik.example",
        name="New Person", role="employee",
    )  # fmt: skip


def one_more_token(cast):
    token_create(actor=cast.jonas, person=cast.people["jonas"], name="script")


def role_elsewhere(cast):
    there = make_person(f"n{next(number)}", cast.utmark, Role.EMPLOYEE)
    membership_grant(
        actor=cast.ingvild, organisation=cast.fjellvik, email=there.email, name="New Person",
        role="employee",
    )  # fmt: skip


PARTS = Parts(
    limits={
        "memberships": (in_fjellvik(Membership), one_more_role),
        "role_offers": (in_fjellvik(RoleOffer), role_elsewhere),
        "tokens": (none, one_more_token),
    },
)
