"""What indicators may ask of findings."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import job_actor
from samsyn.assets.models import ClaimState, Resource
from samsyn.findings.measures import StandingOn
from samsyn.findings.models import FindingEvent, FindingEventKind
from samsyn.findings.rules import (
    ANSWER_DAYS,
    CRITICAL,
    FIX_WINDOW_DAYS,
    SERIOUS,
    is_answered_in_time,
)
from samsyn.findings.selectors import standing_on
from samsyn.kernel.measuring import Measure, Measured, measure, share

ACTOR = job_actor("indicators")  # who asks for a value has been let in by the indicator


def days_to_fix(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return the median days from opened to closed of what was closed in the last 90 days."""
    return {
        pk: Measured(float(row.days_to_fix), row.fixed)
        for pk, row in _stood(organisations, on).items()
        if row.days_to_fix is not None
    }


def critical_open(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return how many critical findings are open; a zero only for who is watched."""
    stood = _stood(organisations, on)
    found = {pk: Measured(float(row.critical_open)) for pk, row in stood.items()}
    return {pk: Measured(0.0) for pk in _watched(organisations, on)} | found


def oldest_critical(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return the age in days of the oldest open critical finding; 0 for who has none open."""
    stood = _stood(organisations, on)
    found = {pk: Measured(float(r.oldest_days or 0), r.critical_open) for pk, r in stood.items()}
    return {pk: Measured(0.0, 0) for pk in _watched(organisations, on)} | found


def answered_in_time(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return the share of letters on findings, of the 90 days that are over, answered in 14."""
    until = _midnight(on + timedelta(days=1 - ANSWER_DAYS))
    since = until - timedelta(days=FIX_WINDOW_DAYS)
    answers = _answers(organisations, since, _midnight(on + timedelta(days=1)))
    told = FindingEvent.unscoped.filter(  # scope: the organisations are given
        kind=FindingEventKind.TOLD, at__gte=since, at__lt=until,
        finding__organisation__in=list(organisations),
    )  # fmt: skip
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    undone = _undone(organisations, since)
    for pk, finding, at in told.values_list("finding__organisation", "finding", "at"):
        if (finding, at) in undone:
            continue  # the letter did not arrive: nobody was told
        later = answers.get(finding, [])
        place = bisect_left(later, at)
        first = timezone.localdate(later[place]) if place < len(later) else None
        counts[pk][0] += is_answered_in_time(timezone.localdate(at), first)
        counts[pk][1] += 1
    return {pk: found for pk, (part, whole) in counts.items() if (found := share(part, whole))}


def _undone(organisations: Collection[int], since: datetime) -> set[tuple[int, datetime]]:
    """Return which tellings came to nothing: the letter did not arrive before the next one."""
    rows = FindingEvent.unscoped.filter(  # scope: the organisations are given
        kind__in=[FindingEventKind.TOLD, FindingEventKind.UNDELIVERED], at__gte=since,
        finding__organisation__in=list(organisations),
    )  # fmt: skip
    found: set[tuple[int, datetime]] = set()
    last: dict[int, datetime] = {}
    for finding, kind, at in rows.order_by("at", "pk").values_list("finding", "kind", "at"):
        if kind == FindingEventKind.TOLD:
            last[finding] = at
        elif finding in last:
            found.add((finding, last[finding]))
    return found


def _answers(
    organisations: Collection[int], since: datetime, before: datetime
) -> dict[int, list[datetime]]:
    rows = FindingEvent.unscoped.filter(  # scope: the organisations are given
        kind=FindingEventKind.ANSWERED, at__gte=since, at__lt=before,
        finding__organisation__in=list(organisations),
    )  # fmt: skip
    found: dict[int, list[datetime]] = defaultdict(list)
    for finding, at in rows.order_by("at").values_list("finding", "at"):
        found[finding].append(at)
    return found


def _stood(organisations: Collection[int], on: date) -> dict[int, StandingOn]:
    wanted = set(organisations)
    since = on - timedelta(days=FIX_WINDOW_DAYS)
    rows = standing_on(actor=ACTOR, on=on, since=since, serious=SERIOUS, critical=CRITICAL)
    return {row.organisation_id: row for row in rows if row.organisation_id in wanted}


def _watched(organisations: Collection[int], on: date) -> set[int]:
    """Return who has resources that reports tell of; nobody before the first report has come."""
    since = on - timedelta(days=FIX_WINDOW_DAYS)
    if not standing_on(actor=ACTOR, on=on, since=since, serious=SERIOUS, critical=CRITICAL):
        return set()
    rows = Resource.unscoped.filter(  # scope: the organisations are given
        organisation__in=list(organisations), known_on__lte=on, state=ClaimState.CONFIRMED
    )
    return set(rows.order_by().values_list("organisation", flat=True).distinct())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def measures_register() -> None:
    """Register the measures; when Django starts."""
    for key, word, unit, answer in (
        ("findings.days_to_fix", _("median days to fix, high and critical"), "days", days_to_fix),
        ("findings.critical_open", _("open critical findings"), "count", critical_open),
        ("findings.oldest_critical", _("age of the oldest critical"), "days", oldest_critical),
        ("findings.answered", _("findings answered in 14 days"), "percent", answered_in_time),
    ):
        measure(Measure(key=key, word=word, unit=unit, answer=answer))
