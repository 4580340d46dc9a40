"""What indicators may ask of the maturity dialogue: the latest that was closed by a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.measuring import Measure, Measured, measure
from samsyn.maturity.models import DialogueArea, DialogueStep
from samsyn.maturity.rules import AreaProgress, levels_left, lowest_level, median_level


def lowest(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return the lowest agreed level of any area."""
    found = {pk: lowest_level(_levels(moves)) for pk, moves in moves_of(organisations, on).items()}
    return {pk: Measured(float(level)) for pk, level in found.items() if level is not None}


def middle(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return the median of the areas' agreed levels."""
    found = {pk: median_level(_levels(moves)) for pk, moves in moves_of(organisations, on).items()}
    return {pk: Measured(level) for pk, level in found.items() if level is not None}


def to_target(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return how many levels are left to the targets of all areas together."""
    found = {pk: levels_left(moves) for pk, moves in moves_of(organisations, on).items()}
    return {pk: Measured(*left) for pk, left in found.items() if left is not None}


def moves_of(organisations: Collection[int], on: date) -> dict[int, list[AreaProgress]]:
    """Return the areas of each organisation's latest closed dialogue, in one query."""
    latest = areas_of(organisations, on)
    return {
        pk: [AreaProgress(area.agreed, target=area.target) for area in areas]
        for pk, areas in latest.items()
    }


def areas_of(organisations: Collection[int], on: date) -> dict[int, list[DialogueArea]]:
    """Return the same as the areas themselves, each with its dialogue."""
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), time()))
    rows = DialogueArea.unscoped.filter(  # scope: the organisations are given
        dialogue__organisation__in=list(organisations),
        dialogue__step=DialogueStep.CLOSED,
        dialogue__closed_at__lt=end,
    ).select_related("dialogue")
    found: dict[int, list[DialogueArea]] = defaultdict(list)
    for area in rows.order_by("-dialogue__held_on", "-dialogue", "place"):
        kept = found[area.dialogue.organisation_id]
        if not kept or kept[0].dialogue_id == area.dialogue_id:
            kept.append(area)
    return found


def _levels(moves: list[AreaProgress]) -> list[int]:
    return [move.today for move in moves if move.today is not None]


def measures_register() -> None:
    """Register the measures; when Django starts."""
    for key, word, unit, answer in (
        ("maturity.lowest", _("lowest maturity level of any area"), "level", lowest),
        ("maturity.median", _("median maturity level"), "level", middle),
        ("maturity.to_target", _("levels left to the targets"), "count", to_target),
    ):
        measure(Measure(key=key, word=word, unit=unit, answer=answer))
