"""Making the turns of an activity, and moving those that are still ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from samsyn.access.versions import keep
from samsyn.annual_wheel.models import Activity, FeedToken, Occurrence, OccurrenceState
from samsyn.annual_wheel.rules import (
    SETTLED,
    Slot,
    month_later,
    months_of,
    paired,
    slots_wanted,
)
from samsyn.kernel.errors import RuleViolation


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of it: turns made, moved to other days, and removed."""

    made: int = 0
    moved: int = 0
    removed: int = 0
    activities: int = 0

    def __add__(self, other: Made) -> Made:
        return Made(
            made=self.made + other.made,
            moved=self.moved + other.moved,
            removed=self.removed + other.removed,
            activities=self.activities + other.activities,
        )

    def for_trail(self) -> dict[str, Any]:
        """Return the counts as the trail and the job give them."""
        return {
            "activities": self.activities,
            "made": self.made,
            "moved": self.moved,
            "removed": self.removed,
        }


def turns_made(activity: Activity, *, now: datetime, today: date, months: int) -> Made:
    """Bring an activity's coming turns in line with what it says now.

    What is done, skipped or late stays as it is. A coming turn that moves keeps its mark in
    people's calendars.
    """
    until = max(month_later(today, months), activity.made_until or today)
    rows = list(Occurrence.unscoped.filter(activity=activity))  # scope: of one found in scope
    ahead = {o.month: o for o in rows if o.state == OccurrenceState.AHEAD}
    by_hand = _on_days_of_their_own(activity, ahead.values())
    coming = {m: o for m, o in ahead.items() if o.due_on >= today and m not in by_hand}
    stays = {o.month for o in rows if o.state in SETTLED} | (set(ahead) - set(coming))
    wanted = _wanted(activity, today=today, until=until, settled=stays)
    moves, new, gone = paired(list(coming), wanted)
    moved = _move(coming, moves, now)
    _remove([coming[month] for month in gone], now)
    Occurrence.unscoped.bulk_create(  # scope: of one found in scope
        _turn(activity, slot, now) for slot in new
    )
    activity.made_until = until
    activity.save(update_fields=["made_until"])
    return Made(activities=1, made=len(new), moved=moved, removed=len(gone))


def tell_calendars(activity: Activity, *, now: datetime, today: date) -> None:
    """Let the calendars fetch the coming turns anew: something is said otherwise of them."""
    rows = Occurrence.unscoped.filter(  # scope: of one found in scope
        activity=activity, state=OccurrenceState.AHEAD, due_on__gte=today
    )
    rows.update(version=F("version") + 1, changed_at=now)


def _wanted(activity: Activity, *, today: date, until: date, settled: Iterable[date]) -> list[Slot]:
    if not activity.is_active:
        return []
    return slots_wanted(
        frequency=activity.frequency,
        months=activity.months,
        from_day=activity.from_day,
        to_day=activity.to_day,
        country=activity.organisation.country,
        is_shifted=activity.is_shifted,
        since=today,
        until=until,
        settled=list(settled),
    )


def _move(coming: dict[date, Occurrence], moves: list[tuple[date, Slot]], now: datetime) -> int:
    """Give turns their new days; all months at once, in an order in which none meets another."""
    changed = []
    for month, slot in moves:
        turn = coming[month]
        if (turn.month, turn.opens_on, turn.due_on) != (slot.month, slot.opens_on, slot.due_on):
            turn.month, turn.opens_on, turn.due_on = slot.month, slot.opens_on, slot.due_on
            turn.version, turn.changed_at, turn.is_moved = turn.version + 1, now, False
            changed.append(turn)
    fields = ["month", "opens_on", "due_on", "is_moved", "version", "changed_at"]
    Occurrence.unscoped.bulk_update(changed, fields)  # scope: of one found in scope
    return len(changed)


def _on_days_of_their_own(activity: Activity, turns: Iterable[Occurrence]) -> set[date]:
    """Return the months of turns that somebody has moved, and that still come round."""
    months = months_of(activity.frequency, activity.months) if activity.is_active else ()
    return {turn.month for turn in turns if turn.is_moved and turn.month.month in months}


def _remove(turns: list[Occurrence], now: datetime) -> None:
    keys = [turn.pk for turn in turns]
    Occurrence.unscoped.filter(pk__in=keys).update(  # scope: of one found in scope
        state=OccurrenceState.REMOVED, version=F("version") + 1, changed_at=now
    )


def _turn(activity: Activity, slot: Slot, now: datetime) -> Occurrence:
    return Occurrence(
        organisation_id=activity.organisation_id,
        activity=activity,
        month=slot.month,
        opens_on=slot.opens_on,
        due_on=slot.due_on,
        changed_at=now,
    )


def require_ahead(occurrence: Occurrence) -> None:
    """Raise RuleViolation if a turn is done or skipped already."""
    if occurrence.state != OccurrenceState.AHEAD:
        raise RuleViolation(_("It is done or skipped already."))


def occurrence_kept(
    occurrence: Occurrence, names: list[str], now: datetime, seen: int | None
) -> Occurrence:
    """Save a turn if nobody has changed it since it was read; calendars see a newer version."""
    occurrence.changed_at = now
    keep(occurrence, [*names, "changed_at"], seen=seen)
    return occurrence


def feed_was_read(feed: FeedToken, *, now: datetime) -> None:
    """Keep when a feed was read last, by the hour: its person sees whether it is used."""
    if feed.last_used_at is None or now - feed.last_used_at > timedelta(hours=1):
        FeedToken.objects.filter(pk=feed.pk).update(last_used_at=now)
