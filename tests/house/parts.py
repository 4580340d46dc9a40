"""What each room gives the laws: things to ask about, what its forms take, how its limits fill.

A room's own tests have a ``house.py`` with one ``PARTS``; the laws gather them, so that none of
them names a room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import Cast
from tests.narrowing import room_of

TESTS = Path(__file__).resolve().parent.parent
Maker = Callable[[Cast], Any]
FORMS = "asks for something new and offers only names that its own choice of organisation notes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What one room gives the laws.

    Args:
        made: by the name of a page, or of all pages of a room, what makes the thing it is about:
            something of Fjellvik's, or of its operator's.
        api: by the first part of an address of the API, the name in ``made`` whose thing it takes.
        bodies: by an address of the API, what is sent where the usual words mean something else.
        queries: by a page, what makes the part of its address after the question mark.
        given: by a page, what its form takes that its fields alone do not tell.
        ready: by a page, what makes a thing in the state in which its form is taken.
        filled: what makes something in each list.
        lists: by the address of a list, what makes its row of a number.
        own_lists: which of them are closed to the organisation's CSIRT.
        lists_of_all: addresses of lists of things of several organisations.
        lists_of_one: addresses of lists and pictures that can be of one organisation.
        unrecorded: pages that leave no entry in the change log when they are read, and why.
        limits: by a limit, what counts what is there, and what adds one.

    """

    made: Mapping[str, Maker] = field(default_factory=dict)
    api: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    queries: Mapping[str, Callable[[Cast], str]] = field(default_factory=dict)
    given: Mapping[str, Callable[[Any], dict[str, Any]]] = field(default_factory=dict)
    ready: Mapping[str, Maker] = field(default_factory=dict)
    filled: tuple[Maker, ...] = ()
    lists: Mapping[str, Callable[[Cast, int], object]] = field(default_factory=dict)
    own_lists: tuple[str, ...] = ()
    lists_of_all: tuple[str, ...] = ()
    lists_of_one: tuple[str, ...] = ()
    unrecorded: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, tuple[Callable[[Cast], int], Maker]] = field(default_factory=dict)


@lru_cache(maxsize=1)
def rooms() -> dict[str, Parts]:
    """Return what each room gives, by its name."""
    named = sorted(path.parent.name for path in TESTS.glob("*/house.py"))
    return {name: import_module(f"tests.{name}.house").PARTS for name in named}


def named(part: str) -> dict[str, Any]:
    """Return what all rooms give under names, such as ``made``."""
    found: dict[str, Any] = {}
    for name, parts in rooms().items():
        for key, value in getattr(parts, part).items():
            assert key not in found, f"{name} gives {key!r} among its {part}; another room does so"
            found[key] = value
    return found


def listed(part: str) -> Iterator[Any]:
    """Yield what all rooms give in a row, such as ``filled``."""
    for parts in rooms().values():
        yield from getattr(parts, part)


EXAMPLES = {  # what is written under a name, and what is meant by it
    "made": ("make_thing", "def make_thing(cast): return a new thing of cast.fjellvik"),
    "bodies": ('{"name": "x"}', "what the address takes, with values that fit"),
    "given": ('lambda _form: {"field": "value"}', "what is written into the form"),
    "lists": ("things", "def things(cast, number): make one more row, with a name of its own"),
    "filled": ("make_thing", "def make_thing(cast): make a row of cast.fjellvik"),
    "unrecorded": ('"shows nothing of anybody"', "the reason, in words"),
    "limits": ("(none, one_more)", "def one_more(cast): add one; none: nothing counts before"),
}


def lacking(part: str, key: str, why: str) -> str:
    """Return what a law says when a room has not given it something: what, where and how.

    Args:
        part: the name in ``Parts``.
        key: under which it should be: a page, an address of the API, the address of a list.
        why: what the law saw without it.

    """
    room = room_of(key) or "ROOM"
    is_there = (TESTS / room / "house.py").exists()
    new = "" if is_there else " (a new file, like tests/suppliers/house.py)"
    value, meant = EXAMPLES[part]
    written = f"({value},)" if part == "filled" else f'{{"{key}": {value}}}'
    return (
        f"{why}\nWrite in tests/{room}/house.py{new}, in PARTS:\n"
        f"    {part}={written},  # {meant}\n"
        "What each part is for: tests/house/parts.py."
    )


SAID: set[str] = set()  # rooms of which this run has said that they give the laws nothing


def lacking_once(part: str, key: str, why: str) -> str:
    """Return what ``lacking`` does; of a room that gives the laws nothing at all, once in a run.

    Every page of a new room would say the same: after the first the others are skipped, and the
    run has failed.
    """
    room = room_of(key) or key
    if (TESTS / room / "house.py").exists():
        return lacking(part, key, why)
    if room in SAID:
        pytest.skip(f"tests/{room}/house.py is not written: another law has failed for it")
    SAID.add(room)
    return (
        f"{lacking(part, key, why)}\nUntil then the other laws on {room} that ask it are skipped."
    )


def none(_cast: Cast) -> int:
    """Return that nothing is there that counts to a limit."""
    return 0


def csv(text: str) -> SimpleUploadedFile:
    """Return a file as a form takes it."""
    return SimpleUploadedFile("x.csv", text.encode(), content_type="text/csv")


def in_fjellvik(model: Any, **fields: Any) -> Callable[[Cast], int]:
    """Return what counts the rows of a model in Fjellvik."""
    return lambda cast: model.unscoped.filter(organisation=cast.fjellvik, **fields).count()
