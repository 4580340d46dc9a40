"""Anchors of the trail: how far it goes today, kept where the database's owner cannot reach."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from samsyn.access.actor import Actor
from samsyn.audit.anchors import Anchor, anchor_made
from samsyn.audit.keys import trail_keys
from samsyn.audit.selectors import hashes_at, last_number
from samsyn.kernel.errors import Conflict, SourceUnavailable
from samsyn.messages.models import MessageKind
from samsyn.messages.services import Draft, message_enqueue
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import operator_of

ANCHOR_JOB = "trail_anchor"


def anchor_now(*, now: datetime) -> Anchor | None:
    """Return the anchor of the newest entry, or None while the trail is empty."""
    number = last_number()
    if not number:
        return None
    return anchor_made(
        number=number,
        code=hashes_at({number})[number],
        at=now,
        installation=settings.BASE_URL,
        key=trail_keys()[0],
    )


def anchor_keep(anchor: Anchor, *, actor: Actor, now: datetime) -> list[str]:
    """Mail the anchor and write it to the file, as the settings say; return what was done.

    Raises:
        SourceUnavailable: the file could not be written; the mail is on its way even so.

    """
    done = []
    if settings.TRAIL_ANCHOR_MAIL and _mailed(anchor, actor=actor, now=now):
        done.append("mail")
    if settings.TRAIL_ANCHOR_FILE:
        _written(anchor, Path(settings.TRAIL_ANCHOR_FILE))
        done.append("file")
    return done


def _written(anchor: Anchor, place: Path) -> None:
    """Append the anchor to the file, and see that it is on the disk."""
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(f"{anchor}\n")
            file.flush()
            os.fsync(handle)
    except OSError as error:
        raise SourceUnavailable(
            _("The anchor could not be written to %(place)s: %(reason)s.")
            % {"place": place, "reason": error.strerror}
        ) from error


def _mailed(anchor: Anchor, *, actor: Actor, now: datetime) -> bool:
    operator = operator_of(actor=actor)
    if operator is None:
        return False
    try:
        message_enqueue(
            actor=actor,
            organisation=operator,
            operator=operator,
            draft=_letter(anchor, operator),
            dedupe_key=f"trail-anchor:{now:%Y-%m-%d}:{anchor.number}",
            now=now,
        )
    except Conflict:
        return True  # it was sent earlier today
    return True


def _letter(anchor: Anchor, operator: Organisation) -> Draft:
    with override(operator.language):
        facts: dict[str, Any] = {"operator": operator.name, "number": anchor.number}
        text = _(
            "This line proves what the change log of %(operator)s held: %(number)d entries."
            " Keep this mail, or the line below, where the people who run the server cannot"
            " change it. If an entry is later removed or changed, the line no longer fits."
        )
        how = _("To check: save this mail as a file and run")
        return Draft(
            kind=MessageKind.DIGEST,
            to=settings.TRAIL_ANCHOR_MAIL,
            language=operator.language,
            subject=_("Proof of the change log: entry %d") % anchor.number,
            text=f"{text % facts}\n\n{anchor}\n\n{how}\n\n    samsyn trail_verify --anchor FILE\n",
        )
