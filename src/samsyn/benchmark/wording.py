"""The benchmark in words: what a figure is called, and where one stands in it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from samsyn.access.letters import as_read
from samsyn.benchmark.figures import AREA
from samsyn.benchmark.models import Round
from samsyn.benchmark.rules import GroupPosition, half_read, place_of
from samsyn.benchmark.selectors import Comparison
from samsyn.indicators.content import IndicatorTemplate, templates
from samsyn.indicators.models import Unit
from samsyn.maturity.content import area_keys, area_name

PLACES = {
    GroupPosition.BEST: gettext_lazy("better than three quarters"),
    GroupPosition.MIDDLE: gettext_lazy("among the middle half"),
    GroupPosition.WORST: gettext_lazy("worse than three quarters"),
}


def half_text(key: str) -> str:
    """Return a half-year as people say it."""
    year, half = half_read(key)
    words = _("first half of %d") if half == 1 else _("second half of %d")
    return words % year


def comparisons_of(found: Round, own: Mapping[str, float]) -> list[Comparison]:
    """Return each published figure with one's own value: first the areas, then indicators."""
    known = {template.key: template for template in templates()}
    published = found.published
    order = [f"{AREA}:{key}" for key in area_keys()]
    named = [(as_read(_meaning(key, known)[0]), key) for key in published if key not in order]
    order += [key for _name, key in sorted(named)]
    rows = []
    for key in order:
        if key not in published:
            continue
        name, unit, direction = _meaning(key, known)
        rows.append(
            Comparison(
                key=key, name=name, unit=unit, direction=direction, published=published[key],
                own=own.get(key),
                place=place_of(own.get(key), published[key].quartiles, direction=direction),
            )
        )  # fmt: skip
    return rows


def says(row: Comparison) -> str:
    """Return where one stands, or why that is not told."""
    if row.group is None:
        lacking = row.published.lacking
        words = ngettext(
            "withheld: %d more contributor is needed", "withheld: %d more contributors are needed",
            lacking,
        )  # fmt: skip
        return words % lacking
    if row.place is None:
        return _("you have contributed no value")
    return str(PLACES[row.place])


def _meaning(key: str, known: Mapping[str, IndicatorTemplate]) -> tuple[str, str, str]:
    kind, _colon, rest = key.partition(":")
    if kind == AREA:
        return area_name(rest, rest), Unit.LEVEL, "up"
    template = known.get(rest)
    return (template.name, template.unit, template.direction) if template else (rest, "", "up")
