"""Law on tests: every command is asked for by its name in a test of its own room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.laws import PACKAGE, ROOT, rooms

pytestmark = pytest.mark.once


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def commands(tree: ast.AST) -> Iterator[str]:
    """Yield the name of each function that ``@command`` makes a command of its own room.

    Not those with a ``name``: they are made for another room, whose contract asks for them
    (tests/entities/contract.py).
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(map(_is_gate, node.decorator_list)):
            yield node.name


def _is_gate(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Name)
        and decorator.func.id == "command"
        and not any(given.arg == "name" for given in decorator.keywords)
    )


def used(tree: ast.AST) -> set[str]:
    """Return the names that a module uses; to import one is not to use it."""
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def commands_of(room: str) -> set[str]:
    paths = (PACKAGE / room).rglob("*.py")
    return {name for path in paths for name in commands(_tree(path))}


def used_in_tests_of(room: str) -> set[str]:
    paths = (ROOT / "tests" / room).rglob("*.py")
    return {name for path in paths for name in used(_tree(path))}


@pytest.mark.parametrize("room", rooms())
def test_every_command_is_named_in_a_test_of_its_room(room):
    lacking = commands_of(room) - used_in_tests_of(room)
    assert not lacking, f"write in tests/{room} who may do it, what it changes, what it refuses"


def test_commands_are_found():
    found = {room: commands_of(room) for room in rooms()}
    assert {"organisation_create", "agreement_sign"} <= found["organisations"]
    assert "owner_remind" in found["actions"]
    assert not found["entities"]
    assert sum(map(len, found.values())) > 100


def test_the_law_catches_a_planted_fault():
    room = ast.parse("@command(Permission.X)\ndef thing_do(*, actor): ...\n")
    assert set(commands(room)) == {"thing_do"}
    test = "from samsyn.rooms.services import thing_do\n\ndef test_it(cast):\n    "
    assert "thing_do" not in used(ast.parse(test + "assert 'thing_do'"))
    assert "thing_do" in used(ast.parse(test + "thing_do(actor=cast.astrid)"))
    assert "thing_do" in used(ast.parse(test + "services.thing_do(actor=cast.astrid)"))
