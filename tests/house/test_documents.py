"""What the documents name is there: files they link to, and tests they point to as proof."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.house.laws import ROOT

pytestmark = pytest.mark.once  # reads files

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
TEST = re.compile(r"`((?:tests/[\w/]*)?test_\w+(?:\*)?\.py|tests/[\w/]+/)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    missing = [to for to in LINK.findall(page.read_text()) if not (page.parent / to).exists()]
    assert missing == []


def test_security_names_only_tests_that_exist() -> None:
    named = TEST.findall((ROOT / "docs/security.md").read_text())
    assert named
    missing = [name for name in named if not _found(name)]
    assert missing == []


def _found(name: str) -> bool:
    if name.startswith("tests/"):
        return any(ROOT.glob(name.rstrip("/")))
    return any((ROOT / "tests").rglob(name))


@pytest.mark.parametrize("path", sorted((ROOT / "script").glob("*.py")), ids=lambda p: p.name)
def test_a_script_that_is_given_as_a_command_can_be_run_as_one(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    named = any(line.startswith(f"script/{path.name}") for line in lines)
    assert not named or os.access(path, os.X_OK)
