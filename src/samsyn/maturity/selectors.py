from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.rows import beyond_scope
from samsyn.kernel.errors import NotFound
from samsyn.maturity.models import (
    Dialogue,
    DialogueArea,
    DialogueStep,
    Participant,
    Proposal,
    Rating,
)
from samsyn.maturity.rules import AreaProgress, Spread, group_spreads, spread_of


@dataclass(slots=True, kw_only=True)
class AreaStanding:
    """One area of a dialogue with all that may be said of it."""

    area: DialogueArea
    move: AreaProgress
    answered: int = 0
    spread: Spread | None = None
    groups: dict[str, Spread] = field(default_factory=dict)
    aspects: dict[str, Spread] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    before: DialogueArea | None = None


def dialogue_list(
    *, actor: Actor, organisation: int | None = None, step: str = ""
) -> QuerySet[Dialogue]:
    """Return dialogues, newest first, with how many areas are agreed."""
    rows = Dialogue.objects.visible_to(actor).select_related("organisation")
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    if step:
        rows = rows.filter(step=step)
    counted: QuerySet[Dialogue] = rows.annotate(
        areas_total=Count("areas"), areas_agreed=Count("areas", filter=Q(areas__agreed__gt=0))
    )
    return counted.order_by("-held_on", "-pk")  # said here: what counts loses the model's order


def dialogue_get(*, actor: Actor, pk: int) -> Dialogue:
    """Return one dialogue.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    rows = Dialogue.objects.visible_to(actor).select_related("organisation", "previous", "decision")
    found: Dialogue | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such dialogue."))
    return found


def area_get(*, actor: Actor, pk: int) -> DialogueArea:
    """Return one area of a dialogue.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    rows = DialogueArea.objects.visible_to(actor).select_related("dialogue__organisation")
    found: DialogueArea | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such area."))
    return found


def proposal_get(*, actor: Actor, pk: int) -> Proposal:
    """Return one proposal.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    rows = Proposal.objects.visible_to(actor).select_related("area__dialogue__organisation")
    found: Proposal | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such proposal."))
    return found


def participant_list(*, actor: Actor, dialogue: Dialogue) -> QuerySet[Participant]:
    """Return who has been invited to a dialogue."""
    return Participant.objects.visible_to(actor).filter(dialogue=dialogue)


NUMBERS = "numbers and nothing more of a dialogue already seen"


@beyond_scope(NUMBERS)
def raters(dialogue: Dialogue) -> int:
    """Return how many have rated anything in a dialogue; a number and nothing more."""
    rows = Rating.unscoped.filter(area__dialogue=dialogue)  # scope: a number of a dialogue seen
    return rows.values("rater").distinct().count()


@beyond_scope(NUMBERS)
def answered_by_area(dialogue: Dialogue) -> dict[int, int]:
    """Return how many have rated each area, by the area's id."""
    rows = Rating.unscoped.filter(area__dialogue=dialogue)  # scope: numbers of a dialogue seen
    counted = rows.order_by().values_list("area").annotate(n=Count("pk"))
    return dict(counted)


@beyond_scope(NUMBERS)
def standing_mark(dialogue: Dialogue) -> str:
    """Return a mark that changes whenever the meeting's screen does; two quick look-ups.

    Ratings do not touch the dialogue's own row, so that twenty phones need not wait in line.
    """
    rows = Dialogue.unscoped.filter(pk=dialogue.pk)  # scope: of a dialogue seen
    version = rows.values_list("version", flat=True).first() or 0
    given = Rating.unscoped.filter(area__dialogue=dialogue.pk).count()  # scope: a number
    return f"{version}.{given}"


