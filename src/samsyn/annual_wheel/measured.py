"""What indicators may ask of the year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.annual_wheel.models import Occurrence, OccurrenceState
from samsyn.annual_wheel.rules import YEAR_DAYS, is_on_time
from samsyn.kernel.measuring import Measure, Measured, measure, share


def on_time(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return the share of turns due in the last year that were done by their day."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for organisation, state, due_on, done_on in _due(organisations, on):
        is_done = is_on_time(state=state, due_on=due_on, done_on=done_on)
        if is_done is not None:
            counts[organisation][0] += is_done
            counts[organisation][1] += 1
    return {pk: found for pk, (part, whole) in counts.items() if (found := share(part, whole))}


def skipped(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return how many of the turns due in the last year were skipped."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for organisation, state, _due_on, _done_on in _due(organisations, on):
        counts[organisation][0] += state == OccurrenceState.SKIPPED
        counts[organisation][1] += 1
    return {pk: Measured(float(part), whole) for pk, (part, whole) in counts.items()}


def _due(organisations: Collection[int], on: date) -> Iterator[tuple[int, str, date, date | None]]:
    """Yield whose, state, due day and done day of what was due in the year up to a day.

    What was done or skipped after that day counts as not done on it.
    """
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), time()))
    rows = Occurrence.unscoped.filter(  # scope: the organisations are given
        organisation__in=list(organisations),
        due_on__gt=on - timedelta(days=YEAR_DAYS),
        due_on__lt=on,
    ).exclude(state=OccurrenceState.REMOVED)
    named = rows.order_by().values_list("organisation", "state", "due_on", "done_at", "changed_at")
    for organisation, state, due_on, done_at, changed_at in named.iterator(chunk_size=5000):
        moment = done_at or changed_at
        is_later = state != OccurrenceState.AHEAD and moment >= end
        done_on = timezone.localdate(done_at) if done_at and not is_later else None
        yield organisation, OccurrenceState.AHEAD if is_later else state, due_on, done_on


def measures_register() -> None:
    """Register the measures; when Django starts."""
    for key, word, unit, answer in (
        ("annual_wheel.on_time", _("activities of the year on time"), "percent", on_time),
        ("annual_wheel.skipped", _("activities of the year skipped"), "count", skipped),
    ):
        measure(Measure(key=key, word=word, unit=unit, answer=answer))
