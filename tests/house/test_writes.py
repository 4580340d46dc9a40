"""Laws on writing and on reading without a scope: by what code does and by who can reach it.

What changes the database stands in functions that are reached only through a command, so that
nobody changes anything without permission, transaction and trail. File names do not matter.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Callable, Iterator
from functools import lru_cache
from io import StringIO

import pytest

from tests.house.calls import Calls, calls_in, modules
from tests.house.laws import OURS, PACKAGE, REASON, ROUND_THE_SCOPE
from tests.house.writes import writes_in

pytestmark = pytest.mark.once  # reads the code

WRITES_OUTSIDE = {  # a function, a class or a whole module, and why
    "samsyn.access.compiled_queries:_found": "asks what a compiled reading query says",
    "samsyn.access.database_roles:_run": "makes the roles of PostgreSQL, on the console only",
    "samsyn.access.views:_with_a_new_session": "a session's row follows its new key",
    "samsyn.annual_wheel.making:feed_was_read": "a mark of use; a calendar asks without a person",
    "samsyn.api.once": "what a command answered, kept a day; changes nothing of anybody",
    "samsyn.assets.judging:judge_anew": "also after a move: see parting",
    "samsyn.assets.parting:_hosts": "told of a move, inside the command that makes it, on record",
    "samsyn.audit.guards:guards_make": "makes the trail's triggers anew, on the console only",
    "samsyn.audit.guards:_there": "asks the catalogue which triggers there are",
    "samsyn.audit.services:_append": "the end of every way into the trail",
    "samsyn.audit.services:append_all": "the end of every way into the trail",
    "samsyn.backups.databases": "copies, lists and puts back whole databases, on the console only",
    "samsyn.findings.sending:Sender": "folding's own; lists have methods of the same names",
    "samsyn.findings.sending:_execute_many": "folding's own, through Sender",
    "samsyn.jobs.services": "the worker's own table; what a job does goes through the gate",
    "samsyn.messages.delivery:claim": "which letter is being sent, by whom; the worker's own",
    "samsyn.messages.delivery:settle": "which letter is being sent, by whom; the worker's own",
    "samsyn.messages.password_requests": "asked before anybody is known; a letter passes the gate",
    "samsyn.organisations.access_scope:access_scope_of": "asks; its SQL is composed",
    "samsyn.webhooks.delivery": "what is being sent, by whom, and what came back; the worker's own",
    "samsyn.webhooks.happenings": "what is on record already, noted to be sent; the worker's own",
    "samsyn.webhooks.jobs:forget": "what was sent 30 days ago; it stays on record",
    "samsyn.site.jobs:forget": "sessions that have ended, of Django and its libraries",
}


@lru_cache
def package() -> dict[str, str]:
    return modules(PACKAGE)


@lru_cache
def our_calls() -> Calls:
    return calls_in(package())


def reached_without_command(calls: Calls) -> dict[str, str]:
    """Return the code that something reaches without passing a command, and from where."""
    commands = {name for name, node in calls.nodes.items() if "command" in node.decorators}
    return calls.reached(calls.roots(), commands)


def writes_outside(files: dict[str, str], calls: Calls) -> dict[str, list[str]]:
    """Return what changes the database and is reached without a command."""
    many = frozenset(field.name for model in OURS for field in model._meta.many_to_many)
    meanings = {module: _meaning(text) for module, text in files.items()}
    found = {}
    for name in reached_without_command(calls):
        module = calls.nodes[name].module
        lines = writes_in(calls.nodes[name], files[module], many, meanings[module])
        if lines:
            found[name] = lines
    return found


def _meaning(text: str) -> Callable[[str], str]:
    given = {
        part.targets[0].id: str(part.value.value)
        for part in ast.parse(text).body
        if isinstance(part, ast.Assign)
        and isinstance(part.targets[0], ast.Name)
        and isinstance(part.value, ast.Constant)
    }
    return lambda name: given.get(name, "")


def _exemption(name: str) -> str | None:
    """Return the exemption that a function is under: its own, its class's or its module's."""
    module, _colon, function = name.partition(":")
    ways = (name, f"{module}:{function.partition('.')[0]}", module)
    return next((way for way in ways if way in WRITES_OUTSIDE), None)


def test_nothing_is_changed_that_a_command_does_not_lead_to():
    found = writes_outside(package(), our_calls())
    assert {name: lines for name, lines in found.items() if not _exemption(name)} == {}
    assert {_exemption(name) for name in found} >= set(WRITES_OUTSIDE), "an exemption is stale"


PLANTED = {
    "a page": "def page(request):\n    Thing.objects.filter(pk=1).delete()\n",
    "what a page calls": "def page(request):\n    _do()\n\ndef _do():\n    Thing().save()\n",
    "keeping.py": "def keep(thing):\n    Thing.objects.none().bulk_create([thing])\n",
    "a method": "class Page:\n    def post(self):\n        self.thing.update(name='x')\n",
    "a job": "@job('x')\ndef run(*, actor):\n    Thing.objects.update(name='x')\n",
    "module": "Thing.objects.create(name='x')\n",
    "SQL": "from django.db import connection\n\ndef f(c):\n    c.execute('delete from t')\n",
    "both": (
        "@command(None)\ndef change(*, actor):\n    _do()\n\n"
        "def page(request):\n    _do()\n\ndef _do():\n    Thing().save()\n"
    ),
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_the_law_on_writing_catches_a_planted_fault(planted):
    files = {"samsyn.new.keeping": planted}
    assert writes_outside(files, calls_in(files))


def test_the_law_on_writing_lets_a_command_and_what_only_it_calls_write():
    text = "@command(None)\ndef change(*, actor):\n    _do()\n\ndef _do():\n    Thing().save()\n"
    files = {"samsyn.new.services": text, "samsyn.new.views": _view("change")}
    assert writes_outside(files, calls_in(files)) == {}


def _view(name: str) -> str:
    return f"from samsyn.new.services import {name}\n\ndef page(request):\n    {name}(actor=1)\n"


UNSCOPED_MODULES = {
    "samsyn.organisations.access_scope": "it is what the scope follows from",
}


# What Django gives a model, and reads through the manager of its own that knows no scope.
TAKING_A_MODEL = frozenset(
    {"get_object_or_404", "get_list_or_404", "aget_object_or_404", "aget_list_or_404"}
    | {"DetailView", "ListView", "CreateView", "UpdateView", "DeleteView", "ArchiveIndexView"}
)
GOT = tuple(way.removeprefix(".") for way in ROUND_THE_SCOPE)
INSTEAD = (
    "It reads what the actor may not see. Write Thing.objects.visible_to(actor), or the room's "
    "thing_get(actor=…), which raises NotFound; where it must read more, say why at the end of "
    "its line: # scope: reason"
)


def unscoped(text: str) -> Iterator[str]:
    """Yield what reads without a scope and gives no reason on its line."""
    reasons = _lines_with_reason(text)
    lines = text.splitlines()
    for part in ast.walk(ast.parse(text)):
        if _is_unscoped(part) and part.end_lineno not in reasons:
            yield lines[part.end_lineno - 1].strip()


def _is_unscoped(part: ast.AST) -> bool:
    if isinstance(part, ast.Attribute) and f".{part.attr}" in ROUND_THE_SCOPE:
        return ast.unparse(part.value) not in {"self", "now"}  # of a thread, access/rows.py
    return _names_a_manager(part) or _takes_a_model(part)


def _names_a_manager(part: ast.AST) -> bool:
    """Return whether it gets a manager by its name: ``getattr(Finding, "unscoped")``."""
    if not isinstance(part, ast.Call):
        return False
    names = {each.value for each in part.args if isinstance(each, ast.Constant)}
    getting = ast.unparse(part.func).rpartition(".")[2] in {"getattr", "attrgetter"}
    return getting and any(str(name).startswith(GOT) for name in names)


def _takes_a_model(part: ast.AST) -> bool:
    """Return whether Django reads here through a model's default manager, which has no scope."""
    if isinstance(part, ast.ImportFrom):
        from_django = (part.module or "").startswith(("django.shortcuts", "django.views.generic"))
        return from_django and bool({alias.name for alias in part.names} & TAKING_A_MODEL)
    if isinstance(part, ast.Attribute):
        return part.attr in TAKING_A_MODEL
    if isinstance(part, ast.Call):  # a set of rows that no manager has made
        called = ast.unparse(part.func).rpartition(".")[2]
        return called == "QuerySet" and bool(part.args or part.keywords)
    return False


