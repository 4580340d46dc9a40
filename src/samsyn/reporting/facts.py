"""What the rooms below know of an organisation, told as facts for each area.

A room is asked in a fixed number of queries; an area's facts are functions in ``TELLERS``.
Where the reader may not look, or nothing is kept, no fact is told: silence is never good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions.models import Source
from samsyn.actions.rules import CLOSED
from samsyn.actions.selectors import GONE, NOBODY, UNCLOSED_WORD, action_list, late
from samsyn.annual_wheel.models import State as TurnState
from samsyn.annual_wheel.selectors import occurrence_list
from samsyn.assets.selectors import resource_counts
from samsyn.documents.models import Kind
from samsyn.documents.selectors import document_list
from samsyn.findings.models import Severity, State
from samsyn.findings.selectors import finding_list
from samsyn.maturity.models import Dialogue
from samsyn.maturity.selectors import AreaStanding, latest_closed, standings
from samsyn.organisations.models import Organisation
from samsyn.reporting.rules import (
    CRITICAL_DAYS,
    Light,
    light_of_findings,
    light_of_late,
    light_of_level,
)
from samsyn.ui.moments import day_text

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that is so: in a sentence, its figure alone, the way to its rows, and its light."""

    text: str
    value: str
    url: str
    light: Light


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
        return sum(
            action_list(**self.whose, state=UNCLOSED_WORD, owner=who).count()
            for who in (NOBODY, GONE)
        )

    @cached_property
    def turns(self) -> dict[str, Work]:
        """The turns of activities that were due in the last year, by area."""
        rows = occurrence_list(
            **self.whose,
            today=self.today,
            due_after=self.today - YEAR,
            due_before=self.today + timedelta(days=1),
        ).exclude(state=TurnState.SKIPPED)
        counted = (
            rows.order_by()
            .values_list("activity__area")
            .annotate(
                total=Count("pk"),
                late=Count("pk", filter=Q(state=TurnState.AHEAD, due_on__lt=self.today)),
                done=Count("pk", filter=Q(state=TurnState.DONE)),
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
        then = datetime.combine(self.since, time(), tzinfo=UTC)
        old = datetime.combine(self.today, time(), tzinfo=UTC) - timedelta(days=CRITICAL_DAYS)
        is_open, critical = ~Q(state=State.CLOSED), Q(severity=Severity.CRITICAL)
        was_open = Q(first_seen_at__lt=then) & (is_open | Q(state_since__gte=then))
        rows = finding_list(**self.whose, severity=Severity.HIGH).order_by()
        found: dict[str, Any] = rows.aggregate(
            critical=Count("pk", filter=is_open & critical),
            old_critical=Count("pk", filter=is_open & critical & Q(first_seen_at__lt=old)),
            high=Count("pk", filter=is_open & ~critical),
            before=Count("pk", filter=was_open),
            new=Count("pk", filter=Q(first_seen_at__gte=then)),
            closed=Count("pk", filter=Q(state=State.CLOSED, state_since__gte=then)),
            oldest=Min("first_seen_at", filter=is_open & critical),
        )
        return found

    @cached_property
    def policies(self) -> dict[str, Any]:
        """How many policies and routines there are, and the day of the newest."""
        rows = document_list(**self.whose, kind=Kind.POLICY).order_by()
        found: dict[str, Any] = rows.aggregate(n=Count("pk"), newest=Max("effective_on"))
        return found

    def url(self, name: str, **query: str) -> str:
        """Return the address of a list, narrowed to the organisation."""
        narrowed = urlencode({"organisation": str(self.organisation.pk), **query})
        return f"{reverse(name)}?{narrowed}"


Teller = Callable[[Seen, tuple[str, ...]], Iterator[Fact]]


def work_fact(work: Work, *, url: str) -> Iterator[Fact]:
    """Yield how many actions are late, if there are any."""
    if not work.total:
        return
    value = f"{work.late}/{work.total}"
    text = ngettext(
        "%(total)d action is under way, and it is not late.",
        "%(total)d actions are under way, and none of them is late.",
        work.total,
    )
    if work.late:
        text = ngettext(
            "%(late)d of %(total)d actions is late.",
            "%(late)d of %(total)d actions are late.",
            work.late,
        )
    yield Fact(
        text=text % {"late": work.late, "total": work.total},
        value=value,
        url=url,
        light=light_of_late(late=work.late, total=work.total),
    )


def own_actions(seen: Seen, kinds: tuple[str, ...]) -> Iterator[Fact]:
    """Tell of the actions of an area; those of findings and audits are told elsewhere."""
    if not seen.may(Permission.ACTIONS_VIEW):
        return
    elsewhere = {Source.FINDING, Source.AUDIT}
    for kind in kinds:
        found = [w for (a, s), w in seen.actions.items() if a == kind and s not in elsewhere]
        url = seen.url("actions:list", area=kind, state=UNCLOSED_WORD)
        yield from work_fact(sum(found, Work()), url=url)


def actions_from(source: str) -> Teller:
    """Return a teller of the actions that come from one source."""

    def tell(seen: Seen, _kinds: tuple[str, ...]) -> Iterator[Fact]:
        if seen.may(Permission.ACTIONS_VIEW):
            found = [w for (_a, s), w in seen.actions.items() if s == source]
            url = seen.url("actions:list", source=source, state=UNCLOSED_WORD)
            yield from work_fact(sum(found, Work()), url=url)

    return tell


def all_actions(seen: Seen, _kinds: tuple[str, ...]) -> Iterator[Fact]:
    """Tell of all actions together, and of those that nobody owns."""
    if not seen.may(Permission.ACTIONS_VIEW):
        return
    every = sum(seen.actions.values(), Work())
    yield from work_fact(every, url=seen.url("actions:list", state=UNCLOSED_WORD))
    if seen.orphans:
        text = ngettext(
            "%d action has nobody who owns it.", "%d actions have nobody who owns them.",
            seen.orphans,
        )  # fmt: skip
        yield Fact(
            text=text % seen.orphans,
            value=str(seen.orphans),
            url=seen.url("actions:list", owner=NOBODY, state=UNCLOSED_WORD),
            light=Light.WATCH,
        )


def turns(seen: Seen, kinds: tuple[str, ...]) -> Iterator[Fact]:
    """Tell of the activities of the last year in an area."""
    if not seen.may(Permission.WHEEL_VIEW):
        return
    found = [work for area, work in seen.turns.items() if area in kinds]
    yield from _turns(seen, sum(found, Work()))


def all_turns(seen: Seen, _kinds: tuple[str, ...]) -> Iterator[Fact]:
    """Tell of the whole last year's activities."""
    if seen.may(Permission.WHEEL_VIEW):
        yield from _turns(seen, sum(seen.turns.values(), Work()))


def _turns(seen: Seen, work: Work) -> Iterator[Fact]:
    if not work.total:
        return
    text = _("%(done)d of %(total)d activities of the last 12 months are done.")
    if work.late:
        text = _("%(done)d of %(total)d activities of the last 12 months are done, %(late)d late.")
    yield Fact(
        text=text % {"done": work.done, "total": work.total, "late": work.late},
        value=f"{work.done}/{work.total}",
        url=seen.url("wheel:list", due_after=(seen.today - YEAR).isoformat()),
        light=light_of_late(late=work.late, total=work.total),
    )


def maturity(seen: Seen, kinds: tuple[str, ...]) -> Iterator[Fact]:
    """Tell where the last maturity dialogue left an area."""
    for row in seen.levels:
        if row.area.key in kinds:
            level, target = row.move.today or 1, row.move.target or seen.targets.get(row.area.key)
            yield Fact(
                text=_maturity(level, row.move.last, target),
                value=f"{level}/4",
                url=seen.dialogue.get_absolute_url() if seen.dialogue else "",
                light=light_of_level(level, target),
            )


def _maturity(level: int, last: int | None, target: int | None) -> str:
    named = {"level": level, "last": last, "target": target}
    if last and target:
        return (
            _("Maturity is level %(level)d of 4; last time %(last)d, the target is %(target)d.")
            % named
        )
    if target:
        return _("Maturity is level %(level)d of 4; the target is %(target)d.") % named
    if last:
        return _("Maturity is level %(level)d of 4; last time %(last)d.") % named
    return _("Maturity is level %(level)d of 4.") % named


def findings(seen: Seen, _kinds: tuple[str, ...]) -> Iterator[Fact]:
    """Tell of serious weaknesses that can be seen from outside, and how they have moved."""
    if not seen.may(Permission.FINDINGS_VIEW) or not seen.has_resources:
        return
    found = seen.findings
    light = light_of_findings(
        critical=found["critical"], old_critical=found["old_critical"], high=found["high"]
    )
    url = seen.url("findings:list", state="unsolved", severity=str(int(Severity.CRITICAL)))
    yield Fact(text=_critical(found), value=str(found["critical"]), url=url, light=light)
    now = found["critical"] + found["high"]
    yield Fact(
        text=_("%(now)d critical and high findings are open; on %(day)s it was %(then)d.")
        % {"now": now, "day": day_text(seen.since), "then": found["before"]},
        value=str(now),
        url=seen.url("findings:list", state="unsolved", severity=str(int(Severity.HIGH))),
        light=Light.WATCH if now > found["before"] else Light.UNKNOWN,
    )


def _critical(found: dict[str, Any]) -> str:
    if not found["critical"]:
        return _("No critical finding is open.")
    text: str = ngettext(
        "%d critical finding is open.", "%d critical findings are open.", found["critical"]
    )
    text %= found["critical"]
    if found["old_critical"]:
        more = ngettext(
            "%(n)d of them for more than %(days)d days.",
            "%(n)d of them for more than %(days)d days.",
            found["old_critical"],
        )
        text += " " + more % {"n": found["old_critical"], "days": CRITICAL_DAYS}
    return text


def policies(seen: Seen, _kinds: tuple[str, ...]) -> Iterator[Fact]:
    """Tell how many policies there are, and how old the newest is."""
    if not seen.may(Permission.DOCUMENTS_VIEW) or not seen.policies["n"]:
        return
    count, newest = seen.policies["n"], seen.policies["newest"]
    text = ngettext(
        "%d policy or routine is on file.", "%d policies and routines are on file.", count
    )
    text %= count
    is_old = newest is None or newest < seen.today - YEAR
    if newest:
        text += " " + _("The newest is of %s.") % day_text(newest)
    yield Fact(
        text=text,
        value=str(count),
        url=seen.url("documents:list", kind=Kind.POLICY.value),
        light=Light.WATCH if is_old else Light.UNKNOWN,
    )


TELLERS: dict[str, tuple[Teller, ...]] = {
    "assets": (maturity, own_actions, turns),
    "external_requirements": (policies, maturity, own_actions, turns),
    "risks": (maturity, own_actions, turns),
    "protection": (findings, actions_from(Source.FINDING), own_actions),
    "incidents": (maturity, own_actions, turns),
    "audits": (actions_from(Source.AUDIT),),
    "awareness": (maturity, own_actions, turns),
    "programme": (all_turns, all_actions, maturity),
}


def facts_of(seen: Seen, area: str, kinds: tuple[str, ...]) -> list[Fact]:
    """Return what is known of an area."""
    return [fact for tell in TELLERS.get(area, ()) for fact in tell(seen, kinds)]
