"""The indicators of the pack, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from samsyn.content.packs import localised, pack

PACK = "indicators/indicators.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorTemplate:
    """An indicator of the pack in words."""

    key: str
    name: str
    definition: str
    unit: str
    direction: str
    target: float | None
    band: float
    hint: str  # what the source suggests, in its own words
    frequency: str
    measure: str
    origin: str  # C, N or S; see the pack
    certainty: str
    is_usual: bool  # what we would begin with


def templates(language: str | None = None) -> list[IndicatorTemplate]:
    """Return the templates in a language; what Samsyn measures by itself comes first."""
    spoken = language or get_language() or "en"
    found = [_template(key, row, spoken) for key, row in pack(PACK)["indicators"].items()]
    return sorted(found, key=lambda template: not template.measure)


def template_keys() -> frozenset[str]:
    """Return the keys that the pack knows."""
    return frozenset(pack(PACK)["indicators"])


def template_named(key: str) -> IndicatorTemplate | None:
    """Return the template that an indicator began from, or None for one of one's own."""
    row = pack(PACK)["indicators"].get(key)
    return _template(key, row, get_language() or "en") if row else None


def origin_words(origin: str) -> str:
    """Return where a template comes from and how certain its suggestion is, in words."""
    return str(localised(pack(PACK)["origins"][origin]))


def _template(key: str, row: Any, language: str) -> IndicatorTemplate:
    return IndicatorTemplate(
        key=key,
        name=localised(row["name"], language),
        definition=localised(row["definition"], language),
        unit=row["unit"],
        direction=row["direction"],
        target=row["target"],
        band=row["band"] or 0,
        hint=localised(row["hint"], language),
        frequency=row["frequency"],
        measure=row["measure"],
        origin=row["origin"],
        certainty=row["certainty"],
        is_usual=row["is_usual"],
    )
