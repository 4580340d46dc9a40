"""The commonest reports are explained in plain words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

REPORTS = Path(__file__).parents[2] / "src/samsyn/packs/reports"
TEXTS = yaml.safe_load((REPORTS / "texts.yaml").read_text(encoding="utf-8"))
SCHEMA = json.loads((REPORTS / "shadowserver.json").read_text(encoding="utf-8"))["reports"]


def test_at_least_thirty_reports_have_texts_of_their_own():
    assert len(TEXTS["reports"]) >= 30


def test_every_name_is_a_report_of_the_schema():
    assert [name for name in [*TEXTS["reports"], *TEXTS["same_as"]] if name not in SCHEMA] == []


def test_a_sibling_points_to_a_report_with_texts():
    assert set(TEXTS["same_as"].values()) <= set(TEXTS["reports"])


def test_ipv6_twins_are_left_to_inherit():
    assert [name for name in TEXTS["reports"] if SCHEMA[name]["twin"]] == []


@pytest.mark.parametrize("name", TEXTS["reports"])
def test_a_report_says_what_why_how_and_when_it_is_done(name):
    report = TEXTS["reports"][name]
    assert set(report) == {"title", "meaning", "why", "steps", "check"}
    assert 2 <= len(report["steps"]["en"]) <= 4
