"""Where our code changes the database, read from the text of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from tests.house.calls import Node

MANAGERS = frozenset({"objects", "unscoped", "_default_manager", "_base_manager"})
ALWAYS = frozenset({"bulk_create", "bulk_update", "get_or_create", "update_or_create"})
BARE = frozenset({"save", "delete"})  # without a plain argument; with one it is a file or a form
RELATED = frozenset({"add", "clear", "remove", "set"})  # of a field to many
SQL = frozenset({"execute", "executemany", "executescript", "callproc"})
READING = ("select", "pragma", "show ", "explain", "with ")


def writes_in(
    node: Node, text: str, many: frozenset[str], meaning: Callable[[str], str]
) -> list[str]:
    """Return the calls in a piece of code that change the database.

    Args:
        node: the piece.
        text: its whole module: SQL counts only where Django's or another connection is.
        many: the names of fields to many, in all models.
        meaning: returns the text that a name of the module stands for, or nothing.

    """
    has_connection = any(word in text for word in ("import connection", "psycopg", "sqlite3"))
    return [
        ast.unparse(call)[:80]
        for call in _calls(node)
        if _is_write(call, many) or (has_connection and _is_sql_write(call, meaning))
    ]


def _calls(node: Node) -> Iterator[ast.Call]:
    for part in node.walk():
        is_method = isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)
        if is_method and not ast.unparse(part.func.value).startswith("super()"):
            yield part


def _is_write(call: ast.Call, many: frozenset[str]) -> bool:
    name, of = _parts(call)
    if name in ALWAYS or (name in BARE and not call.args):
        return True
    if name == "create":
        return bool(MANAGERS & set(of))
    if name == "update":  # of a mapping it has an argument without a name
        return bool(call.keywords) and not call.args
    return name in RELATED and bool(of) and of[-1] in many


def _parts(call: ast.Call) -> tuple[str, list[str]]:
    """Return the name of a method that is called, and the names before it."""
    assert isinstance(call.func, ast.Attribute)
    before = [p.attr for p in ast.walk(call.func.value) if isinstance(p, ast.Attribute)]
    return call.func.attr, before[::-1]


def _is_sql_write(call: ast.Call, meaning: Callable[[str], str]) -> bool:
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr not in SQL or not call.args:
        return False
    return not _sql(call.args[0], meaning).strip().lower().startswith(READING)


def _sql(given: ast.expr, meaning: Callable[[str], str]) -> str:
    if isinstance(given, ast.Constant):
        return str(given.value)
    if isinstance(given, ast.JoinedStr):
        first = given.values[0]
        return str(first.value) if isinstance(first, ast.Constant) else ""
    if isinstance(given, ast.Name):
        return meaning(given.id)
    return ""
