"""What the figures of a picture say: which way it goes, and where one stands."""

from __future__ import annotations

import pytest

from samsyn.kernel.numbers import Quartiles
from samsyn.situation.rules import (
    ChangeDirection,
    Figures,
    MemberRow,
    Newcomer,
    Oldest,
    PeriodCount,
    against,
    digest,
    direction,
    sector_quartiles,
)


def member(pk, **figures):
    given = {"open": pk, "critical": 0, "new": 0, "closed": 0, "days_to_fix": None} | figures
    return MemberRow(organisation_id=pk, name=f"Member {pk}", **given)


@pytest.mark.parametrize(
    ("before", "now", "way"),
    [
        (10, 12, "same"),  # two more are no change
        (10, 13, "worse"),
        (10, 8, "same"),
        (10, 7, "better"),
        (30, 33, "worse"),  # a tenth of thirty is three
        (100, 109, "same"),  # many, but less than a tenth
        (100, 110, "worse"),
        (110, 120, "same"),
        (100, 91, "same"),
        (100, 90, "better"),
        (0, 0, "same"),
        (0, 2, "same"),
        (0, 3, "worse"),
        (1, 0, "better"),  # the last one is gone
        (2, 0, "better"),
        (2, 1, "same"),
        (100, 0, "better"),
    ],
)
def test_a_change_counts_from_three_findings_and_a_tenth_unless_none_is_left(before, now, way):
    assert direction(now, before) is ChangeDirection(way)


@pytest.mark.parametrize(
    ("value", "place"),
    [(1.9, "best"), (2, "middle"), (3, "middle"), (4, "middle"), (4.1, "worst"), (0, "best")],
)
def test_one_is_better_than_most_only_below_the_best_quarter(value, place):
    assert against(value, Quartiles(2, 3, 4)) == place


def test_nobody_is_better_or_worse_than_most_where_all_have_the_same():
    group = sector_quartiles([member(pk, open=2) for pk in range(1, 7)])["open"]
    assert against(2, group) == "middle"


def test_nobody_stands_anywhere_in_a_group_that_is_withheld_or_without_a_figure():
    assert against(2, None) is None
    assert against(None, Quartiles(2, 3, 4)) is None


def test_a_group_of_four_is_withheld_and_one_of_five_is_not():
    rows = [member(pk, open=pk, critical=10 * pk, new=100 * pk) for pk in range(1, 6)]
    withheld = {"open": None, "critical": None, "new": None, "days_to_fix": None}
    assert sector_quartiles(rows[:4]) == withheld
    found = sector_quartiles(rows)
    assert found["open"] == Quartiles(2, 3, 4)
    assert found["critical"] == Quartiles(20, 30, 40)
    assert found["new"] == Quartiles(200, 300, 400)


def test_days_to_fix_are_counted_only_among_those_who_closed_anything():
    closing = [member(pk, days_to_fix=float(pk)) for pk in range(1, 5)]
    others = [member(pk) for pk in range(5, 10)]
    assert sector_quartiles(closing + others)["days_to_fix"] is None
    fifth = member(10, days_to_fix=5.0)
    assert sector_quartiles([*closing, *others, fifth])["days_to_fix"] == Quartiles(2, 3, 4)


def test_figures_with_a_group_and_with_one_withheld_are_read_as_they_were_kept():
    figures = Figures(
        total=PeriodCount(open=4, days_to_fix=2.5),
        by_severity={"4": PeriodCount(open=3)},
        oldest=[Oldest(1, "scan_rdp", 4, "2026-02-01")],
        newcomers=[Newcomer("scan_ftp", 2, 1)],
        trend={"2026-02-28": {"4": 3}},
        sector={"open": Quartiles(1, 2, 3), "new": None},
        members=[member(1)],
        members_count=6,
    )
    assert Figures.from_json(figures.to_json()) == figures
    assert figures.critical.open == 3


def test_an_empty_picture_counts_nothing():
    empty = Figures()
    assert (empty.total, empty.members_count) == (PeriodCount(), 0)
    assert set(Figures().to_json()["total"].values()) == {0, None}
    assert empty.critical == PeriodCount()


def test_equal_figures_have_one_seal_whatever_their_order():
    """The published seals have this form: one that changed would break every one of them."""
    assert digest({"b": 1, "a": "Øvik"}) == digest({"a": "Øvik", "b": 1})
    assert digest({"a": "Øvik", "b": [1, 2]}) == (
        "a1bf47b7324920f34489d7a522f1ec5d34f878cd366692c0f6315404f7d52ba3"
    )
    assert digest({"a": "Øvik", "b": [2, 1]}) != digest({"a": "Øvik", "b": [1, 2]})
