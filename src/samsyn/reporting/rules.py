"""How facts become a light, lights a state, and a pack a mark that proves it unchanged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

CRITICAL_DAYS = 30  # a critical finding open for longer has been left lying
MANY_LATE = 3  # of these a third late is no mishap any more
SINCE_DAYS = 90  # what is new, where no meeting has been frozen
SOON_DAYS = 60  # a decision that runs out within them is asked about
DIALOGUE_DAYS = 365


class AreaLight(StrEnum):
    """How an area stands. Unknown is a state of its own: silence is never good."""

    ACT = "act"
    WATCH = "watch"
    GOOD = "good"
    UNKNOWN = "unknown"


class AreaTrend(StrEnum):
    """Which way an area moves since last time."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    FIRST = "first"  # nothing to compare with


ORDER = (AreaLight.ACT, AreaLight.WATCH, AreaLight.GOOD)


def light_of_late(*, late: int, total: int) -> AreaLight:
    """Return the light of work of which some is late.

    Args:
        late: how many are past their date.
        total: how many there are, late ones included.

    Source:
        Our own rule: any late one is to be watched; three or more that are at least a
        third of all ask for an act.

    """
    if not total:
        return AreaLight.UNKNOWN
    if not late:
        return AreaLight.GOOD
    return AreaLight.ACT if late >= MANY_LATE and late * 3 >= total else AreaLight.WATCH


def light_of_findings(*, critical: int, old_critical: int) -> AreaLight:
    """Return the light of open critical findings.

    Args:
        critical: critical ones.
        old_critical: critical ones open for more than ``CRITICAL_DAYS`` days.

    Source:
        Our own rule; thirty days follow the key figure "time to fix" of the fact sheet.

    """
    if old_critical:
        return AreaLight.ACT
    return AreaLight.WATCH if critical else AreaLight.GOOD


def light_of_level(level: int, target: int | None = None) -> AreaLight:
    """Return the light of a maturity level from 1 to 4, against a target if there is one.

    Source:
        Our own rule: at the target is good, one below is watched, two below asks for an
        act. Without a target, level 3 is good and level 1 asks for an act.

    """
    gap = (target or 3) - level
    if gap <= 0:
        return AreaLight.GOOD
    return AreaLight.WATCH if gap == 1 else AreaLight.ACT


def light_of_area(
    facts: Iterable[AreaLight], *, judged: AreaLight | None = None, has_register: bool
) -> AreaLight:
    """Return the light of an area: the worst of what is known.

    Args:
        facts: the lights of its facts.
        judged: how the CISO judges it, if that has been said.
        has_register: whether what the area is about is kept here; else good facts beside
            the matter do not make it good, only the CISO's word does.

    Source:
        Our own rule: no false green.

    """
    found = [light for light in facts if light != AreaLight.UNKNOWN]
    if judged and judged != AreaLight.UNKNOWN:
        found.append(judged)
    worst = next((light for light in ORDER if light in found), AreaLight.UNKNOWN)
    if worst == AreaLight.GOOD and not has_register and judged != AreaLight.GOOD:
        return AreaLight.UNKNOWN
    return worst


def trend_of(now: str, before: str | None) -> AreaTrend:
    """Return which way a light has moved; unknown on either side compares with nothing.

    Source:
        Our own rule.

    """
    known = [light.value for light in ORDER]
    if before not in known or now not in known:
        return AreaTrend.FIRST
    moved = known.index(now) - known.index(before)
    if not moved:
        return AreaTrend.SAME
    return AreaTrend.BETTER if moved > 0 else AreaTrend.WORSE


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of plain values; equal content has equal digests.

    Source:
        Our own form: JSON with sorted keys, no blanks, UTF-8.

    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something.

    Source:
        Our own form: one thing a line.

    """
    return [line.strip() for line in text.splitlines() if line.strip()]
