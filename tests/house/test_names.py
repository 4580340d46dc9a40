"""Laws on names: a class name means one thing, and names that had to be explained stay away."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache

import pytest

from tests.house.laws import PACKAGE

pytestmark = pytest.mark.once  # reads the code

SHARED = {
    "Command": "Django finds a management command under this name in its module",
    "Migration": "Django finds a migration under this name in its module",
}
RETIRED = {
    "Act": "Button",
    "BulkAct": "BulkButton",
    "Later": "Param",
    "NameSaid": "ReportName",
    "Post": "SmtpSession",
    "Reached": "AccessScope",
    "Sight": "DatabaseScope",
    "Told": "TellingResult",
    "Trouble": "ErrorText or DeliveryFailure",
    "Workbench": "ScratchDatabase",
    "acts": "buttons",
    "at_rest": "set_default_scope",
    "bench": "db",
    "everything": "unscoped",
    "hosts_too": "allow_host",
    "is_disk_trouble": "is_disk_failure",
    "must_be_told_anew": "must_refold",
    "partings_told_to": "register_parting_follower",
    "reach": "organisations_with",
    "reach_by": "register_access_scope",
    "reached_by": "access_scope_of",
    "remembered": "cached_by_version",
    "said": "localised",
    "said_by": "field_texts",
    "sight": "permissions_key",
    "sightings_told_by": "register_sightings_reader",
    "told": "injected, signed_text: what it returns",
    "workbench": "scratch_database",
}
MODULES_RETIRED = {
    "access/asking.py": "compiled_queries.py",
    "analytics/memory.py": "version_cache.py",
    "organisations/reach.py": "access_scope.py",
}


@cache
def trees():
    return {p: ast.parse(p.read_text()) for p in sorted(PACKAGE.rglob("*.py"))}


def classes():
    found = defaultdict(list)
    for path, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(str(path.relative_to(PACKAGE)))
    return found


def defined(tree):
    """Yield each name that a class, a function or method, its parameters or an attribute has."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        if isinstance(node, ast.ClassDef):
            yield from (n.target.id for n in node.body if isinstance(n, ast.AnnAssign))


def test_a_class_name_means_one_thing():
    doubled = {name: where for name, where in classes().items() if len(where) > 1}
    shared = {name: w for name, w in doubled.items() if name not in SHARED}
    assert shared == {}, "two classes have one name: rename one"
    assert SHARED.keys() <= doubled.keys(), "an exemption is stale"


def test_a_retired_name_does_not_come_back():
    found = [
        f"{path.relative_to(PACKAGE)}: {name}, say {RETIRED[name]}"
        for path, tree in trees().items()
        for name in defined(tree)
        if name in RETIRED
    ]
    assert found == []
    assert [name for name in MODULES_RETIRED if (PACKAGE / name).exists()] == []
