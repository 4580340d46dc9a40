"""What this room gives the laws of the house."""

from __future__ import annotations

from samsyn.organisations.models import Contact
from tests.house.parts import FORMS, Parts, csv


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
    queries={"contacts:several": lambda cast: f"?chosen={contact(cast).pk}"},
    given={
        "contacts:import": lambda _form: {"file": csv("purpose;email\n24-7;vakt@x.example\n")},
        "contacts:several": lambda _form: {"language": "nb"},
    },
    lists={"/contacts/": contacts},
    lists_of_all=("/contacts/",),
    lists_of_one=("/contacts/",),
    unrecorded={
        "contacts:import": FORMS,
        "contacts:several": "leads to the list where no row has been chosen",
    },
)
