"""Events: what is on record although it changed nothing, written without making readers wait.

A sign-in, an opened page or an export is one entry of the same chain as the changes. Writers
queue on the chain, and a reader must not wait for an import: when the chain is not free within
a tenth of a second the event is kept as a file with a code of the key, and joins the chain with
the next event or the job that collects them. See docs/adr/0014.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, models, transaction
from django.utils import timezone

from samsyn.audit import waiting
from samsyn.audit.models import Entry
from samsyn.audit.names import name_kept
from samsyn.audit.services import append, append_all

log = logging.getLogger("samsyn.audit")
WAIT_MS = 100
SEEN_MOST = 50_000
JOINED_MOST = 20  # by a reader who happens to come by; the job takes the rest
_seen: set[tuple[object, ...]] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What somebody did that changed nothing; ``at`` is when it happened, ISO 8601 in UTC."""

    action: str
    actor: str
    person_id: int | None = None
    organisation_id: int | None = None
    object_type: str = ""
    object_id: str = ""
    object_name: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    at: str = ""

    @classmethod
    def about(cls, thing: models.Model | None, **fields: Any) -> Event:
        """Return an event that concerns a thing."""
        if thing is not None:
            fields |= {"object_type": thing._meta.label, "object_id": str(thing.pk)}
            fields.setdefault("object_name", name_kept(thing))
        return cls(**fields)

    @property
    def same(self) -> tuple[object, ...]:
        """What makes it the same event on the same day."""
        return (
            self.action,
            self.person_id,
            self.organisation_id,
            self.object_type,
            self.object_id,
        )


def event_record(event: Event, *, once_a_day: bool = False, now: datetime | None = None) -> None:
    """Put an event on record; nothing that goes wrong here keeps the person from going on.

    Args:
        event: what happened.
        once_a_day: the first of a day is enough, by the clock of the installation.
        now: when it happened.

    """
    _record([event], once_a_day=once_a_day, now=now or timezone.now())


def events_record(events: Sequence[Event], *, now: datetime | None = None) -> None:
    """Put on record the same event at several organisations, for each the first of a day.

    It costs one question and one statement, however many organisations there are.
    """
    _record(events, once_a_day=True, now=now or timezone.now())


def _record(events: Sequence[Event], *, once_a_day: bool, now: datetime) -> None:
    day = now.astimezone(ZoneInfo(settings.DISPLAY_TIME_ZONE)).date()
    if once_a_day:
        events = _not_seen(events, day)
    if not events:
        return
    dated = [_dated(event, now) for event in events]
    is_nested = connection.in_atomic_block  # what waits could be lost with what is around
    try:
        with _short_wait(), transaction.atomic():
            append_all(asdict(event) for event in dated)
        if not is_nested:
            _collect(JOINED_MOST)
    except DatabaseError:
        for event in dated:
            _keep(event)
    if once_a_day:
        for event in events:
            _remember((day, *event.same))


def _not_seen(events: Sequence[Event], day: date) -> list[Event]:
    """Return those events that are not on record yet on this day."""
    new = [event for event in events if (day, *event.same) not in _seen]
    known = _on_record(new, day) if new else set()
    for event in new:
        if event.organisation_id in known:
            _remember((day, *event.same))
    return [event for event in new if event.organisation_id not in known]


def events_collect() -> int:
    """Let all events that wait join the chain; return how many did."""
    total = 0
    while joined := _collect(500):
        total += joined
    return total


def _collect(most: int) -> int:
    """Let some events that wait join the chain; one that the database refuses is put aside."""
    joined = 0
    for taken in waiting.take(most):
        try:
            with _short_wait(), transaction.atomic():
                append(**taken.event)
        except OperationalError:
            taken.give_back()
        except (DatabaseError, OverflowError, TypeError, ValueError):
            log.exception("an event that waited cannot be put on record")
            taken.put_aside()
        else:
            taken.remove()
            joined += 1
    return joined


def forget_seen() -> None:
    """Forget what was seen today: the database is asked again."""
    _seen.clear()


def _remember(mark: tuple[object, ...]) -> None:
    if len(_seen) >= SEEN_MOST or (_seen and next(iter(_seen))[0] != mark[0]):
        _seen.clear()
    _seen.add(mark)


def _dated(event: Event, now: datetime) -> Event:
    fields = asdict(event) | {"at": now.astimezone(UTC).isoformat(timespec="microseconds")}
    return Event(**fields)


def _on_record(events: Sequence[Event], day: date) -> set[int | None]:
    """Return at which organisations an event, the same in all else, is on record that day."""
    midnight = datetime.combine(day, time(0), tzinfo=ZoneInfo(settings.DISPLAY_TIME_ZONE))
    ids = {event.organisation_id for event in events}
    somewhere = models.Q(organisation_id__in=ids - {None})
    rows = Entry.objects.filter(
        somewhere | models.Q(organisation_id__isnull=True) if None in ids else somewhere,
        action=events[0].action,
        person_id=events[0].person_id,
        object_type=events[0].object_type,
        object_id=events[0].object_id,
        at__gte=midnight,
    )
    return set(rows.order_by().values_list("organisation_id", flat=True).distinct())


def _keep(event: Event) -> None:
    try:
        waiting.keep(asdict(event))
    except OSError:
        log.exception("an event could not be put on record: %s", event.action)


@contextmanager
def _short_wait() -> Iterator[None]:
    """Let the database wait no longer for the chain than a reader should."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('lock_timeout', %s, true)", [f"{WAIT_MS}ms"])
            yield
            cursor.execute("select set_config('lock_timeout', '0', true)")
        return
    if connection.in_atomic_block:  # the lock is ours already
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("pragma busy_timeout")
        usual = int(cursor.fetchone()[0])
        cursor.execute(f"pragma busy_timeout = {WAIT_MS}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"pragma busy_timeout = {usual}")
