"""The table of OWASP ASVS keeps its word: every line once, with a test that exists or a reason."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.house.laws import ROOT

pytestmark = pytest.mark.once
PAGE = ROOT / "docs/asvs.md"
STATES = ("met", "in part", "not met", "in work", "not applicable")
# Section: requirements of level 1 | those that level 2 adds. Source: OWASP ASVS 5.0.0.
SECTIONS = """
V1.1: - | 1 2
V1.2: 1 2 3 4 5 | 6 7 8 9
V1.3: 1 2 | 3 4 5 6 7 8 9 10 11
V1.4: - | 1 2 3
V1.5: 1 | 2
V2.1: 1 | 2 3
V2.2: 1 2 | 3
V2.3: 1 | 2 3 4
V2.4: - | 1
V3.2: 1 2 | -
V3.3: 1 | 2 3 4
V3.4: 1 2 | 3 4 5 6
V3.5: 1 2 3 | 4 5
V3.7: - | 1 2
V4.1: 1 | 2 3
V4.2: - | 1
V4.3: - | 1 2
V4.4: 1 | 2 3 4
V5.1: - | 1
V5.2: 1 2 | 3
V5.3: 1 2 | -
V5.4: - | 1 2 3
V6.1: 1 | 2 3
V6.2: 1 2 3 4 5 6 7 8 | 9 10 11 12
V6.3: 1 2 | 3 4
V6.4: 1 2 | 3 4
V6.5: - | 1 2 3 4 5
V6.6: - | 1 2 3
V6.8: - | 1 2 3 4
V7.1: - | 1 2 3
V7.2: 1 2 3 4 | -
V7.3: - | 1 2
V7.4: 1 2 | 3 4 5
V7.5: - | 1 2
V7.6: - | 1 2
V8.1: 1 | 2
V8.2: 1 2 | 3
V8.3: 1 | -
V8.4: - | 1
V9.1: 1 2 3 | -
V9.2: 1 | 2 3 4
V10.1: - | 1 2
V10.2: - | 1 2
V10.3: - | 1 2 3 4
V10.4: 1 2 3 4 5 | 6 7 8 9 10 11
V10.5: - | 1 2 3 4 5
V10.6: - | 1 2
V10.7: - | 1 2 3
V11.1: - | 1 2
V11.2: - | 1 2 3
V11.3: 1 2 | 3
V11.4: 1 | 2 3 4
V11.5: - | 1
V11.6: - | 1
V12.1: 1 | 2 3
V12.2: 1 2 | -
V12.3: - | 1 2 3 4
V13.1: - | 1
V13.2: - | 1 2 3 4 5
V13.3: - | 1 2
V13.4: 1 | 2 3 4 5
V14.1: - | 1 2
V14.2: 1 | 2 3 4
V14.3: 1 | 2 3
V15.1: 1 | 2 3
V15.2: 1 | 2 3
V15.3: 1 | 2 3 4 5 6 7
V16.1: - | 1
V16.2: - | 1 2 3 4 5
V16.3: - | 1 2 3 4
V16.4: - | 1 2 3
V16.5: - | 1 2 3
V17.1: - | 1
V17.2: - | 1 2 3 4
V17.3: - | 1 2
"""
ROW = re.compile(
    r"^\| (?P<id>V[\d.]+) \| (?P<level>\d) \| (?P<what>[^|]+) \| (?P<state>[^|]+) "
    r"\| (?P<how>[^|]*) \| (?P<shown>[^|]+) \|$"
)
TEST = re.compile(r"`(?:tests/)?([\w/]+\.py)::(\w+)`")
LINK = re.compile(r"\]\(([\w.-]+\.md)(?:#([\w-]+))?\)")


@dataclass(frozen=True)
class Line:
    """One requirement in the table."""

    id: str
    level: int
    what: str
    state: str
    how: str
    shown: str

    @property
    def tests(self):
        return TEST.findall(self.shown + self.how)

    @property
    def links(self):
        return LINK.findall(self.how)


def lines(text):
    found = [ROW.match(line) for line in text.splitlines() if line.startswith("| V")]
    assert all(found), "a line of the table cannot be read"
    return [Line(**{**m.groupdict(), "level": int(m["level"])}) for m in found]


def required():
    """Return the level of each requirement."""
    wanted = {}
    for row in SECTIONS.strip().splitlines():
        section, _, numbers = row.partition(":")
        for level, some in enumerate(numbers.split("|"), 1):
            wanted |= {f"{section}.{n}": level for n in some.split() if n != "-"}
    return wanted


def faults(line):
    """Return what is wrong with a line."""
    found = []
    if line.state not in STATES or not line.what.strip():
        found.append("no state")
    if line.shown != "–" and len(TEST.findall(line.shown)) != line.shown.count("::"):
        found.append("a test is not written as `file.py::name`")
    if not line.tests and not line.how.strip():
        found.append("neither test nor reason")
    is_shown = line.tests or line.links or "by construction" in line.how
    if line.state == "met" and not is_shown:
        found.append("met, but nothing shows it")
    found += [f"no test {file}::{name}" for file, name in line.tests if not exists(file, name)]
    found += [f"no page {page}#{part}" for page, part in line.links if not leads(page, part)]
    return found


def exists(file, name):
    path = ROOT / "tests" / file
    return path.is_file() and f"def {name}(" in path.read_text()


def leads(page, part):
    path = ROOT / "docs" / page
    if not path.is_file():
        return False
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return not part or part in {anchor(heading) for heading in headings}


def anchor(heading):
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_every_requirement_of_levels_1_and_2_is_there_once():
    wanted = required()
    assert Counter(wanted.values()) == {1: 70, 2: 183}
    told = lines(PAGE.read_text())
    assert [line.id for line in told] == list(wanted)
    assert {line.id: line.level for line in told} == wanted


def test_every_line_has_a_test_that_exists_or_a_reason():
    told = {line.id: faults(line) for line in lines(PAGE.read_text())}
    assert {id_: wrong for id_, wrong in told.items() if wrong} == {}


def test_the_numbers_at_the_top_are_right():
    text = PAGE.read_text()
    counted = Counter(line.state for line in lines(text))
    rows = re.findall(r"^\| ([a-z ]+) \| (\d+) \|", text, re.MULTILINE)
    said = {state: int(count) for state, count in rows}
    assert said == {state: counted[state] for state in STATES}


@pytest.mark.parametrize(
    ("how", "shown", "wrong"),
    [
        ("", "–", "neither test nor reason"),
        ("We do it", "–", "met, but nothing shows it"),
        ("", "`house/test_asvs.py::test_that_is_not_there`", "no test"),
        ("", "`house/test_nowhere.py::test_anything`", "no test"),
        ("", "house/test_asvs.py::test_anything", "not written as"),
        ("Documented: [x](nowhere.md)", "–", "no page"),
        ("Documented: [x](security.md#no-such-heading)", "–", "no page"),
    ],
)
def test_the_law_catches_planted_faults(how, shown, wrong):
    line = Line("V1.1.1", 2, "Something", "met", how, shown)
    assert any(wrong in fault for fault in faults(line))
