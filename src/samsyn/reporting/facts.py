"""What the rooms below know of an organisation, told as facts for each area.

A room is asked in a fixed number of queries; an area's facts are functions in ``TELLERS``.
Where the reader may not look, or nothing is kept, no fact is told: silence is never good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.access.permissions import Permission
from samsyn.actions.models import ActionSource
from samsyn.actions.selectors import ORPHANED, OWN_WORK, UNCLOSED_WORD
from samsyn.annual_wheel.rules import DONE
from samsyn.documents.models import DocumentKind
from samsyn.findings.models import Severity
from samsyn.indicators.rules import IndicatorLight
from samsyn.indicators.wording import target_text, value_text
from samsyn.reporting.content import ManagementAreaText
from samsyn.reporting.rules import (
    CRITICAL_DAYS,
    AreaLight,
    light_of_findings,
    light_of_late,
    light_of_level,
)
from samsyn.reporting.seen import YEAR, Seen, Work
from samsyn.ui.moments import day_text

UNCLOSED = {"state": UNCLOSED_WORD}
LIGHT_OF = {
    IndicatorLight.RED: AreaLight.ACT,
    IndicatorLight.AMBER: AreaLight.WATCH,
    IndicatorLight.GREEN: AreaLight.GOOD,
    IndicatorLight.GREY: AreaLight.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFact:
    """Something that is so: in a sentence, its figure alone, the way to its rows, and its light."""

    text: str
    value: str
    url: str
    light: AreaLight


Teller = Callable[[Seen, ManagementAreaText], Iterator[AreaFact]]


def work_fact(seen: Seen, work: Work, **narrowed: str) -> Iterator[AreaFact]:
    """Yield how many actions are late, if there are any; the way leads to those it counts first."""
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
    yield AreaFact(
        text=text % {"late": work.late, "total": work.total},
        value=value,
        url=seen.url("actions:list", **narrowed, **({"overdue": "on"} if work.late else UNCLOSED)),
        light=light_of_late(late=work.late, total=work.total),
    )


def own_actions(seen: Seen, area: ManagementAreaText) -> Iterator[AreaFact]:
    """Tell of the actions of an area; those of findings and audits are told elsewhere."""
    if not seen.may(Permission.ACTIONS_VIEW):
        return
    elsewhere = {ActionSource.FINDING, ActionSource.AUDIT}
    for kind in area.kinds:
        found = [w for (a, s), w in seen.actions.items() if a == kind and s not in elsewhere]
        yield from work_fact(seen, sum(found, Work()), area=kind, source=OWN_WORK)


def actions_from(source: str) -> Teller:
    """Return a teller of the actions that come from one source."""

    def tell(seen: Seen, _area: ManagementAreaText) -> Iterator[AreaFact]:
        if seen.may(Permission.ACTIONS_VIEW):
            found = [w for (_a, s), w in seen.actions.items() if s == source]
            yield from work_fact(seen, sum(found, Work()), source=source)

    return tell


def all_actions(seen: Seen, _area: ManagementAreaText) -> Iterator[AreaFact]:
    """Tell of all actions together, and of those that nobody owns."""
    if not seen.may(Permission.ACTIONS_VIEW):
        return
    yield from work_fact(seen, sum(seen.actions.values(), Work()))
    if seen.orphans:
        text = ngettext(
            "%d action has nobody who owns it.", "%d actions have nobody who owns them.",
            seen.orphans,
        )  # fmt: skip
        yield AreaFact(
            text=text % seen.orphans,
            value=str(seen.orphans),
            url=seen.url("actions:list", owner=ORPHANED, **UNCLOSED),
            light=AreaLight.WATCH,
        )


def turns(seen: Seen, area: ManagementAreaText) -> Iterator[AreaFact]:
    """Tell of the activities of the last year in an area."""
    if not seen.may(Permission.WHEEL_VIEW):
        return
    for kind in area.kinds:
        yield from _turns(seen, seen.turns.get(kind, Work()), area=kind)


def all_turns(seen: Seen, _area: ManagementAreaText) -> Iterator[AreaFact]:
    """Tell of the whole last year's activities."""
    if seen.may(Permission.WHEEL_VIEW):
        yield from _turns(seen, sum(seen.turns.values(), Work()))


