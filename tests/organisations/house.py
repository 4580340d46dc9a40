"""What this room gives the laws of the house."""

from __future__ import annotations

from datetime import date
from itertools import count

from samsyn.access.models import Membership
from samsyn.access.services import membership_grant
from samsyn.contacts.services import contact_add
from samsyn.organisations.models import Agreement, Assignment, Contact
from samsyn.organisations.serving import agreement_sign
from tests.cast import (
    make_organisation,
)
from tests.house.parts import FORMS, Parts, in_fjellvik

number = count(1)


def assignment(cast):
    return Assignment.unscoped.get(person=cast.people["astrid"])


def membership(cast):

    return Membership.unscoped.get(person=cast.people["jonas"])


def offer(cast):
    found, _is_new = Agreement.unscoped.get_or_create(
        organisation=cast.fjellvik,
        operator=cast.samvakt,
        service="ciso",
        defaults={"valid_from": "2026-01-01", "accepted_on": None},
    )
    return found


def one_more_agreement(cast):
    year = 2030 + next(number)
    agreement_sign(
        actor=cast.henrik, operator=cast.samvakt, organisation=cast.fjellvik,
        valid_from=date(year, 1, 1), valid_until=date(year, 2, 1),
    )  # fmt: skip


def one_more_contact(cast):
    email = f"vakt{next(number)}@fjellvik.example"
    contact_add(actor=cast.ingvild, organisation=cast.fjellvik, purpose="management", email=email)


def organisations(cast, n):
    make_organisation(f"Unit {n}", kind="unit", parent="Fjellvik")


def role_offer(cast, name, organisation, actor):
    return membership_grant(
        actor=actor, organisation=organisation, email=cast.people[name].email,
        name="Typed Name", role="employee",
    )  # fmt: skip


def role_offered(cast):
    return role_offer(cast, "sigrid", cast.fjellvik, cast.ingvild)


PARTS = Parts(
    filled=(role_offered,),
    api={
        "agreements": "organisations:agreement-accept",
        "roles": "organisations:membership-end",
        "role-offers": "organisations:role-take-back",
    },
    made={
        "organisations": lambda cast: cast.fjellvik,
        "organisations:contact-remove": lambda cast: Contact.unscoped.get(
            organisation=cast.fjellvik
        ),
        "organisations:membership-end": membership,
        "organisations:agreement-accept": offer,
        "organisations:agreement-withdraw": offer,
        "organisations:agreement-end": offer,
        "organisations:offer-take-back": offer,
        "organisations:assignment-add": lambda cast: cast.samvakt,
        "organisations:assignment-end": assignment,
        "assignments": assignment,
        "organisations:role-take-back": lambda cast: role_offer(
            cast, "albin", cast.fjellvik, cast.ingvild
        ),
    },
    bodies={
        "/api/agreements": {"service": "ciso"},
        "/api/assignments": {"service": "csirt", "person_id": 1},
        "/api/organisations": {"name": "x", "kind": "municipality"},
        "/api/organisations/{pk}/arrange": {"kind": "municipality"},
        "/api/roles": {"email": "x@x.example", "name": "X", "role": "employee"},
    },
    given={
        "organisations:agreement-add": lambda _form: {"service": "ciso"},
    },
    lists={
        "/organisations/": organisations,
    },
    lists_of_all=("/organisations/",),
    unrecorded={
        "organisations:create": FORMS,
    },
    limits={
        "contacts": (in_fjellvik(Contact), one_more_contact),
        "agreements": (in_fjellvik(Agreement), one_more_agreement),
    },
)
