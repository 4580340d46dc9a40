"""Messages for tests."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from samsyn.messages.models import Message, new_key
from samsyn.messages.services import Draft, message_enqueue
from samsyn.organisations.models import Organisation
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


def enqueue_many(cast: Cast, count: int) -> None:
    """Put many messages in the outbox at once, past the gate, which would take its time."""
    Message.unscoped.bulk_create(
        Message(
            organisation=cast.fjellvik,
            operator=cast.samvakt,
            dedupe_key=f"many {number}",
            next_try_at=NOON,
            created_at=NOON,
            **asdict(DRAFT),
        )
        for number in range(count)
    )


def make_message(*, organisation: Organisation, operator: Organisation, **fields: Any) -> Message:
    """Make a message that was kept in the outbox."""
    values = asdict(DRAFT) | {"dedupe_key": new_key(), "state": "kept", "created_at": NOON}
    return Message.unscoped.create(
        organisation=organisation, operator=operator, **(values | fields)
    )