def _turns(seen: Seen, work: Work, **narrowed: str) -> Iterator[AreaFact]:
    if not work.total:
        return
    text = _("%(done)d of %(total)d activities of the last 12 months are done.")
    if work.late:
        text = _("%(done)d of %(total)d activities of the last 12 months are done, %(late)d late.")
    yield AreaFact(
        text=text % {"done": work.done, "total": work.total, "late": work.late},
        value=f"{work.done}/{work.total}",
        url=seen.url("wheel:list", **narrowed, **_year(seen), standing=DONE),
        light=light_of_late(late=work.late, total=work.total),
    )


def _year(seen: Seen) -> dict[str, str]:
    return {
        "due_after": (seen.today - YEAR).isoformat(),
        "due_until": seen.today.isoformat(),
    }


def maturity(seen: Seen, area: ManagementAreaText) -> Iterator[AreaFact]:
    """Tell where the last maturity dialogue left an area."""
    for row in seen.levels:
        if row.area.key in area.kinds:
            level, target = row.move.today or 1, row.move.target or seen.targets.get(row.area.key)
            yield AreaFact(
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


def findings(seen: Seen, _area: ManagementAreaText) -> Iterator[AreaFact]:
    """Tell of serious weaknesses that can be seen from outside, and how they have moved."""
    if not seen.may(Permission.FINDINGS_VIEW) or not seen.has_resources:
        return
    found = seen.findings
    light = light_of_findings(critical=found["critical"], old_critical=found["old_critical"])
    url = seen.url("findings:list", state="unsolved", severity=str(int(Severity.CRITICAL)))
    yield AreaFact(text=_critical(found), value=str(found["critical"]), url=url, light=light)
    now = found["critical"] + found["high"]
    yield AreaFact(
        text=_("%(now)d critical and high findings are open; on %(day)s it was %(then)d.")
        % {"now": now, "day": day_text(seen.since), "then": found["before"]},
        value=str(now),
        url=seen.url("findings:list", state="unsolved", severity=str(int(Severity.HIGH))),
        light=AreaLight.WATCH if now else AreaLight.GOOD,
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


def policies(seen: Seen, _area: ManagementAreaText) -> Iterator[AreaFact]:
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
    yield AreaFact(
        text=text,
        value=str(count),
        url=seen.url("documents:list", kind=DocumentKind.POLICY.value),
        light=AreaLight.WATCH if is_old else AreaLight.UNKNOWN,
    )


def indicators(seen: Seen, area: ManagementAreaText) -> Iterator[AreaFact]:
    """Tell of the indicators that belong to an area and have been measured."""
    for key in area.indicators:
        found = seen.indicators.get(key)
        if found is None:
            continue
        indicator = found.indicator
        value = value_text(found.value, indicator.unit)
        target = target_text(indicator)
        text = _("%(name)s: %(value)s.")
        if target:
            text = _("%(name)s: %(value)s; the target is %(target)s.")
        yield AreaFact(
            text=text % {"name": indicator.name, "value": value, "target": target},
            value=value,
            url=found.get_absolute_url(),
            light=LIGHT_OF[found.light],
        )


TELLERS: dict[str, tuple[Teller, ...]] = {
    "assets": (maturity, own_actions, turns),
    "external_requirements": (policies, maturity, own_actions, turns),
    "risks": (maturity, own_actions, turns),
    "protection": (findings, actions_from(ActionSource.FINDING), own_actions),
    "incidents": (maturity, own_actions, turns),
    "audits": (actions_from(ActionSource.AUDIT),),
    "awareness": (maturity, own_actions, turns),
    "programme": (all_turns, all_actions, maturity),
}


def facts_of(seen: Seen, area: ManagementAreaText) -> list[AreaFact]:
    """Return what is known of an area: what the rooms tell, then its indicators."""
    tellers = (*TELLERS.get(area.key, ()), indicators)
    return [fact for tell in tellers for fact in tell(seen, area)]


def is_missing(seen: Seen, area: ManagementAreaText) -> bool:
    """Return whether what an area is about is kept nowhere here."""
    return bool(area.missing) and not area.covered_by & seen.indicators.keys()
