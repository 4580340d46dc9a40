"""Entries of the trail as lines that people read: who, what, of what and where, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.text import capfirst

from samsyn.access.actor import Actor
from samsyn.access.reading import FETCHED, LISTED, SHOWN
from samsyn.access.selectors import staff_of
from samsyn.access.sign_ins import UNKNOWN
from samsyn.audit.models import Entry
from samsyn.audit.rules import CHANGE, EXPORT, READING
from samsyn.findings.leaving import LEFT, left_text
from samsyn.findings.texts import report_title
from samsyn.jobs.registry import JOBS
from samsyn.organisations.selectors import organisation_list
from samsyn.ui.changes import FieldChange, changes_told
from samsyn.ui.deeds import address_text, deed_text, fetched_text, ways_text, who_text
from samsyn.ui.moments import day_text, month_text
from samsyn.ui.thing_names import may_know, model_of, name_text, permission_of

# Rows whose own names are ids and codes: the deed says enough.
NAMELESS = frozenset(
    {
        "actions.ActionEvent",
        "actions.SentReminder",
        "annual_wheel.FeedToken",
        "documents.Link",
        "findings.FindingEvent",
        "reporting.AreaWord",
    }
)
_DAY = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?\b")
UNTIL = "Target picture until %d"  # as the model has it
CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of the change log."""

    pk: int
    at: datetime
    who: str
    address: str
    what: str
    thing: str
    organisation: str
    organisation_id: int | None
    kind: str
    kind_text: str
    action: str
    changes: tuple[FieldChange, ...]


class LogRows(Sequence[Any]):
    """The entries of a query as lines in the actor's language, read when they are asked for."""

    def __init__(self, rows: QuerySet[Entry], *, actor: Actor) -> None:
        self.rows, self.actor = rows, actor

    def __len__(self) -> int:
        return self.rows.count()

    def __getitem__(self, part: Any) -> Any:
        with translation.override(self.actor.language):
            return lines_of(list(self.rows[part]), actor=self.actor)


def lines_of(entries: Iterable[Entry], *, actor: Actor) -> list[LogLine]:
    """Return entries as lines; names and values only of what the actor may see there."""
    entries = list(entries)
    ids = {entry.organisation_id for entry in entries if entry.organisation_id}
    named = organisation_list(actor=actor).filter(pk__in=ids)
    names = dict(named.values_list("pk", "name"))
    private = _private(entries, actor)
    changes = changes_told((e for e in entries if e.kind == CHANGE), actor=actor)
    return [
        _line(
            entry,
            names,
            actor,
            is_private=entry.number in private,
            changes=changes.get(entry.number, ()),
        )
        for entry in entries
    ]


def lines_each(rows: QuerySet[Entry], *, actor: Actor) -> Iterator[LogLine]:
    """Yield all entries of a query as lines, some at a time."""
    some: list[Entry] = []
    for entry in rows.iterator(chunk_size=CHUNK):
        some.append(entry)
        if len(some) == CHUNK:
            yield from lines_of(some, actor=actor)
            some = []
    yield from lines_of(some, actor=actor)


def _line(
    entry: Entry,
    names: dict[int, str],
    actor: Actor,
    *,
    is_private: bool,
    changes: tuple[FieldChange, ...],
) -> LogLine:
    ways = ways_text(entry.changes)
    what = deed_text(entry.action)
    return LogLine(
        pk=entry.number,
        at=entry.at,
        who=who_text(entry.actor.partition(" (token ")[0] if is_private else entry.actor),
        address=address_text(entry.actor),
        what=f"{what} ({ways})" if ways else what,
        thing="" if is_private and is_of_a_person(entry) else _thing(entry, actor),
        organisation=names.get(entry.organisation_id or 0, ""),
        organisation_id=entry.organisation_id,
        kind=entry.kind,
        kind_text=capfirst(entry.get_kind_display()),
        action=entry.action,
        changes=changes,
    )


def _private(entries: Iterable[Entry], actor: Actor) -> set[int]:
    """Return the numbers of the entries whose names are the person's alone.

    A token or a saved view may be for another place: what it is called is told to the person
    themselves, and to the administrator of the security centre that they work for.
    """
    found = [
        entry
        for entry in entries
        if entry.organisation_id is None and entry.person_id != actor.person_id
        if is_of_a_person(entry) or "(token " in entry.actor
    ]
    known = staff_of(actor) if found else frozenset()
    return {entry.number for entry in found if entry.person_id not in known}


def is_of_a_person(entry: Entry) -> bool:
    """Return whether a thing belongs to a person, and to no organisation."""
    model = model_of(entry.object_type)
    fields = {field.name for field in model._meta.get_fields()} if model else set()
    return "person" in fields and permission_of(entry.object_type) is None


def _thing(entry: Entry, actor: Actor) -> str:
    name = _name(entry) if may_know(entry, actor) else ""
    word = _word(entry.object_type) if entry.kind in {READING, EXPORT} else ""
    said = ": ".join(part for part in (word, name) if part)
    if entry.action == LEFT:
        return left_text(entry.changes)
    kept_as = str(entry.changes.get("as", "")) if entry.kind == EXPORT else ""
    return f"{said} ({kept_as.upper()})" if kept_as and "." not in kept_as else said


def _name(entry: Entry) -> str:
    if entry.object_type in NAMELESS or _is_oneself(entry):
        return ""
    if entry.object_type == "findings.Finding":
        _case, _blank, rest = entry.object_name.partition(" ")
        report, _blank, subject = rest.partition(" ")
        return f"{report_title(report)} {subject}".strip()
    if entry.object_type == "jobs.Run":
        found = JOBS.get(entry.object_name.partition(" ")[0])
        return str(found.title) if found else ""
    return _DAY.sub(_day_in_words, _translated(entry))


def _translated(entry: Entry) -> str:
    """Return the name with the words that it has from Samsyn in the reader's language."""
    name = entry.object_name
    if entry.action == FETCHED:
        return fetched_text(name)
    if entry.action in {LISTED, SHOWN}:
        return translation.gettext(name) if name else ""
    if entry.object_type == "reporting.TargetPicture":
        return translation.gettext(UNTIL) % int(name[-4:]) if name[-4:].isdecimal() else name
    return name_text(entry.object_type, name)


def _is_oneself(entry: Entry) -> bool:
    """Return whether a person did something to themselves: who it was is said already."""
    is_person = entry.object_type == "access.Person" and entry.actor != UNKNOWN
    return is_person and entry.object_id == str(entry.person_id)


def _day_in_words(found: re.Match[str]) -> str:
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        on = date(year, month, day or 1)
    except ValueError:  # 30 February
        return found[0]
    return day_text(on) if day else month_text(on, with_year=True)


def _word(label: str) -> str:
    model = model_of(label)
    return capfirst(str(model._meta.verbose_name)) if model else ""
