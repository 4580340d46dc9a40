"""What the pack says of areas, levels and aspects, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samsyn.content.packs import localised, pack
from samsyn.maturity.rules import LEVELS

PACK, SUGGESTIONS = "maturity/dialogue.yaml", "maturity/suggestions.yaml"
OWN_PREFIX = "own-"  # of the keys of areas that an organisation has added itself


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelText:
    """A level of an area: its number, its nickname, and what each aspect looks like there."""

    level: int
    name: str
    summary: str
    aspects: tuple[tuple[str, str, str], ...]  # key, name of the aspect, what it looks like


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueAreaText:
    """An area in words."""

    key: str
    name: str
    scope: str
    steps: tuple[str, ...]
    levels: tuple[LevelText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A proposal to begin from, for an area on its way from one level to the next."""

    what: str
    how: str
    activity: str  # what of the year's wheel keeps it up


def area_keys() -> tuple[str, ...]:
    """Return the keys of the areas that the pack knows, in their order."""
    return tuple(pack(PACK)["areas"])


def area_name(key: str, own: str = "", language: str | None = None) -> str:
    """Return what an area is called; ``own`` for one that the organisation has added."""
    known = pack(PACK)["areas"].get(key)
    return str(localised(known["name"], language)) if known else own


def area_spoken(name: str) -> str:
    """Return an area's English name, as the trail keeps it, in the reader's language."""
    found = next((key for key in area_keys() if area_name(key, language="en") == name), "")
    return area_name(found, own=name)


def area_text(
    key: str, *, own: str = "", own_scope: str = "", language: str | None = None
) -> DialogueAreaText:
    """Return an area in words; an own area has the grid without a subject.

    Args:
        key: of the area, such as ``risk``.
        own: the name of an area that the organisation has added.
        own_scope: what that area is about.
        language: sv, nb or en; without one, the reader's.

    """
    content = pack(PACK)
    known = content["areas"].get(key)
    grid = known["aspects"] if known else content["generic"]
    return DialogueAreaText(
        key=key,
        name=area_name(key, own, language),
        scope=localised(known["scope"], language) if known else own_scope,
        steps=tuple(localised(s, language) for s in known["steps"].values()) if known else (),
        levels=tuple(_level(content, known, grid, level, language) for level in LEVELS),
    )


def level_names(language: str | None = None) -> dict[int, str]:
    """Return what the four levels are called."""
    levels = pack(PACK)["levels"]
    return {level: str(localised(levels[level]["nickname"], language)) for level in LEVELS}


def aspect_names(language: str | None = None) -> dict[str, str]:
    """Return what the five aspects are called, by their keys."""
    aspects = pack(PACK)["aspects"]
    return {key: str(localised(found["name"], language)) for key, found in aspects.items()}


def suggestions_for(key: str, level: int | None, language: str | None = None) -> list[Suggestion]:
    """Return what usually helps an area up from a level; nothing above the third."""
    found = pack(SUGGESTIONS)["areas"].get(key, {}).get(level or 1, [])
    return [
        Suggestion(
            what=localised(each["what"], language),
            how=localised(each["how"], language),
            activity=localised(each["activity"], language),
        )
        for each in found
    ]


def _level(content: Any, known: Any, grid: Any, level: int, language: str | None) -> LevelText:
    own = known["level_nicknames"][level] if known else content["levels"][level]["nickname"]
    names = aspect_names(language)
    return LevelText(
        level=level,
        name=localised(own, language),
        summary=localised(content["levels"][level]["summary"], language),
        aspects=tuple((key, names[key], localised(grid[key][level], language)) for key in names),
    )
