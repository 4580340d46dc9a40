"""Laws on code: gate, scope, sources, sizes, addresses and settings."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest

from samsyn.access.commands import COMMANDS
from samsyn.access.permissions import BY_LINK, MEMBER_GRANTS, OWN_GRANTS, Permission
from samsyn.kernel import errors
from samsyn.settings.environment import every_setting
from tests.house.laws import (
    PACKAGE,
    ROOT,
    service_functions,
)

OUTSIDE_THE_GATE = {
    "audit.append": "the end of every way into the trail",
    "audit.append_all": "the end of every way into the trail",
    "audit.record_all": "the gate writes with it what many things have become",
    "audit.record": "the gate itself writes the trail with it",
    "audit.seal": "seals older entries when an installation is set up",
    "audit.snapshot": "reads a thing for the trail",
    "audit.differences": "compares two readings for the trail",
    "demonstration.demonstration_build": "only calls services, each under the gate",
    "entities.services": "makes the services of a declared thing, each under the gate",
    "jobs.job_due": "a part of services under the gate, whose change the job follows",
    "jobs.work_once": "the worker; what it runs are jobs, whose services go through the gate",
    "organisations.lineage_rebuild_below": "keeps an index; called by services under the gate",
}
LONG = {
    "gallery.py:_blocks": "a catalogue of examples, read from top to bottom",
    "gallery.py:_charts": "a catalogue of examples",
    "maps.py:heat_svg": "one drawing, stroke after stroke",
}
LINES_MOST = 400
FUNCTION_MOST = 40


@pytest.mark.parametrize("name", sorted(set(service_functions())))
def test_every_service_goes_through_the_gate(name):
    if name in OUTSIDE_THE_GATE:
        assert name not in COMMANDS, "remove it from OUTSIDE_THE_GATE"
        return
    assert name in COMMANDS
    assert COMMANDS[name].summary, "its docstring becomes documentation"


def test_no_exemption_from_the_gate_is_stale():
    assert set(OUTSIDE_THE_GATE) <= set(service_functions())


def test_every_permission_is_used():
    granted = set().union(*OWN_GRANTS.values(), *MEMBER_GRANTS.values())
    assert granted | BY_LINK == set(Permission)
    assert not granted & BY_LINK
    text = "".join(p.read_text() for p in PACKAGE.rglob("*.py") if p.name != "permissions.py")
    assert [p.name for p in Permission if f"Permission.{p.name}" not in text] == []


def test_every_error_is_in_the_tree_and_has_its_own_numbers():
    kinds = [k for k in errors.SamsynError.__subclasses__() if k.__module__ == errors.__name__]
    assert all(kind.__name__ in errors.__doc__ for kind in kinds)
    assert len({kind.http_status for kind in kinds}) == len(kinds)
    assert len({kind.exit_code for kind in kinds}) == len(kinds)


def rule_files():
    return [
        p
        for p in PACKAGE.rglob("*.py")
        if (p.name == "rules.py" or p.parent.name == "rules") and p.name != "__init__.py"
    ]


@pytest.mark.parametrize("path", rule_files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_rule_states_its_source(path):
    silent = [
        node.name
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "Source:" not in (ast.get_docstring(node) or "")
    ]
    assert silent == []


def source_files():
    return [p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts]


def test_files_and_functions_stay_small():
    long_files = [str(p) for p in source_files() if len(p.read_text().splitlines()) > LINES_MOST]
    assert long_files == []
    long_functions = [
        f"{path.name}:{node.name}"
        for path in source_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno - _docstring_lines(node) > FUNCTION_MOST
    ]
    assert set(long_functions) <= set(LONG)
    assert set(LONG) <= set(long_functions), "an exemption is stale"


def _docstring_lines(node: ast.FunctionDef) -> int:
    return len((ast.get_docstring(node) or "").splitlines())


def test_every_setting_is_documented():
    text = (ROOT / "docs/settings.md").read_text()
    assert [s.name for s in every_setting() if s.name not in text] == []


def test_no_file_names_a_registry_or_this_workplace():
    hosts = ("py" + "pi.org", "registry." + "npmjs", "deb." + "debian.org", "pythonhosted" + ".org")
    places = ("/wo" + "rk/", ".lib" + "rary")
    tracked = [ROOT / "package-lock.json", ROOT / ".npmrc", *(ROOT / "requirements").glob("*")]
    tracked += [*(ROOT / "script").glob("*"), *(ROOT / "docs").rglob("*.md"), *source_files()]
    for path in tracked:
        if path.is_file():
            text = path.read_text(errors="ignore")
            assert not [w for w in (*hosts, *places) if w in text], path


def test_migrations_are_named():
    names = [p.stem for p in PACKAGE.rglob("migrations/0*.py")]
    assert [n for n in names if re.search(r"auto_\d", n)] == []


def test_rooms_have_a_page_for_newcomers():
    rooms = [p for p in PACKAGE.iterdir() if (p / "__init__.py").exists() and p.name != "settings"]
    assert [r.name for r in rooms if not (r / "README.md").exists()] == []


# A function is used if its name stands anywhere else in what is shipped or measured. These are
# called by a library under a name that it gives.
CALLED = (
    "clean_", "resolve_", "do_", "get_", "_get_", "on_", "handle_", "receive_", "file_", "pre_",
    "parse_", "paginate_", "send_mail", "child_exit", "Input", "Output", "_recreate_cm",
    "as_sqlite", "as_postgresql",
)  # fmt: skip
FOR_TESTS = {
    "run_now": "what the worker does, at once",
    "link_field": "for rooms to declare; none has a link yet (docs/add-a-room.md)",
    "without_sentence": "what the API says nothing of, for the law on it",
    "without_example": "what the API's description lacks, for the law on it",
    "forget_seen": "as a process that begins",
    "clear_cache": "as a process that begins",
}


def words_shipped():
    """Count each word of the code, templates and scripts."""
    places = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]
    places += [*(ROOT / "script").iterdir(), *(ROOT / "bench").glob("*.py")]
    texts = (path.read_text() for path in places if path.is_file())
    return Counter(word for text in texts for word in re.findall(r"\w+", text))


def unused():
    """Return the functions and classes that nothing shipped names."""
    used = words_shipped()
    return {
        node.name
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and used[node.name] == 1
        and not node.decorator_list
        and not node.name.startswith(("__", *CALLED))
        and not node.name.endswith("Config")
    }


@pytest.mark.once
def test_nothing_is_kept_that_nothing_uses():
    assert unused() == set(FOR_TESTS)


MATCHERS = {"compile", "match", "search", "fullmatch", "RegexValidator", "_lazy_re_compile"}


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda each: each.stem)
def test_no_pattern_lets_a_line_break_pass_at_its_end(file):
    r"""In Python ``$`` also matches before a last line break; ``\Z`` is the end and no more."""
    if "migrations" in file.parts:
        return
    found = [
        pattern.value
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) in MATCHERS
        for pattern in call.args[:1]
        if isinstance(pattern, ast.Constant) and re.search(r"(?<!\\)\$\)*\Z", str(pattern.value))
    ]
    assert not found, "end it with \\Z"


@pytest.mark.parametrize(
    "file", [*(ROOT / "tests/browser").glob("test_*.py")], ids=lambda f: f.stem
)
def test_what_a_browser_shows_is_waited_for(file):
    """``is_visible()`` looks once; a page that a click leads to may not be there yet."""
    looks_once = re.findall(r"assert .*\.is_visible\(\)", file.read_text())
    assert looks_once == [], "write expect(...).to_be_visible()"
