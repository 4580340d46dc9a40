"""What a room tells the rest of the house about itself, and how the house finds it.

Each room has a ``room.py`` with one ``ROOM``. The settings, the addresses, the menu, the API, the
limits and the words of the change log are made from all of them, so that none of these names a
room. The declaration is read before Django knows any model: it names modules by text and imports
nothing of the room itself.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from importlib import import_module
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationPage:
    """A page that the menu leads to, for whoever has the permission anywhere.

    Args:
        part: of the menu, a key of ``PART_NAMES`` in the settings.
        place: where it stands in its part; the lowest is first.
        label: its word in the menu.
        url_name: of the page.
        permission: who is led there; None is everybody.
        key: the letter that opens it after ``g``.
        below: how the names of pages begin that stand under it, of those in the same room. The
            usual is all of them.

    """

    part: str
    place: int
    label: Any
    url_name: str
    permission: str | None = None
    key: str = ""
    below: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many of a thing one organisation, person or other thing may have unless set otherwise.

    Args:
        most: the number.
        of: what is counted, for whoever runs the server.
        refused: what is said when it is reached, with ``%(most)d``.

    """

    most: int
    of: str
    refused: Any


@dataclass(frozen=True, slots=True)
class ApiMount:
    """A router of the API.

    Args:
        at: its address below ``/api/``.
        label: what is fetched there, for the change log.
        router: module and name in the room.
        tag: what it stands under in the description of the API; ``at`` if empty.

    """

    at: str
    label: Any
    router: str = "api.router"
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Searched:
    """What the search finds in a room.

    Args:
        place: where it stands among what is found; the lowest is first.
        label: what such things are called.
        rows: module and name in the room of what is given ``actor`` and ``search``, and returns
            the rows that the actor may see.

    """

    place: int
    label: Any
    rows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Everything that other parts of the house ask a room for.

    Args:
        addresses: by how they begin, the room's module that has them.
        pages: in the menu.
        api: routers of the API.
        examples: what the description of the API shows in a field, by its name, or by the name of
            its schema and its own (``SupplierIn.name``) where the same word means something else.
        asked: what the description of the API says of a parameter of a list, by its name, or by
            the name of its operation and its own (``supplier_list.contract``).
        limits: how many of a thing one may have, by name.
        deeds: what its commands and events are called in the change log.
        states: words of states that things of this room are in, each with its tone (``ui.Tone``).
        styles: style sheets that every page loads, below the static address.
        newest: functions, by module and name in the room, that return the newest moment on record.
        upload_limits: functions, likewise, that return how many bytes a file may have.
        searched: what the search finds in this room.
        search: name of the page that searches everywhere, where this room has it.
        demonstration: the function that puts invented things of this room into the
            demonstration, by module and name: it is given ``actor`` and ``today``.

    """

    addresses: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[NavigationPage, ...] = ()
    api: tuple[ApiMount, ...] = ()
    examples: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    deeds: Mapping[str, Any] = field(default_factory=dict)
    states: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    styles: tuple[str, ...] = ()
    newest: tuple[str, ...] = ()
    upload_limits: tuple[str, ...] = ()
    searched: tuple[Searched, ...] = ()
    search: str = ""
    demonstration: str = ""


def packages() -> list[str]:
    """Return the names of all packages in the house, sorted."""
    return sorted(found.name for found in pkgutil.iter_modules([str(PACKAGE)]) if found.ispkg)


@lru_cache(maxsize=1)
def rooms() -> dict[str, Room]:
    """Return what each room declares, by its name."""
    named = [name for name in packages() if (PACKAGE / name / "room.py").exists()]
    return {name: import_module(f"samsyn.{name}.room").ROOM for name in named}


def gathered(part: str) -> dict[str, Any]:
    """Return one part of all declarations that has names, such as ``limits``.

    Raises:
        ValueError: two rooms use one name.

    """
    found: dict[str, Any] = {}
    for name, room in rooms().items():
        for key, value in getattr(room, part).items():
            if key in found:
                raise ValueError(f"{name} declares {key!r} among its {part}; another room does so")
            found[key] = value
    return found


def functions(part: str) -> Iterator[Any]:
    """Yield the functions that declarations name in one part, such as ``newest``."""
    for name, room in rooms().items():
        named = getattr(room, part)
        for path in (named,) if isinstance(named, str) else named:
            if path:
                yield function(name, path)


def function(room: str, path: str) -> Any:
    """Return what a declaration names by module and name in its room.

    Example:
        >>> function("kernel", "rooms.packages")()[0]
        'access'

    """
    module, *names = path.split(".")
    return reduce(getattr, names, import_module(f"samsyn.{room}.{module}"))
