"""Laws on each room's README: readable as it is, and true in what can be checked."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest
from django.core.management import get_commands

from samsyn.access.commands import COMMANDS
from samsyn.jobs.registry import JOBS
from tests.house.laws import PACKAGE, ROOT, addresses, rooms

pytestmark = pytest.mark.once  # reads files

WIDE_MOST = 120
LINES = range(5, 61)
SPAN = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"[\w/.-]+\.(?:py|yaml|html|md|json|js|css|sql)")
FUNCTION = re.compile(r"[a-z]+(?:_[a-z]+)+")
ADDRESS = re.compile(r"/(?:[a-z-]+/)+")
BROKEN = re.compile(r"\S  +\S|(?<!\.)\.\.(?!\.)|(?<=[a-z]):(?=[a-z])")  # a careless replacing
ELSEWHERE = re.compile(r"\bissue \d|\b(?:product|pages|house|style)\.md")  # no reader has these
READMES = {room: PACKAGE / room / "README.md" for room in rooms() if room != "settings"}


def readme(room: str) -> str:
    place = READMES[room]
    assert place.exists(), (
        f"Write src/samsyn/{room}/README.md in {LINES[0]} to {LINES[-1]} lines. It begins:\n"
        f"# {room}: what the room is for"
    )
    return place.read_text()


def spans(room: str) -> list[str]:
    return SPAN.findall(readme(room))


@pytest.mark.parametrize("room", READMES)
def test_a_readme_is_of_a_form_that_one_reads(room):
    lines = readme(room).splitlines()
    assert lines[0].startswith(f"# {room}: "), "say on the first line what the room is for"
    assert len(lines) in LINES
    assert [line for line in lines if len(line) > WIDE_MOST] == []


@pytest.mark.parametrize("room", READMES)
def test_the_sentences_of_a_readme_are_whole_and_send_nobody_to_what_is_not_here(room):
    text = re.sub(r"```.*?```", "", readme(room), flags=re.DOTALL)
    plain = SPAN.sub("x", re.sub(r"\]\([^)]*\)", "]", text))
    prose = [line for line in plain.splitlines() if not line.startswith(("|", "    "))]
    assert [line for line in prose if BROKEN.search(line) or ELSEWHERE.search(line)] == []


@pytest.mark.parametrize("room", READMES)
def test_every_file_that_a_readme_names_is_there(room):
    named = {found for span in spans(room) for found in FILE.findall(span)}
    missing = [name for name in named if not _is_there(room, name)]
    assert missing == []


def _is_there(room: str, name: str) -> bool:
    """Return whether a file is there: by its path, or by its name in the room or the packs."""
    if any((place / name).exists() for place in (PACKAGE / room, PACKAGE, ROOT, ROOT / "docs")):
        return True
    return any(any(place.rglob(name)) for place in (PACKAGE / room, PACKAGE / "packs"))


@pytest.mark.parametrize("room", READMES)
def test_every_function_and_command_that_a_readme_names_is_there(room):
    named = {span.partition("(")[0] for span in spans(room)}
    unknown = [name for name in named if FUNCTION.fullmatch(name) and name not in known_words()]
    assert unknown == []


@pytest.mark.parametrize("room", READMES)
def test_every_address_that_a_readme_names_leads_somewhere(room):
    paths = {f"/{re.sub(r'<[^>]+>', 'N', path)}" for _name, path in addresses()}
    named = {span for span in spans(room) if ADDRESS.fullmatch(span)}
    named = {span for span in named if not span.startswith("/api")}
    assert [a for a in named if not any(path.startswith(a) for path in paths)] == []


@lru_cache
def known_words() -> frozenset[str]:
    """Return every name that our code gives: functions, classes, fields, commands, jobs."""
    words = set(get_commands()) | {name.partition(".")[2] for name in COMMANDS} | set(JOBS)
    for path in PACKAGE.rglob("*.py"):
        words.update(re.findall(r"\w+", path.read_text()))
    return frozenset(words)


def test_the_laws_on_readmes_catch_what_is_not_there():
    for broken in ("Words:  a registry", "when published..", "quartiles:rules"):
        assert BROKEN.search(broken)
    assert not BROKEN.search("such as: a, b ... and c")
    assert ELSEWHERE.search("Sources: issue 2 part 4; product.md")
    assert not _is_there("actions", "nothing_of_the_kind.py")
    assert _is_there("actions", "services.py")
    assert "nothing_of_the_" + "kind" not in known_words()
    assert "owner_is_gone" in known_words()


def test_a_room_without_a_readme_is_told_what_to_write(monkeypatch):
    monkeypatch.setitem(READMES, "vehicles", PACKAGE / "vehicles" / "README.md")
    with pytest.raises(AssertionError, match="# vehicles: what the room is for"):
        readme("vehicles")
