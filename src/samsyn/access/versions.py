"""Versions: whoever changes what somebody else has changed meanwhile is told, and nothing is lost.

A form shows the version that it was filled from, and a service reads a thing before it changes
it. ``keep`` writes only where the database still has that version, in the same statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.kernel.errors import Conflict

AT_ONCE = 200  # things in one statement


class Versioned(models.Model):
    """Something that people change; ``version`` counts the changes."""

    version = models.PositiveIntegerField(gettext_lazy("version"), default=1)

    class Meta:
        abstract = True


def keep(
    thing: Versioned, names: Iterable[str] = (), *, seen: int | None = None, **still: Any
) -> None:
    """Write some fields of a thing if nobody has changed it since it was read.

    Args:
        thing: with the new values; its version becomes the new one.
        names: of the fields.
        seen: the version that the reader had; None takes the one that ``thing`` was read with.
        still: what must be so in the database besides, such as its state.

    Raises:
        Conflict: it has been changed meanwhile, or is not as ``still`` says.

    """
    seen = thing.version if seen is None else seen
    values = {name: getattr(thing, name) for name in names}
    rows = type(thing)._base_manager  # noqa: SLF001  # scope: of one thing, found in scope
    if not rows.filter(pk=thing.pk, version=seen, **still).update(version=seen + 1, **values):
        raise Conflict(_("Somebody else has changed it meanwhile."))
    thing.version = seen + 1


def keep_all(changes: Iterable[tuple[Versioned, Iterable[str]]]) -> None:
    """Write some fields of many things of one model, in a transaction; else as ``keep`` does.

    Args:
        changes: things with their new values, each with the names of its fields.

    Raises:
        Conflict: one of them has been changed meanwhile; nothing is written.

    """
    given = [(thing, tuple(names)) for thing, names in changes]
    if not given:
        return
    things = [thing for thing, _names in given]
    rows = type(things[0])._base_manager  # noqa: SLF001  # scope: of things found in scope
    locked = rows.select_for_update().filter(pk__in=[thing.pk for thing in things])
    if dict(locked.values_list("pk", "version")) != {t.pk: t.version for t in things}:
        raise Conflict(_("Somebody else has changed it meanwhile."))
    for thing in things:
        thing.version += 1
    written = {"version"}.union(*(names for _thing, names in given))
    rows.bulk_update(things, sorted(written), batch_size=AT_ONCE)
