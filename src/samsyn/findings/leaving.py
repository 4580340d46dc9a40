"""Findings that leave an organisation, since what they were made of is another's now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import ngettext

from samsyn.access.actor import Actor
from samsyn.audit.selectors import on_record
from samsyn.audit.services import record
from samsyn.findings.models import (
    OBSERVED_EVENTS,
    Finding,
    FindingEvent,
    FindingEventKind,
    FindingState,
)
from samsyn.kernel.refs import pointed_to

AT_ONCE = 500
LEFT = "findings.findings_left"


@dataclass(frozen=True, slots=True)
class Left:
    """How many findings were closed as moved, and removed, by organisation."""

    closed: Counter[int] = field(default_factory=Counter)
    removed: Counter[int] = field(default_factory=Counter)

    def __add__(self, other: Left) -> Left:
        return Left(self.closed + other.closed, self.removed + other.removed)


def left_text(counts: Mapping[str, Any]) -> str:
    """Return in words what ``note_left`` has put on record."""
    closed, removed = int(counts.get("closed") or 0), int(counts.get("removed") or 0)
    said = (
        ngettext("%d is closed and stays", "%d are closed and stay", closed) % closed,
        ngettext("%d that nobody had used is gone", "%d that nobody had used are gone", removed)
        % removed,
    )
    return "; ".join(text for text, number in zip(said, (closed, removed), strict=True) if number)


def used_among(ids: Sequence[int]) -> set[int]:
    """Return those findings that somebody has done something with, or hung something on."""
    return {pk for some in parts(ids) for pk in _used(some)}


def _used(ids: Collection[int]) -> set[int]:
    rows = Finding.unscoped.filter(pk__in=ids)  # scope: the fold works for everybody
    found = set(rows.exclude(told_at=None, answer_kind="").values_list("pk", flat=True))
    said = rows.filter(state__in=[FindingState.ACKNOWLEDGED, FindingState.FIXED])
    found.update(said.values_list("pk", flat=True))
    lines = FindingEvent.unscoped.filter(finding__in=ids)  # scope: the same
    found.update(lines.exclude(kind__in=OBSERVED_EVENTS).values_list("finding", flat=True))
    kind = Finding._meta.label
    return found | pointed_to(kind, ids) | on_record(kind, ids)


def observed_of(ids: Sequence[int]) -> list[FindingEvent]:
    """Return what the histories of findings say of reports, to be written again."""
    found: list[FindingEvent] = []
    for some in parts(ids):
        lines = FindingEvent.unscoped.filter(  # scope: the fold's, as above
            finding__in=some, kind__in=OBSERVED_EVENTS
        )
        fields = ("finding_id", "at", "kind", "by", "answer_kind", "note")
        found += [FindingEvent(**row) for row in lines.order_by("at", "pk").values(*fields)]
    return found


def moved_last(ids: Sequence[int]) -> set[int]:
    """Return those findings of whose history the last line says that they moved."""
    found: dict[int, str] = {}
    for some in parts(ids):
        lines = FindingEvent.unscoped.filter(finding__in=some)  # scope: the fold's, as above
        found |= dict(lines.order_by("at", "pk").values_list("finding", "kind"))
    return {pk for pk, kind in found.items() if kind == FindingEventKind.MOVED}


def parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield ids so many at a time that every database takes them."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def note_left(actor: Actor, left: Left) -> None:
    """Put on record, at each organisation, how many findings it had and has no longer."""
    for organisation in sorted(left.closed.keys() | left.removed.keys()):
        counts = {"closed": left.closed[organisation], "removed": left.removed[organisation]}
        record(
            actor=actor.label,
            person_id=actor.person_id,
            action=LEFT,
            organisation_id=organisation,
            changes=counts,
        )
