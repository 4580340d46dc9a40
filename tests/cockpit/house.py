"""What this room gives the laws of the house."""

from __future__ import annotations

from samsyn.audit.services import record
from tests.cast import (
    make_finding,
)
from tests.house.parts import Parts


def entries(cast, n):
    record(
        actor=f"Person {n} <p{n}@x.example>",
        person_id=None,
        action="assets.resource_change",
        organisation_id=cast.fjellvik.pk,
        thing=cast.fjellvik,
    )


def findings(cast, n):
    make_finding(cast.fjellvik, subject=f"198.18.0.{n}", port=n + 1)


PARTS = Parts(
    made={
        "cockpit": lambda cast: cast.fjellvik,
    },
    lists={
        "/change-log/": entries,
        "/desk/": findings,
        "/members/": findings,
    },
    own_lists=("/change-log/",),
    unrecorded={
        "cockpit:home": "figures of several members together",
        "cockpit:desk": "figures of several members together",
        "cockpit:jobs": "the installation's own",
    },
)
