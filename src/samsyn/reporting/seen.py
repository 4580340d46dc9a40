"""What an actor sees of an organisation on a day; each room below is asked at most once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions.rules import CLOSED
from samsyn.actions.selectors import ORPHANED, UNCLOSED_WORD, action_list, late
from samsyn.annual_wheel.models import OccurrenceState
from samsyn.annual_wheel.selectors import occurrence_list
from samsyn.assets.selectors import resource_counts
from samsyn.documents.models import DocumentKind
from samsyn.documents.selectors import document_list
from samsyn.findings.models import FindingState, Severity
from samsyn.findings.selectors import finding_list
from samsyn.indicators.selectors import IndicatorStanding, standing
from samsyn.maturity.models import Dialogue
from samsyn.maturity.selectors import AreaStanding, latest_closed, standings
from samsyn.organisations.models import Organisation
from samsyn.reporting.rules import CRITICAL_DAYS

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Work:
    """How much there is of something, and how much of it is late or done."""

    total: int = 0
    late: int = 0
    done: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(self.total + other.total, self.late + other.late, self.done + other.done)


@dataclass(kw_only=True)
class Seen:
    """What an actor sees of an organisation on a day; each room is asked at most once."""

    actor: Actor
    organisation: Organisation
    today: date
    since: date
    targets: dict[str, int]

    def may(self, permission: Permission) -> bool:
        """Whether the actor sees what the permission is about."""
        return self.actor.may(permission, self.organisation.pk)

    @property
    def whose(self) -> dict[str, Any]:
        return {"actor": self.actor, "organisation": self.organisation.pk}

    @cached_property
    def actions(self) -> dict[tuple[str, str], Work]:
        """The actions by area and source."""
        rows = action_list(**self.whose).order_by().values_list("area", "source")
        counted = rows.annotate(
            total=Count("pk", filter=~Q(state__in=sorted(CLOSED))),
            late=Count("pk", filter=late(self.today)),
            done=Count("pk", filter=Q(state="confirmed")),
        )
        return {(area, source): Work(*numbers) for area, source, *numbers in counted}

    @cached_property
    def orphans(self) -> int:
        """How many actions have nobody, or somebody who has left."""
        return action_list(**self.whose, state=UNCLOSED_WORD, owner=ORPHANED).count()

    @cached_property
    def turns(self) -> dict[str, Work]:
        """The turns of activities that were due in the last year, by area."""
        rows = occurrence_list(
            **self.whose,
            today=self.today,
            due_after=self.today - YEAR,
            due_before=self.today + timedelta(days=1),
        ).exclude(state=OccurrenceState.SKIPPED)
        counted = (
            rows.order_by()
            .values_list("activity__area")
            .annotate(
                total=Count("pk"),
                late=Count("pk", filter=Q(state=OccurrenceState.AHEAD, due_on__lt=self.today)),
                done=Count("pk", filter=Q(state=OccurrenceState.DONE)),
            )
        )
        return {area: Work(*numbers) for area, *numbers in counted}

    @cached_property
    def dialogue(self) -> Dialogue | None:
        """The newest closed maturity dialogue."""
        if not self.may(Permission.MATURITY_VIEW):
            return None
        return latest_closed(**self.whose)

    @cached_property
    def levels(self) -> list[AreaStanding]:
        """Where that dialogue left each area."""
        if self.dialogue is None:
            return []
        return [r for r in standings(actor=self.actor, dialogue=self.dialogue) if r.move.today]

    @cached_property
    def has_resources(self) -> bool:
        """Whether anything is known that a finding could be about."""
        return bool(resource_counts(**self.whose))

    @cached_property
    def findings(self) -> dict[str, Any]:
        """Open findings of the two worst severities, and how many there were at ``since``."""
        then = _began(self.since)
        old = _began(self.today - timedelta(days=CRITICAL_DAYS))
        is_open, critical = ~Q(state=FindingState.CLOSED), Q(severity=Severity.CRITICAL)
        was_open = Q(first_seen_at__lt=then) & (is_open | Q(state_since__gte=then))
        rows = finding_list(**self.whose, severity=Severity.HIGH).order_by()
        found: dict[str, Any] = rows.aggregate(
            critical=Count("pk", filter=is_open & critical),
            old_critical=Count("pk", filter=is_open & critical & Q(first_seen_at__lt=old)),
            high=Count("pk", filter=is_open & ~critical),
            before=Count("pk", filter=was_open),
            new=Count("pk", filter=Q(first_seen_at__gte=then)),
            closed=Count("pk", filter=Q(state=FindingState.CLOSED, state_since__gte=then)),
            oldest=Min("first_seen_at", filter=is_open & critical),
        )
        return found

    @cached_property
    def indicators(self) -> dict[str, IndicatorStanding]:
        """The indicators that have been measured, by the key of their template."""
        if not self.may(Permission.INDICATORS_VIEW):
            return {}
        rows = standing(actor=self.actor, organisation=self.organisation, on=self.today)
        return {r.indicator.key: r for r in rows if r.indicator.key and r.value is not None}

    @cached_property
    def policies(self) -> dict[str, Any]:
        """How many policies and routines there are, and the day of the newest."""
        rows = document_list(**self.whose, kind=DocumentKind.POLICY).order_by()
        found: dict[str, Any] = rows.aggregate(n=Count("pk"), newest=Max("effective_on"))
        return found

    def url(self, name: str, **query: str) -> str:
        """Return the address of a list, narrowed to the organisation."""
        narrowed = urlencode({"organisation": str(self.organisation.pk), **query})
        return f"{reverse(name)}?{narrowed}"


def _began(day: date) -> datetime:
    """Return when a day began where the reader is, as in the list that a figure opens."""
    return timezone.make_aware(datetime.combine(day, time()))
