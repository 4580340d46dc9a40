from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.access.scoping import beyond
from samsyn.kernel.errors import Conflict, RuleViolation
from samsyn.messages.models import LETTERS, Message, MessageState, Problem, new_key
from samsyn.messages.rules import clean_line
from samsyn.messages.sealing import seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a room has written: to whom, in which language, as text and as a page."""

    kind: str
    to: str
    language: str
    subject: str
    text: str
    html: str = ""
    reply_to: str = ""
    file_name: str = ""  # a CSV that goes with it
    file_text: str = ""


@command(Permission.MESSAGES_SEND)
def message_enqueue(
    *,
    actor: Actor,
    organisation: Any,
    operator: Any,
    draft: Draft,
    dedupe_key: str,
    about: dict[str, Any] | None = None,
    key: str = "",
    now: datetime | None = None,
) -> Message:
    """Put a message in the outbox: it is sent soon, or kept where nothing is sent.

    Args:
        organisation: the member it concerns.
        operator: who sends it.
        draft: what is sent.
        dedupe_key: what makes it the same message; it is never sent twice.
        key: the name that signed links in the text already use.
        now: when it is written.
        about: what it tells of, as ``{"type": ..., "ids": [...]}``.

    Raises:
        Conflict: a message with this ``dedupe_key`` exists.
        RuleViolation: an address is none.

    """
    same = Message.unscoped.filter(dedupe_key=dedupe_key)  # scope: "sent once" is for everybody
    if beyond(same, "whether it has been sent, whoever asks").exists():
        raise Conflict(_("This message has already been sent."))
    now = now or timezone.now()
    body = seal(draft.text, draft.html)
    message = Message(
        organisation=organisation,
        operator=operator,
        kind=draft.kind,
        to=draft.to,
        reply_to=draft.reply_to,
        language=draft.language,
        subject=clean_line(draft.subject),
        text=body.text,
        html=body.html,
        sealed=body.sealed,
        file_name=draft.file_name,
        file_text=draft.file_text,
        about=about or {},
        dedupe_key=dedupe_key,
        key=key or new_key(),
        state=MessageState.WAITING if settings.SENDS_MAIL else MessageState.KEPT,
        next_try_at=now if settings.SENDS_MAIL else None,
        created_at=now,
    )
    message.full_clean(validate_unique=False)
    message.save()
    return message


@command(Permission.MESSAGES_SEND)
def message_resend(*, actor: Actor, message: Message, now: datetime | None = None) -> Message:
    """Try a message again that was refused or given up, from the first pause on.

    Raises:
        RuleViolation: it was sent, is on its way, or nothing is sent from here.

    """
    if not message.can_be_resent:
        raise RuleViolation(_("Only a message that did not arrive can be sent again."))
    if not settings.SENDS_MAIL:
        raise RuleViolation(_("Nothing is sent from this installation: there is no mail server."))
    message.state, message.attempts = MessageState.WAITING, 0
    message.next_try_at = now or timezone.now()
    message.blocks_address = False
    message.save(update_fields=["state", "attempts", "next_try_at", "blocks_address"])
    return message


@command(Permission.MESSAGES_SEND)
def message_return(*, actor: Actor, message: Message) -> Message:
    """Record that a message came back; if it told of findings, no letter uses its address.

    Raises:
        RuleViolation: it was not sent, or has come back already.

    """
    if not message.can_come_back:
        raise RuleViolation(_("Only a message that was sent can come back."))
    message.state, message.problem = MessageState.RETURNED, Problem.RETURNED
    message.blocks_address = message.kind in LETTERS
    message.save(update_fields=["state", "problem", "blocks_address"])
    return message


@command(Permission.MESSAGES_SEND)
def message_address_restore(*, actor: Actor, message: Message) -> Message:
    """Use the address of a message again that did not arrive.

    Raises:
        RuleViolation: the message keeps no letter from its address.

    """
    if not message.blocks_address:
        raise RuleViolation(_("The address is in use already."))
    message.blocks_address = False
    message.save(update_fields=["blocks_address"])
    return message