def standings(*, actor: Actor, dialogue: Dialogue) -> list[AreaStanding]:
    """Return how each area stands; ratings only of areas that the meeting has shown.

    Before an area is shown nothing but the number of answers is told, so that nobody can
    watch whose answer moved the picture.
    """
    proposals = Proposal.objects.visible_to(actor).select_related("action")
    found = DialogueArea.objects.visible_to(actor).filter(dialogue=dialogue)
    areas = list(found.prefetch_related(Prefetch("proposals", proposals)))
    before = _areas_before(actor, dialogue)
    answered = answered_by_area(dialogue)
    given = _ratings([area.pk for area in areas if area.is_revealed])
    for area in areas:
        area.dialogue = dialogue
    return [
        _standing(area, before.get(area.key), answered.get(area.pk, 0), given[area.pk])
        for area in areas
    ]


def levels_before(
    *, actor: Actor, dialogue: Dialogue
) -> list[tuple[Dialogue, dict[str, int | None]]]:
    """Return the closed dialogues of the same organisation before this one, the oldest first.

    With each the agreed level of its areas, by key; two queries.
    """
    rows = dialogue_list(
        actor=actor, organisation=dialogue.organisation_id, step=DialogueStep.CLOSED
    ).filter(held_on__lt=dialogue.held_on)
    found = list(rows.order_by("held_on", "pk"))
    areas = DialogueArea.objects.visible_to(actor).filter(dialogue__in=found)
    levels: dict[int, dict[str, int | None]] = defaultdict(dict)
    for pk, key, agreed in areas.values_list("dialogue", "key", "agreed"):
        levels[pk][key] = agreed
    return [(each, levels[each.pk]) for each in found]


def _areas_before(actor: Actor, dialogue: Dialogue) -> dict[str, DialogueArea]:
    if dialogue.previous_id is None:
        return {}
    rows = DialogueArea.objects.visible_to(actor).filter(dialogue=dialogue.previous_id)
    return {area.key: area for area in rows}


@beyond_scope(NUMBERS)
def _ratings(areas: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    rows = Rating.unscoped.filter(area__in=list(areas))  # scope: of areas seen; told as counts
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("pk").values("area", "group", "level", "aspects", "reason"):
        found[row["area"]].append(dict(row))
    return found


def _standing(
    area: DialogueArea,
    before: DialogueArea | None,
    answered: int,
    given: list[dict[str, Any]],
) -> AreaStanding:
    spread = spread_of(row["level"] for row in given)
    return AreaStanding(
        area=area,
        move=AreaProgress(area.agreed, before.agreed if before else None, area.target),
        answered=answered,
        spread=spread,
        groups=_by_group(given),
        aspects=_by_aspect(given),
        words=_words(given) if spread else (),
        proposals=tuple(area.proposals.all()),
        before=before,
    )


def _by_group(given: list[dict[str, Any]]) -> dict[str, Spread]:
    levels: dict[str, list[int]] = defaultdict(list)
    for row in given:
        levels[row["group"]].append(row["level"])
    return group_spreads(levels)


def _by_aspect(given: list[dict[str, Any]]) -> dict[str, Spread]:
    levels: dict[str, list[int]] = defaultdict(list)
    for row in given:
        for key, level in row["aspects"].items():
            levels[key].append(level)
    spreads = {key: spread_of(found) for key, found in levels.items()}
    return {key: spread for key, spread in spreads.items() if spread}


def _words(given: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return what people wrote, by the alphabet: the order tells nothing of who it was."""
    return tuple(sorted({row["reason"].strip() for row in given if row["reason"].strip()}))


@beyond_scope("one's own seat names them")
def own_ratings(*, dialogue: Dialogue, rater: str) -> dict[int, Rating]:
    """Return what one seat has rated, by area; only the seat itself has the name to ask with."""
    rows = Rating.unscoped.filter(area__dialogue=dialogue, rater=rater)  # scope: one's own
    return {rating.area_id: rating for rating in rows}


def latest_closed(*, actor: Actor, organisation: int) -> Dialogue | None:
    """Return the newest closed dialogue of an organisation, or None."""
    return dialogue_list(actor=actor, organisation=organisation, step=DialogueStep.CLOSED).first()
