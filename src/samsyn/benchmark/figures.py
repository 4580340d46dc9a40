"""What a member contributes: the agreed levels of its latest dialogue, and fresh indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from samsyn.indicators.content import IndicatorTemplate, templates
from samsyn.indicators.models import Indicator
from samsyn.indicators.rules import is_fresh
from samsyn.indicators.selectors import standings
from samsyn.maturity.content import area_keys
from samsyn.maturity.measured import areas_of

AREA, INDICATOR = "area", "indicator"


def figures_of(organisations: Collection[int], *, on: date) -> dict[int, dict[str, float]]:
    """Return what each of these organisations contributes on a day, in a few queries.

    Only what means the same for all: the six areas of the dialogue, not an organisation's
    own; indicators of the pack whose unit and direction are still the pack's, measured lately.

    Args:
        organisations: ids of those that have agreed to it, or of one that looks at its own.
        on: the day.

    Returns:
        Values by organisation, under ``area:risk`` or ``indicator:restore_success``.

    """
    found: dict[int, dict[str, float]] = defaultdict(dict)
    shared = set(area_keys())
    for pk, areas in areas_of(organisations, on).items():
        for area in areas:
            if area.key in shared and area.agreed is not None:
                found[pk][f"{AREA}:{area.key}"] = float(area.agreed)
    known = {template.key: template for template in templates("en")}
    rows = Indicator.unscoped.filter(  # scope: the organisations are given
        organisation__in=list(organisations), is_retired=False, key__in=list(known)
    )
    for each in standings(rows, on=on):
        if each.value is None or each.measured_on is None:
            continue
        indicator = each.indicator
        is_told = is_fresh(each.measured_on, on=on, frequency=indicator.frequency)
        if is_told and _is_comparable(indicator, known[indicator.key]):
            found[indicator.organisation_id][f"{INDICATOR}:{indicator.key}"] = each.value
    return dict(found)


def _is_comparable(indicator: Indicator, template: IndicatorTemplate) -> bool:
    same = (indicator.unit, indicator.direction, indicator.measure)
    return same == (template.unit, template.direction, template.measure)
