"""What management is shown: the state, the areas, what is waiting, what changed, what to ask.

One picture serves the page, the pack, the PDF and the slides. Its texts are in the language
that was active when it was drawn, so that a frozen one says the same for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from samsyn.access.actor import Actor
from samsyn.organisations.models import Organisation
from samsyn.reporting.changes import LinkedSentence, changes_since, questions_worth_asking
from samsyn.reporting.content import ManagementAreaText, area_texts
from samsyn.reporting.facts import AreaFact, facts_of, is_missing
from samsyn.reporting.models import AreaWord, DecisionProposal, Meeting, TargetPicture
from samsyn.reporting.rules import (
    SINCE_DAYS,
    AreaLight,
    AreaTrend,
    light_of_area,
    trend_of,
)
from samsyn.reporting.seen import Seen
from samsyn.reporting.selectors import (
    meeting_last,
    proposals_waiting,
    target_agreed,
    words_now,
)
from samsyn.ui.deeds import who_text
from samsyn.ui.moments import day_text

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class AreaPicture:
    """One of the eight areas, as management reads it."""

    key: str
    name: str
    question: str
    evidence: str
    article: str
    light: str
    light_word: str
    trend: str
    trend_word: str
    facts: list[AreaFact]
    words: str
    words_from: str  # who wrote them, and when
    missing: str
    ask: str


@dataclass(frozen=True, kw_only=True)
class AreaLevel:
    """How mature one area of the dialogue is; 1 to 4, or None."""

    name: str
    today: int | None
    last: int | None
    target: int | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A proposal for decision as it is shown; ``outcome`` is empty while it waits."""

    pk: int
    title: str
    why: str
    recommendation: str
    if_yes: str
    if_no: str
    cost: int | None
    needed_by: str
    asked_by: str
    source: str
    outcome: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TargetSummary:
    """The agreed target picture."""

    title: str
    text: str
    principles: list[str]
    agreed: str


