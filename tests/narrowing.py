"""Picks from the laws what one room's change can break: ``pytest --room findings tests/house``.

A law that is asked for each page, path, model or command is asked for those of the rooms that are
named. One that is asked once for the whole house stays. What says nothing of a room stays, too.
A law that stands in the tests of one room is marked: ``pytest.mark.every_room``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

HOUSE = Path(__file__).parent / "house"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the rooms be named."""
    parser.addoption("--room", action="append", default=[], help="ask the laws of this room only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the laws ask of other rooms, and what takes long and walks through all."""
    wanted = set(config.getoption("--room"))
    if not wanted:
        return
    known = _known()
    kept, left = [], []
    for item in items:
        (kept if _is_wanted(item, wanted, known) else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def room_of(name: str) -> str:
    """Return the room that a page, an address, a path of the API or a command belongs to, or ""."""
    found = (_known().get(word) for word in _words({"": name}))
    return next(filter(None, found), "")


def _is_wanted(item: pytest.Item, wanted: set[str], known: dict[str, str]) -> bool:
    is_law = item.get_closest_marker("every_room") and item.path.parent.name not in wanted
    if not is_law and not item.path.is_relative_to(HOUSE):
        return True
    if item.get_closest_marker("slow"):
        return False
    callspec = getattr(item, "callspec", None)
    about = {known.get(word) for word in _words(callspec.params)} - {None} if callspec else set()
    return not about or bool(about & wanted)


def _words(params: dict[str, Any]) -> Iterator[str]:
    """Yield what a parameter can name a room by: its first part, or the room's folder."""
    for value in params.values():
        name = getattr(value, "url_name", None) or getattr(value, "_meta", value)
        text = str(name)
        if isinstance(value, Path):
            yield from value.parts
        elif text.startswith("/api/"):
            yield f"/api/{text.split('/')[2]}"
        elif text.startswith("/"):
            yield f"/{text.split('/')[1]}"
        else:
            yield re.split(r"[:.]", text)[0]


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Return by which words each room is named: itself, its pages, addresses and commands."""
    from django.core.management import get_commands
    from django.urls import get_resolver

    from samsyn.kernel.rooms import packages, rooms

    known = {name: name for name in packages()}
    ours = {name: app for name, app in get_commands().items() if app.startswith("samsyn.")}
    known |= {name: app.split(".")[1] for name, app in ours.items()}
    for name, room in rooms().items():
        known |= {f"/api/{mount.at}": name for mount in room.api}
        known |= {f"/{begins.strip('/')}": name for begins in room.addresses if begins}
    for entry in get_resolver().url_patterns:
        module = getattr(getattr(entry, "urlconf_module", None), "__name__", "")
        if module.startswith("samsyn."):
            known[getattr(entry, "namespace", "") or ""] = module.split(".")[1]
    known.pop("", None)
    return known
