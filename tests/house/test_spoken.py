"""Law on what people read: every text that code says to them goes through gettext."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

import pytest

from tests.house.laws import PACKAGE

BUILT_IN = {
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
# What is raised for whoever runs or builds Samsyn and never reaches a page or an API answer.
FOR_OPERATORS = BUILT_IN | {"CommandError", "ImproperlyConfigured", "ScopeMissing"}
SPEAKERS = {"add_error", "success", "error", "warning", "info", "HttpError", "ValidationError"}
OF_MESSAGES = {"success", "error", "warning", "info"}
TRANSLATES = ("gettext", "ngettext", "pgettext", "npgettext")
EXEMPT = {
    "backups": "said on the command line of whoever runs the installation, in English",
    "settings": "said when Samsyn starts, in English",
    "access/cli.py": "said by the command line of its own arguments, as argparse says the rest",
    "demonstration": "said on the command line of whoever sets up a demonstration",
    "access/database_roles.py": "said on the command line of whoever runs the installation",
    "monitoring/schema.py": "said on the command line by schema_install",
    "monitoring/schema_files.py": "said on the command line by schema_install",
}


def spoken(source: str) -> Iterator[str]:
    """Yield each English text that is handed to an error or a message without gettext."""
    tree = ast.parse(source)
    said = _translators(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            is_ours = _name(node.exc.func) not in FOR_OPERATORS
            yield from _untranslated(node.exc, said) if is_ours else ()
        elif isinstance(node, ast.Call) and _speaks(node.func):
            yield from _untranslated(node, said)


def _speaks(func: ast.expr) -> bool:
    name = _name(func)
    if name in OF_MESSAGES:  # of Django's messages, not of a log
        return isinstance(func, ast.Attribute) and _name(func.value) == "messages"
    return name in SPEAKERS


def _translators(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith(TRANSLATES)
    }


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _untranslated(node: ast.AST, said: set[str]) -> Iterator[str]:
    """Yield the texts with a blank in them below a node; what gettext is given is none."""
    if isinstance(node, ast.Call) and _name(node.func) in said:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if " " in node.value.strip():
            yield node.value
        return
    for child in ast.iter_child_nodes(node):
        yield from _untranslated(child, said)


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        where = path.relative_to(PACKAGE).as_posix()
        if "/management/" not in where and "/migrations/" not in where:  # the command line
            yield where, path.read_text()


def is_exempt(where: str) -> bool:
    return any(where == each or where.startswith(f"{each}/") for each in EXEMPT)


def test_no_error_or_message_is_said_in_english_only():
    assert [(w, t) for w, code in sources() if not is_exempt(w) for t in spoken(code)] == []


@pytest.mark.parametrize("where", EXEMPT)
def test_no_exemption_is_stale(where):
    within = [c for w, c in sources() if w == where or w.startswith(f"{where}/")]
    assert any(list(spoken(code)) or "raise" in code for code in within)


@pytest.mark.parametrize(
    ("planted", "seen"),
    [
        ('raise RuleViolation("It is too late.")', 1),
        ('raise FileError([f"row {row}: the file is not UTF-8"])', 1),
        ('form.add_error(None, "Say by when.")', 1),
        ('messages.error(request, "It did not work.")', 1),
        ('log.error("It did not work.")', 0),
        ('raise ValueError("It is no number.")', 0),
        ('raise NotFound(code="no_such_thing")', 0),
        ('from x import gettext as _\nraise RuleViolation(_("It is too late."), field="day")', 0),
    ],
)
def test_the_law_catches_planted_faults(planted, seen):
    assert len(list(spoken(planted))) == seen