@dataclass(frozen=True, kw_only=True)
class ManagementPicture:
    """The state of an organisation's security work on a day, for its management."""

    as_of: str
    since: str
    sentence: str
    areas: list[AreaPicture]
    levels: list[AreaLevel]
    proposals: list[Asked]
    changes: list[LinkedSentence]
    questions: list[LinkedSentence]
    target: TargetSummary | None

    def to_json(self) -> dict[str, Any]:
        """Return the picture as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ManagementPicture:
        """Return the picture that plain values hold."""
        found = dict(values)
        areas = [{**each, "facts": _each(AreaFact, each["facts"])} for each in found["areas"]]
        found["areas"] = _each(AreaPicture, areas)
        found["levels"] = _each(AreaLevel, found["levels"])
        found["proposals"] = _each(Asked, found["proposals"])
        found["changes"] = _each(LinkedSentence, found["changes"])
        found["questions"] = _each(LinkedSentence, found["questions"])
        found["target"] = TargetSummary(**found["target"]) if found["target"] else None
        return cls(**{each.name: found[each.name] for each in fields(cls)})


def _each(kind: type[T], rows: list[dict[str, Any]]) -> list[T]:
    return [kind(**row) for row in rows]


def light_words() -> dict[str, str]:
    """Return what each light is called."""
    return {
        AreaLight.ACT: _("Something must be done"),
        AreaLight.WATCH: _("Keep an eye on it"),
        AreaLight.GOOD: _("In order"),
        AreaLight.UNKNOWN: _("Not known"),
    }


def trend_words() -> dict[str, str]:
    """Return what each trend is called; nothing where there is nothing to compare with."""
    return {
        AreaTrend.BETTER: _("better than last time"),
        AreaTrend.SAME: _("as last time"),
        AreaTrend.WORSE: _("worse than last time"),
        AreaTrend.FIRST: "",
    }


def picture_of(
    *,
    actor: Actor,
    organisation: Organisation,
    today: date,
    proposals: list[DecisionProposal] | None = None,
) -> ManagementPicture:
    """Return the state of an organisation as its management reads it, in the active language.

    Args:
        actor: sees what their role allows; what it hides is not told.
        organisation: whose state it is.
        today: the day for which it is asked.
        proposals: those that are shown; without them, all that wait.

    """
    whose: dict[str, Any] = {"actor": actor, "organisation": organisation.pk}
    last, target = meeting_last(**whose), target_agreed(**whose)
    since = last.held_on if last else today - timedelta(days=SINCE_DAYS)
    seen = Seen(
        actor=actor,
        organisation=organisation,
        today=today,
        since=since,
        targets=dict(target.levels) if target else {},
    )
    waiting = proposals_waiting(**whose) if proposals is None else proposals
    words, before = words_now(**whose), lights_frozen(last)
    areas = [_area(seen, text, words.get(text.key), before) for text in area_texts()]
    return ManagementPicture(
        as_of=day_text(today),
        since=day_text(since),
        sentence=state_sentence([area.light for area in areas], waiting),
        areas=areas,
        levels=_levels(seen),
        proposals=[asked_of(proposal) for proposal in waiting],
        changes=[*_moved(areas), *changes_since(seen)],
        questions=questions_worth_asking(
            seen, [(a.light, a.question) for a in areas if a.light != AreaLight.GOOD]
        ),
        target=_target(target),
    )


def _levels(seen: Seen) -> list[AreaLevel]:
    return [
        AreaLevel(
            name=row.area.name,
            today=row.move.today,
            last=row.move.last,
            target=row.move.target or seen.targets.get(row.area.key),
        )
        for row in seen.levels
    ]


def lights_frozen(meeting: Meeting | None) -> dict[str, str]:
    """Return how the areas stood in a frozen meeting."""
    pictures = list((meeting.pack if meeting else {}).get("pictures", {}).values())
    return {area["key"]: area["light"] for area in pictures[0]["areas"]} if pictures else {}


def _area(
    seen: Seen, text: ManagementAreaText, word: AreaWord | None, before: dict[str, str]
) -> AreaPicture:
    facts, lacks = facts_of(seen, text), is_missing(seen, text)
    light = light_of_area(
        [fact.light for fact in facts],
        judged=AreaLight(word.judged) if word else None,
        has_register=not lacks,
    )
    trend = trend_of(light, before.get(text.key))
    return AreaPicture(
        key=text.key,
        name=text.name,
        question=text.question,
        evidence=text.evidence,
        article=text.article,
        light=light.value,
        light_word=light_words()[light],
        trend=trend.value,
        trend_word=trend_words()[trend],
        facts=facts,
        words=word.text if word else "",
        words_from=_words_from(word),
        missing=text.missing if lacks else "",
        ask=text.ask if lacks else "",
    )


def _words_from(word: AreaWord | None) -> str:
    if word is None:
        return ""
    name = who_text(word.written_by)
    return _("%(name)s, %(day)s") % {
        "name": name,
        "day": day_text(timezone.localdate(word.written_at)),
    }


def asked_of(proposal: DecisionProposal) -> Asked:
    """Return a proposal as it is shown."""
    is_waiting = proposal.is_waiting
    return Asked(
        pk=proposal.pk,
        title=proposal.title,
        why=proposal.why,
        recommendation=proposal.recommendation,
        if_yes=proposal.if_yes,
        if_no=proposal.if_no,
        cost=proposal.cost,
        needed_by=day_text(proposal.needed_by) if proposal.needed_by else "",
        asked_by=who_text(proposal.asked_by),
        source=proposal.source_text,
        outcome="" if is_waiting else str(proposal.get_state_display()),
        reason=proposal.reason,
    )


def _target(target: TargetPicture | None) -> TargetSummary | None:
    if target is None:
        return None
    decided = target.decision
    agreed = (
        _("Decided on %(day)s by %(who)s.")
        % {"day": day_text(decided.decided_on), "who": decided.decided_by}
        if decided
        else ""
    )
    return TargetSummary(
        title=str(target), text=target.text, principles=target.principle_lines, agreed=agreed
    )


def _moved(areas: list[AreaPicture]) -> list[LinkedSentence]:
    """Return which areas have moved since last time."""
    return [
        LinkedSentence(text=f"{area.name}: {area.trend_word}.", url=f"#area-{area.key}")
        for area in areas
        if area.trend in {AreaTrend.BETTER, AreaTrend.WORSE}
    ]


def state_sentence(lights: list[str], waiting: list[DecisionProposal]) -> str:
    """Return the state in one sentence, and how many decisions wait."""
    act, watch = lights.count(AreaLight.ACT), lights.count(AreaLight.WATCH)
    good, unknown = lights.count(AreaLight.GOOD), lights.count(AreaLight.UNKNOWN)
    parts = [
        ngettext("%d needs action", "%d need action", act) % act,
        ngettext("%d is to be watched", "%d are to be watched", watch) % watch,
        pgettext("areas", "%d in order") % good,
        ngettext("%d we know too little of", "%d we know too little of", unknown) % unknown,
    ]
    told = ", ".join(p for p, n in zip(parts, (act, watch, good, unknown), strict=True) if n)
    text = _("Of our %(all)d areas: %(told)s.") % {"all": len(lights), "told": told}
    if asked := sum(proposal.is_waiting for proposal in waiting):
        ask = ngettext("%d decision waits for you.", "%d decisions wait for you.", asked)
        return f"{text} {ask % asked}"
    return text
