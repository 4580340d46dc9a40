"""What this room gives the laws of the house."""

from __future__ import annotations

from itertools import count

from samsyn.assets.models import ClaimState, Resource
from samsyn.assets.services import resource_claim
from tests.cast import (
    Cast,
    make_resource,
)
from tests.house.parts import FORMS, Parts, csv, in_fjellvik

number = count(1)
CONSTITUENCY = (
    "organisation,country,language,parent,kind,resource_type,value,contact_purpose,contact_email\n"
    "Nyby,NO,nb,,municipality,,,,\n"
)


def cast_resource(cast):
    from samsyn.assets.models import Resource

    return Resource.unscoped.filter(organisation=cast.fjellvik, operated_by=None).first()


def claim_elsewhere(cast):
    resource_claim(
        actor=cast.jonas, organisation=cast.fjellvik, kind="domain",
        value=f"n{next(number)}.example",
    )  # fmt: skip


def claim_inside(cast):
    resource_claim(
        actor=cast.jonas, organisation=cast.fjellvik, kind="domain",
        value=f"n{next(number)}.fjellvik.example",
    )  # fmt: skip


def requests(cast, n):
    make_resource(cast.elvdal, "domain", f"d{n}.example", state="requested", reasons="unknown")


def resources(cast, n):
    make_resource(cast.elvdal, "domain", f"d{n}.example")


def waiting(cast: Cast) -> Resource:
    return make_resource(cast.fjellvik, "domain", "new.example", state="requested")


PARTS = Parts(
    made={
        "assets": cast_resource,
    },
    api={
        "resources": "assets",
    },
    given={
        "assets:constituency": lambda _form: {"file": csv(CONSTITUENCY)},
        "assets:create": lambda _form: {"kind": "domain", "value": "new.example"},
        "assets:confirm": lambda _form: {"ground_kind": "registry", "ground": "Norid"},
    },
    ready={
        "assets:confirm": waiting,
        "assets:refuse": waiting,
    },
    filled=(
        lambda cast: make_resource(
            cast.fjellvik, "domain", "asked.example", state="requested", reasons="unknown"
        ),
    ),
    lists={
        "/resources/": resources,
        "/resources/requests/": requests,
    },
    lists_of_all=("/resources/",),
    unrecorded={
        "assets:create": FORMS,
        "assets:constituency": "takes a file",
    },
    limits={
        "resources": (in_fjellvik(Resource), claim_inside),
        "claims_waiting": (in_fjellvik(Resource, state=ClaimState.REQUESTED), claim_elsewhere),
    },
)
