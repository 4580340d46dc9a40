"""Messages for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from samsyn.messages.models import Message
from samsyn.messages.services import Draft, message_enqueue
from tests.cast import NOON, Cast

DRAFT = Draft(
    kind="digest",
    to="drift@fjellvik.example",
    language="nb",
    subject="3 nye funn hos Fjellvik",
    text="Hei,\n\nÆØÅ.\n",
    html="<!doctype html><html><head><title>x</title></head><body><p>ÆØÅ</p></body></html>",
    reply_to="vakt@samvakt.example",
)


def enqueue(cast: Cast, *, dedupe_key: str = "a", **changes: Any) -> Message:
    """Put a message to Fjellvik in the outbox, as Astrid."""
    return message_enqueue(
        actor=cast.astrid,
        organisation=cast.fjellvik,
        operator=cast.samvakt,
        draft=replace(DRAFT, **changes),
        dedupe_key=dedupe_key,
        now=NOON,
    )
