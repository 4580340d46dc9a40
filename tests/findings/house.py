"""What this room gives the laws of the house."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.cast import (
    make_finding,
)
from tests.house.parts import Parts


def findings(cast, n):
    make_finding(cast.fjellvik, subject=f"198.18.0.{n}", port=n + 1)


def later() -> str:
    """Return a day that is still to come."""
    return (timezone.localdate() + timedelta(days=20)).isoformat()


PARTS = Parts(
    made={
        "findings": lambda cast: make_finding(cast.fjellvik),
        "findings:tell-preview": lambda cast: make_finding(cast.fjellvik).organisation,
        "findings:tell-preview-body": lambda cast: make_finding(cast.fjellvik).organisation,
    },
    given={
        "findings:answer": lambda _form: {"answer": "planned", "until": later()},
    },
    filled=(lambda cast: make_finding(cast.fjellvik),),
    lists={
        "/findings/": findings,
        "/findings/?state=unsolved": findings,
    },
    lists_of_all=("/findings/",),
    lists_of_one=("/findings/",),
    unrecorded={
        "findings:tell": "figures of several members together",
        "findings:tell-begin": "a question to the operator; it shows nothing of a member",
    },
)
