"""How many of a thing one may have: counted inside the transaction that adds to it.

The numbers are in ``kernel.limits`` and can be set; here is what is said when one is reached.
"""

from __future__ import annotations

import zlib
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from samsyn.access.rows import beyond_scope
from samsyn.kernel.errors import RuleViolation

MEGABYTE = 1_000_000
_INT4 = 2**31
SAID = {
    "contacts": _("An organisation has at most %(most)d contacts. Remove one first."),
    "resources": _("An organisation has at most %(most)d resources. Withdraw one first."),
    "claims_waiting": _(
        "%(most)d resources wait for confirmation already. Let the security centre see to them."
    ),
    "memberships": _("An organisation has at most %(most)d roles. End one first."),
    "role_offers": _("An organisation offers at most %(most)d roles."),
    "agreements": _("There are at most %(most)d agreements with one member."),
    "dialogues": _("At most %(most)d dialogues are prepared in a year."),
    "participants": _("A dialogue takes at most %(most)d people."),
    "invitations_a_day": _("At most %(most)d invitations are sent in a day. Go on tomorrow."),
    "raters": _("At most %(most)d people can rate in a dialogue."),
    "questions_a_day": _("At most %(most)d questions are asked in a day. Go on tomorrow."),
    "documents": _("An organisation keeps at most %(most)d files. Remove what need not be kept."),
    "documents_mb": _(
        "An organisation keeps at most %(most)d MB of files. Remove what need not be kept."
    ),
    "actions": _("An organisation has at most %(most)d actions."),
    "decisions": _("An organisation has at most %(most)d decisions."),
    "activities": _("An organisation has at most %(most)d activities."),
    "marks": _("An organisation's year has at most %(most)d marks. Remove one first."),
    "indicators": _("An organisation has at most %(most)d indicators."),
    "suppliers": _("An organisation has at most %(most)d suppliers."),
    "meetings": _("An organisation has at most %(most)d meetings."),
    "decision_proposals": _("An organisation has at most %(most)d proposals for decision."),
    "proposals": _("An area has at most %(most)d proposals."),
    "links": _("A document is evidence of at most %(most)d things. Take one away first."),
    "tokens": _("At most %(most)d tokens are in force at once. Revoke one first."),
    "kept_answers": _(
        "At most %(most)d changes with an Idempotency-Key are kept in a day. Go on tomorrow."
    ),
    "views": _("There are at most %(most)d views of one list. Remove one first."),
    "views_in_all": _("You have at most %(most)d saved views. Remove one first."),
    "feeds": _("There are at most %(most)d feeds at once. End one that you no longer use."),
}


def most(name: str) -> int:
    """Return the limit of that name, as it is set here."""
    return int(settings.LIMITS[name])


def require_room(
    name: str, rows: QuerySet[Any], *, of: int, add: int = 1, field: str | None = None
) -> None:
    """Require that there is room for more, and keep others from adding before this is done.

    Call it before anything is written: the trail's lock, too, is held to the end.

    Args:
        name: of the limit.
        rows: what is there already.
        of: id of the organisation, person or dialogue that the limit is for.
        add: how many come.
        field: of the form, if it is about one.

    Raises:
        RuleViolation: there would be more than the limit.

    """
    take_turns(name, of)
    require_rough_room(name, rows, add=add, field=field)


def require_rough_room(
    name: str, rows: QuerySet[Any], *, add: int = 1, field: str | None = None
) -> None:
    """Require that there is room, where one too many does no harm: nobody waits for others.

    For what other commands make within their own, when the trail may be held already.

    Raises:
        RuleViolation: there would be more than the limit.

    """
    with beyond_scope("says only how many there are"):
        there = rows.count()
    refuse_beyond(name, there + add, field=field)


def refuse_beyond(name: str, number: int, *, field: str | None = None) -> None:
    """Refuse a number above the limit.

    Raises:
        RuleViolation: it is above.

    """
    if number > most(name):
        raise RuleViolation(str(SAID[name]) % {"most": most(name)}, field=field)


def take_turns(name: str, of: int) -> None:
    """Let those who add to the same thing wait for each other until their transaction ends."""
    if connection.vendor != "postgresql":  # SQLite has one writer at a time
        return
    with connection.cursor() as cursor:
        lock = [zlib.crc32(name.encode()) % _INT4, of % _INT4]
        cursor.execute("select pg_advisory_xact_lock(%s::int, %s::int)", lock)
