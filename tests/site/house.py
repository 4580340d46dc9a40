"""What this room gives the laws of the house."""

from __future__ import annotations

from samsyn.access.models import Membership
from samsyn.access.services import membership_grant, token_create
from tests.house.parts import Parts


def membership(cast):

    return Membership.unscoped.get(person=cast.people["jonas"])


def role_offer(cast, name, organisation, actor):
    return membership_grant(
        actor=actor, organisation=organisation, email=cast.people[name].email,
        name="Typed Name", role="employee",
    )  # fmt: skip


def token(cast):
    return token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="test")


PARTS = Parts(
    given={"site:me": lambda _form: {"only": []}},
    made={
        "site:token-end": token,
        "site:role-end": membership,
        "site:role-accept": lambda cast: role_offer(cast, "jonas", cast.elvdal, cast.sigrid),
        "site:role-decline": lambda cast: role_offer(cast, "jonas", cast.elvdal, cast.sigrid),
    },
    unrecorded={
        "site:health": "the installation's own",
        "site:me": "one's own",
    },
)
