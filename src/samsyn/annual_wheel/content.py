"""The templates of the pack, in the reader's language, and how a turn is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import formats, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samsyn.annual_wheel.models import Occurrence
from samsyn.content.packs import localised, pack

PACK = "annual_wheel/activities.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityTemplate:
    """An activity of the pack in words."""

    key: str
    title: str
    output: str
    role: str
    together_with: str
    frequency: str
    months: tuple[int, ...]
    from_day: int
    to_day: int
    area: str
    legal_ground: str
    is_usual: bool  # what we would begin with


def templates(language: str | None = None) -> list[ActivityTemplate]:
    """Return the templates in a language: monthly first, then quarterly, then yearly."""
    spoken = language or get_language() or "en"
    with translation.override(spoken):
        return [_template(key, found, spoken) for key, found in pack(PACK)["activities"].items()]


def template_keys() -> frozenset[str]:
    """Return the keys that the pack knows."""
    return frozenset(pack(PACK)["activities"])


def occurrence_title(occurrence: Occurrence) -> str:
    """Return what a turn of an activity is called: the activity and the month."""
    month = formats.date_format(occurrence.due_on, "YEAR_MONTH_FORMAT")
    return f"{occurrence.activity.title}, {month}"


def _template(key: str, found: Any, language: str) -> ActivityTemplate:
    first, last = found["days"]
    return ActivityTemplate(
        key=key,
        title=localised(found["title"], language),
        output=localised(found["output"], language),
        role=found["role"],
        together_with=localised(found["with"], language) if "with" in found else "",
        frequency=found["frequency"],
        months=tuple(found["months"]),
        from_day=first,
        to_day=last,
        area=found["area"],
        legal_ground=_ground(found["law"]),
        is_usual=found["is_usual"],
    )


def _ground(law: Any) -> str:
    """Return the law in a line; that it fits is a proposal, which the line says."""
    parts = [_("NIS2 article %s") % law["nis2"]] if law["nis2"] else []
    if law["ir2690"]:
        parts.append(_("Regulation 2024/2690 point %s") % law["ir2690"])
    line = "; ".join(parts)
    return _("%s (proposed)") % line if line and law["certainty"] == "proposal" else line