def _lines_with_reason(text: str) -> set[int]:
    tokens = tokenize.generate_tokens(StringIO(text).readline)
    return {t.start[0] for t in tokens if t.type == tokenize.COMMENT and REASON in t.string}


def test_nothing_reads_without_a_scope_and_gives_no_reason():
    found = {module: list(unscoped(text)) for module, text in package().items()}
    found = {module: lines for module, lines in found.items() if lines}
    assert found.keys() >= UNSCOPED_MODULES.keys(), "remove it from UNSCOPED_MODULES"
    assert {m: lines for m, lines in found.items() if m not in UNSCOPED_MODULES} == {}, INSTEAD


def test_no_reason_for_reading_without_a_scope_is_stale():
    stale = {
        module: _lines_with_reason(text)
        - {p.end_lineno for p in ast.walk(ast.parse(text)) if _is_unscoped(p)}
        for module, text in package().items()
    }
    assert {module: lines for module, lines in stale.items() if lines} == {}


@pytest.mark.parametrize("way", ROUND_THE_SCOPE)
def test_the_law_on_scope_catches_a_planted_fault(way):
    assert list(unscoped(f"rows = Finding{way}.all()\n"))
    assert not list(unscoped(f"rows = Finding{way}.all()  # scope: counts only\n"))
    assert list(unscoped(f"rows = '# scope: no comment', Finding{way}.all()\n"))


@pytest.mark.parametrize(
    "text",
    [
        "from django.shortcuts import get_list_or_404",
        "from django.shortcuts import get_object_or_404 as found",
        "from django.views.generic import ListView",
        "from django.views.generic.detail import DetailView",
        "rows = shortcuts.get_list_or_404(Finding)",
        "rows = await shortcuts.aget_object_or_404(Finding, pk=1)",
        "rows = QuerySet(Finding).all()",
        "rows = models.QuerySet(model=Finding).all()",
        'rows = getattr(Finding, "_default_manager").all()',
        'rows = getattr(Finding, "_base_manager").all()',
        'rows = getattr(Finding, "unscoped").all()',
    ],
)
def test_the_law_on_scope_sees_what_takes_a_model_itself(text):
    assert list(unscoped(f"{text}\n"))
    assert not list(unscoped(f"{text}  # scope: counts only\n"))


@pytest.mark.parametrize(
    "text",
    [
        "from django.shortcuts import redirect",
        "from django.views.generic import RedirectView",
        "def rows() -> QuerySet[Finding]: ...",
        "rows = Finding.objects.visible_to(actor)",
    ],
)
def test_the_law_on_scope_lets_pass_what_reads_nothing(text):
    assert not list(unscoped(f"{text}\n"))
