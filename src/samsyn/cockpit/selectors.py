"""What the home pages count: one pass over the unsolved findings, cut in the ways they show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.compiled_queries import CompiledQuery
from samsyn.access.permissions import Permission
from samsyn.analytics.version_cache import cached_by_version
from samsyn.assets.rules import counts_where
from samsyn.assets.selectors import resource_counts_of_all
from samsyn.audit.selectors import trail_version
from samsyn.cockpit.rules import OLD_DAYS, level
from samsyn.findings.models import AnswerKind, Finding, FindingState, Severity
from samsyn.findings.rules import days_ago, yesterday_began
from samsyn.findings.selectors import (
    UNSOLVED_WORD,
    finding_list,
    findings_version,
    open_over_time,
)
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import member_list

WEEKS = 26
# What a short list of findings shows: to read and to name all columns takes as long as the rest.
IN_LINES = ("organisation__name", "report", "subject", "port", "severity", "first_seen_at")
WORST_MOST = 8
EVERYWHERE = 0  # among standings: all that the actor sees


@dataclass(slots=True)
class OrganisationStanding:
    """How one organisation stands now, in numbers of unsolved findings."""

    organisation_id: int
    open: int = 0
    critical: int = 0
    high: int = 0
    new: int = 0
    new_critical: int = 0
    untold: int = 0
    old_critical: int = 0
    oldest_critical_at: datetime | None = None
    organisation: Organisation | None = field(default=None, repr=False)
    is_known: bool = True  # false where no resource is confirmed: a zero would then be untrue

    @property
    def level(self) -> int:
        """The state for the map, 0 (nothing open) to 4 (critical findings are old or many)."""
        return level(
            open_count=self.open,
            high=self.high,
            critical=self.critical,
            old_critical=self.old_critical,
        )

    @property
    def name(self) -> str:
        return self.organisation.name if self.organisation else ""

    def get_absolute_url(self) -> str:
        return f"/members/{self.organisation_id}/"

    @property
    def pk(self) -> int:
        return self.organisation_id


def since_yesterday(now: datetime) -> datetime:
    """Return when yesterday began, in the reader's zone."""
    return yesterday_began(timezone.localtime(now))


def standings(*, actor: Actor, now: datetime) -> dict[int, OrganisationStanding]:
    """Return how each organisation stands that has anything unsolved, and all, in one query.

    An organisation's are those that it owns and those on what it runs for others, as in its list.

    It is counted anew only when a finding has changed or a new day begins, for all whom the
    actor sees at once: a page about one of them takes its own out. What is returned is shared;
    it is read, not changed.

    New means first seen since yesterday began, where the reader is; old means a month.
    """
    fresh = since_yesterday(now)
    key = (findings_version(), fresh, actor.permissions_key())
    return cached_by_version("standings", key, lambda: _standings(_counted(actor, fresh)))


def _standings(rows: list[dict[str, Any]]) -> dict[int, OrganisationStanding]:
    """Count each finding once at its owner, once at who runs it, and once among all."""
    found = {EVERYWHERE: OrganisationStanding(EVERYWHERE)}
    for row in rows:
        for place in {EVERYWHERE, row["organisation_id"], row["operated_by_id"]} - {None}:
            _add_row(found.setdefault(place, OrganisationStanding(place)), row)
    return found


def _counted(actor: Actor, fresh: datetime) -> list[dict[str, Any]]:
    old = days_ago(fresh + timedelta(days=1), OLD_DAYS)
    rows = finding_list(actor=actor, state=UNSOLVED_WORD).order_by()
    counted = rows.values("organisation_id", "operated_by_id", "severity").annotate(
        open=Count("pk"),
        new=Count("pk", filter=Q(first_seen_at__gte=fresh)),
        untold=Count("pk", filter=Q(told_at__isnull=True)),
        old=Count("pk", filter=Q(first_seen_at__lt=old)),
        oldest=Min("first_seen_at"),
    )
    return [dict(row) for row in counted]


def _add_row(one: OrganisationStanding, row: Any) -> None:
    one.open += row["open"]
    one.new += row["new"]
    one.untold += row["untold"]
    if row["severity"] == Severity.CRITICAL:
        one.critical += row["open"]
        one.new_critical += row["new"]
        one.old_critical += row["old"]
        known = [at for at in (one.oldest_critical_at, row["oldest"]) if at is not None]
        one.oldest_critical_at = min(known, default=None)
    elif row["severity"] == Severity.HIGH:
        one.high += row["open"]


