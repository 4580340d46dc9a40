"""What is read and taken away is on record: openings from outside, exports and downloads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from samsyn.access.actor import Actor
from samsyn.audit.events import Event, event_record, events_record
from samsyn.audit.names import name_kept

OPENED, SHOWN, FETCHED, SUBSCRIBED, SENT, LISTED, FILED, DOWNLOADED, REFUSED = (
    "reading.opened",
    "reading.shown",
    "reading.fetched",
    "reading.subscribed",
    "reading.sent",
    "export.list",
    "export.file",
    "export.evidence",
    "export.refused",
)
OWNERS_MOST = 500  # one entry for each organisation whose rows were taken away, up to here


def note_opened(actor: Actor, thing: Any) -> None:
    """Put on record that somebody from outside opened an organisation's thing, once a day.

    An organisation's own people read what is theirs without being written down.
    """
    owner = getattr(thing, "owner_id", None)
    if owner is None or not actor.is_from_outside(owner) or _is_ones_own(actor, thing):
        return
    event = Event.about(
        thing,
        action=OPENED,
        actor=actor.label,
        person_id=actor.person_id,
        organisation_id=owner,
    )
    event_record(event, once_a_day=True)


def _is_ones_own(actor: Actor, thing: Any) -> bool:
    """Return whether a thing is the person's own at another's, such as a role offered to them.

    An entry would tell who offers it whom it has met, and that they looked.
    """
    own = getattr(type(thing), "objects", None)
    path = getattr(own, "own", "")
    return bool(path) and getattr(thing, f"{path}_id", None) == actor.person_id


def note_shown(actor: Actor, things: Any, *, page: str, name: object) -> None:
    """Put on record that somebody from outside was shown organisations' things on a page.

    Once a day for each page and organisation.

    Args:
        actor: who was shown them.
        things: what the page shows, such as the rows of a list, or the organisations themselves.
        page: the name of the page's address.
        name: what the page is called.

    """
    _note_read(actor, things, action=SHOWN, place=page, name=name_kept(name))


def is_organisation(thing: Any) -> bool:
    """Return whether a thing is an organisation: it has many pages, and each is on record."""
    meta = getattr(thing, "_meta", None)
    return meta is not None and meta.label == "organisations.Organisation"


def note_subscribed(actor: Actor, owners: Iterable[int], *, feed: Any) -> None:
    """Put on record that a calendar fetched what is due at others, once a day for each feed."""
    outside = sorted(owner for owner in set(owners) if actor.is_from_outside(owner))
    events = [
        Event.about(
            feed,
            action=SUBSCRIBED,
            actor=actor.label,
            person_id=actor.person_id,
            organisation_id=owner,
        )
        for owner in outside
    ]
    events_record(events)


def note_sent(actor: Actor, owner: int, *, webhook: Any, now: datetime) -> None:
    """Put on record that what happens at another's was sent to a webhook, once a day for each.

    Args:
        actor: whoever answers for the webhook.
        owner: the id of the organisation where it happened.
        webhook: to which it was sent.
        now: when.

    """
    if not actor.is_from_outside(owner):
        return
    event = Event.about(
        webhook,
        action=SENT,
        actor=actor.label,
        person_id=actor.person_id,
        organisation_id=owner,
    )
    event_record(event, once_a_day=True, now=now)


def note_fetched(actor: Actor, things: Any, *, path: str) -> None:
    """Put on record that a program from outside was given rows of a list, once a day as well."""
    _note_read(actor, things, action=FETCHED, place=path, name=path)


def _note_read(actor: Actor, things: Any, *, action: str, place: str, name: str) -> None:
    outside = sorted(owner for owner in _owners_each(things) if actor.is_from_outside(owner))
    events = [
        Event(
            action=action,
            actor=actor.label,
            person_id=actor.person_id,
            organisation_id=owner,
            object_id=place,
            object_name=name,
        )
        for owner in outside
    ]
    events_record(events)


def note_file(actor: Actor, thing: Any, *, kind: str, action: str = FILED) -> None:
    """Put on record that a thing was taken away as a file, or evidence was downloaded."""
    event = Event.about(
        thing,
        action=action,
        actor=actor.label,
        person_id=actor.person_id,
        organisation_id=getattr(thing, "owner_id", None),
        changes={"as": kind},
    )
    event_record(event)


def note_list(actor: Actor, rows: Any, *, name: object, kind: str, query: str = "") -> None:
    """Put on record that a list was taken away, for each organisation whose rows were in it."""
    owners = sorted(owners_of(rows))
    concerned: list[int | None] = [*owners[:OWNERS_MOST]]
    if len(owners) != len(concerned) or not owners:
        concerned.append(None)
    for owner in concerned:
        event_record(
            Event(
                action=LISTED,
                actor=actor.label,
                person_id=actor.person_id,
                organisation_id=owner,
                object_name=name_kept(name),
                changes={"as": kind, "query": query[:500], "organisations": len(owners)},
            )
        )


def owners_of(rows: Any) -> set[int]:
    """Return the ids of the organisations whose rows these are, as far as they say."""
    if isinstance(rows, QuerySet) and rows._fields is None:  # type: ignore[attr-defined]  # None where rows are whole instances; the stubs leave it out
        names = {field.name for field in rows.model._meta.get_fields()}
        if names & {"organisation", "organisation_id"}:
            ids = rows.order_by().values_list("organisation_id", flat=True).distinct()
            return {owner for owner in ids if owner is not None}
    return _owners_each(rows)


def _owners_each(rows: Iterable[Any]) -> set[int]:
    found = {_owner(row) for row in rows}
    return {owner for owner in found if isinstance(owner, int)}


def _owner(row: Any) -> Any:
    if isinstance(row, dict):
        return row.get("organisation_id")
    return getattr(row, "owner_id", None) or getattr(row, "organisation_id", None)
