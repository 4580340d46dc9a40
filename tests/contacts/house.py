"""What this room gives the laws of the house."""

from __future__ import annotations

from samsyn.organisations.models import Contact
from tests.house.parts import FORMS, Parts


def contact(cast):
    return Contact.unscoped.get(organisation=cast.fjellvik)


def contacts(cast, n):
    Contact.unscoped.create(
        organisation=cast.fjellvik, purpose="management", email=f"c{n}@fjellvik.example"
    )


PARTS = Parts(
    made={"contacts": contact},
    bodies={
        "/api/contacts": {"purpose": "technical", "email": "x@x.example"},
    },
    lists={"/contacts/": contacts},
    lists_of_all=("/contacts/",),
    lists_of_one=("/contacts/",),
    unrecorded={
        "contacts:import": FORMS,
        "contacts:several": "leads to the list where no row has been chosen",
    },
)
