"""What the pack says of the areas, the agenda and the law, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from samsyn.content.packs import localised, pack

PACK = "reporting/management.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementAreaText:
    """An area that management asks about, in words."""

    key: str
    name: str
    question: str
    evidence: str
    missing: str  # empty where what it is about is kept here
    ask: str
    article: str
    kinds: tuple[str, ...]  # the areas of actions, activities and maturity that belong to it
    indicators: tuple[str, ...]
    covered_by: frozenset[str]  # one of these indicators measured, and nothing is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaText:
    """A point of the agenda, in words."""

    key: str
    title: str
    about: str
    minutes: int


def area_keys() -> tuple[str, ...]:
    """Return the keys of the areas, in their order."""
    return tuple(pack(PACK)["areas"])


def area_texts() -> list[ManagementAreaText]:
    """Return the areas in the language that is active."""
    return [_area(key, found) for key, found in pack(PACK)["areas"].items()]


def area_name(key: str) -> str:
    """Return what an area is called."""
    found = pack(PACK)["areas"].get(key)
    return str(localised(found["name"])) if found else key


def _area(key: str, found: Any) -> ManagementAreaText:
    return ManagementAreaText(
        key=key,
        name=localised(found["name"]),
        question=localised(found["question"]),
        evidence=localised(found["evidence"]),
        missing=localised(found["missing"]) if "missing" in found else "",
        ask=localised(found["ask"]) if "ask" in found else "",
        article=_article(found["law"]),
        kinds=tuple(found["kinds"]),
        indicators=tuple(found["indicators"]),
        covered_by=frozenset(found.get("covered_by", ())),
    )


def _article(law: Any) -> str:
    line: str = _("NIS2 article %s") % law["nis2"]
    return _("%s (proposed)") % line if law["certainty"] == "proposal" else line


def agenda_texts(language: str | None = None) -> list[AgendaText]:
    """Return the usual agenda in a language."""
    return [
        AgendaText(
            key=key,
            title=localised(found["title"], language),
            about=localised(found["about"], language),
            minutes=int(found["minutes"]),
        )
        for key, found in pack(PACK)["agenda"].items()
    ]


def duties_of(country: str) -> list[str]:
    """Return what the law of a country asks of management, each with how sure we are and when."""
    words = {
        "official": _("read in the text itself"),
        "secondhand": _("read in others' accounts, not checked in the text"),
        "general": _("general knowledge, not checked"),
    }
    return [
        _("%(text)s (%(certainty)s, as of %(as_of)s)")
        % {
            "text": localised(each["text"]),
            "certainty": words[each["certainty"]],
            "as_of": each["as_of"],
        }
        for each in pack(PACK)["duties"]
        if each["country"] == country
    ]
