"""What this room gives the laws of the house."""

from __future__ import annotations

from itertools import count

from django.test import RequestFactory

from samsyn.api.once import Once
from tests.house.parts import Parts, none

number = count(1)


def send_once(cast):
    request = RequestFactory().post("/api/x", headers={"Idempotency-Key": f"k{next(number)}"})
    request.token_id = 1
    with Once(request, cast.jonas, cast.people["jonas"].pk) as once:
        once.begin()


PARTS = Parts(limits={"kept_answers": (none, send_once)})
