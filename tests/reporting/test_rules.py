"""Lights, trends and marks: no false green."""

from __future__ import annotations

import hashlib

import pytest

from samsyn.reporting.rules import (
    AreaLight,
    digest,
    light_of_area,
    light_of_findings,
    light_of_late,
    light_of_level,
    trend_of,
)


def test_nothing_at_all_is_not_known():
    assert light_of_late(late=0, total=0) == AreaLight.UNKNOWN
    assert light_of_area([], has_register=True) == AreaLight.UNKNOWN


@pytest.mark.parametrize(
    ("late", "total", "light"),
    [(0, 4, "good"), (1, 4, "watch"), (2, 2, "watch"), (3, 9, "act"), (3, 10, "watch")],
)
def test_late_work_is_watched_and_much_of_it_asks_for_an_act(late, total, light):
    assert light_of_late(late=late, total=total) == light


@pytest.mark.parametrize(
    ("found", "light"),
    [((0, 0), "good"), ((2, 0), "watch"), ((2, 1), "act")],
)
def test_an_old_critical_finding_asks_for_an_act(found, light):
    critical, old = found
    assert light_of_findings(critical=critical, old_critical=old) == light


@pytest.mark.parametrize(
    ("level", "target", "light"),
    [(1, None, "act"), (2, None, "watch"), (3, None, "good"), (2, 2, "good"), (2, 4, "act")],
)
def test_a_level_is_measured_against_its_target(level, target, light):
    assert light_of_level(level, target) == light


def test_good_facts_beside_the_matter_do_not_make_an_area_good():
    assert light_of_area([AreaLight.GOOD], has_register=False) == AreaLight.UNKNOWN
    assert light_of_area([AreaLight.GOOD], has_register=True) == AreaLight.GOOD
    assert (
        light_of_area([AreaLight.GOOD], judged=AreaLight.GOOD, has_register=False) == AreaLight.GOOD
    )


def test_the_worst_counts_whoever_says_it():
    assert light_of_area([AreaLight.ACT], judged=AreaLight.GOOD, has_register=True) == AreaLight.ACT
    assert light_of_area([AreaLight.GOOD], judged=AreaLight.ACT, has_register=True) == AreaLight.ACT
    assert light_of_area([AreaLight.WATCH], has_register=False) == AreaLight.WATCH


def test_a_trend_needs_two_known_lights():
    assert trend_of("good", "act") == "better"
    assert trend_of("act", "watch") == "worse"
    assert trend_of("watch", "watch") == "same"
    assert trend_of("unknown", "act") == trend_of("act", None) == "first"


def test_a_mark_tells_content_and_not_order():
    assert digest({"a": 1, "b": "å"}) == digest({"b": "å", "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


def test_a_mark_is_the_checksum_of_the_content_without_blanks():
    """The marks of packs that were handed out have this form."""
    written = '{"a":1,"b":["\u00e5",2]}'
    assert digest({"b": ["å", 2], "a": 1}) == hashlib.sha256(written.encode()).hexdigest()


@pytest.mark.parametrize(
    ("before", "now", "trend"),
    [("act", "watch", "better"), ("watch", "good", "better"), ("good", "watch", "worse")],
)
def test_one_step_is_a_trend_already(before, now, trend):
    assert trend_of(now, before) == trend


def test_a_ciso_who_cannot_tell_changes_nothing():
    assert (
        light_of_area([AreaLight.GOOD], judged=AreaLight.UNKNOWN, has_register=True)
        == AreaLight.GOOD
    )
    assert (
        light_of_area([AreaLight.GOOD], judged=AreaLight.UNKNOWN, has_register=False)
        == AreaLight.UNKNOWN
    )
    assert light_of_area([], judged=AreaLight.GOOD, has_register=True) == AreaLight.GOOD