def sees_findings(*, actor: Actor) -> bool:
    """Return whether the actor may see findings of any member; else no figure of them is true."""
    seen = actor.organisations_with(Permission.FINDINGS_VIEW)
    return member_list(actor=actor).filter(pk__in=seen).exists()


def member_standings(*, actor: Actor, now: datetime) -> list[OrganisationStanding]:
    """Return how every member stands, those with nothing included, with its organisation.

    The rows are shared with whoever sees the same: they are read, not changed.
    """
    key = (findings_version(), trail_version(), since_yesterday(now), actor.permissions_key())
    return cached_by_version("member_standings", key, lambda: _member_standings(actor, now))


def _member_standings(actor: Actor, now: datetime) -> list[OrganisationStanding]:
    found = standings(actor=actor, now=now)
    resources = resource_counts_of_all(actor=actor)
    rows = []
    for member in member_list(actor=actor):
        one = found.get(member.pk) or OrganisationStanding(member.pk)
        is_known = bool(one.open or any(resources.get(member.pk, {}).values()))
        rows.append(replace(one, organisation=member, is_known=is_known))
    return rows


def weekly(
    *, actor: Actor, today: date, organisation: int | None = None
) -> dict[date, dict[int, int]]:
    """Return how many were open of each severity at the end of each of the last weeks.

    Read from the store, never from the history in the database.
    """
    since = today - timedelta(weeks=WEEKS)
    counted = open_over_time(actor=actor, since=since, until=today, by="severity", step_days=7)
    found: dict[date, dict[int, int]] = {day: {} for day in counted.days}
    for label, numbers in counted.together(organisation).items():
        for day, number in zip(counted.days, numbers, strict=True):
            if number:
                found[day][int(label)] = number
    return found


def worst_findings(*, actor: Actor, **narrowed: int) -> list[Finding]:
    """Return the critical findings that have been open the longest, of one ``organisation``."""
    return _WORST.rows(actor, **narrowed)


def _worst(actor: Actor, **narrowed: Any) -> QuerySet[Finding]:
    rows = finding_list(actor=actor, state=UNSOLVED_WORD, severity=Severity.CRITICAL, **narrowed)
    return rows.only(*IN_LINES).order_by("first_seen_at", "pk")[:WORST_MOST]


_WORST = CompiledQuery(_worst)


def newest_findings(*, actor: Actor, now: datetime, **narrowed: int) -> list[Finding]:
    """Return what is new since yesterday, the worst first, of one ``organisation``."""
    return _NEWEST.rows(actor, first_seen_after=since_yesterday(now), **narrowed)


def _newest(actor: Actor, **narrowed: Any) -> QuerySet[Finding]:
    rows = finding_list(actor=actor, state=UNSOLVED_WORD, **narrowed)
    return rows.only(*IN_LINES).order_by("-severity", "-first_seen_at", "-pk")[:WORST_MOST]


_NEWEST = CompiledQuery(_newest)


def help_wanted(*, actor: Actor) -> QuerySet[Finding]:
    """Return the findings whose members have asked for help, those asked for first on top.

    One that has come back since, or has been answered otherwise, is not among them.
    """
    rows = finding_list(actor=actor, state=FindingState.ACKNOWLEDGED, answer=AnswerKind.HELP)
    return rows.order_by("answered_at", "pk")[:WORST_MOST]


def kinds_open(*, actor: Actor, organisation: int) -> list[tuple[str, int]]:
    """Return which kinds are open the most at an organisation, with how many.

    What it runs for others is counted with its own. All organisations are counted at once, when
    a finding has changed.
    """
    key = (findings_version(), actor.permissions_key())
    found = cached_by_version("kinds_open", key, lambda: _kinds(actor)).get(organisation, Counter())
    return sorted(found.items(), key=lambda kind: (-kind[1], kind[0]))[:WORST_MOST]


def _kinds(actor: Actor) -> dict[int, Counter[str]]:
    rows = finding_list(actor=actor, state=UNSOLVED_WORD).order_by()
    counted = rows.values_list("organisation_id", "operated_by_id", "report").annotate(Count("pk"))
    return counts_where(counted)
