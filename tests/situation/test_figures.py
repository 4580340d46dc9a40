"""The figures of a situation picture, counted over episodes in the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.analytics.engine import scratch_database
from samsyn.analytics.store import write
from samsyn.kernel.periods import Period
from samsyn.situation.measures import SECTOR, figures_of_all, finding_ids, freeze
from samsyn.situation.rules import Figures

OCTOBER = Period.read("2026-10")
MEMBERS = {1: "Fjellvik", 2: "Elvdal", 3: "Havnes"}
EPISODES = """
  (select finding_id, organisation_id, report, 'vulnerable' as taxonomy, 'x' as rsit_type,
     severity, opened_on::date as opened_on, closed_on::date as closed_on from (values
     (1, 1, 'scan_rdp', 3, '2026-08-01', null),
     (2, 1, 'scan_exchange', 4, '2026-10-05', '2026-10-15'),
     (2, 1, 'scan_exchange', 4, '2026-10-20', null),
     (3, 1, 'scan_rdp', 3, '2026-09-10', '2026-10-10'),
     (4, 2, 'scan_rdp', 3, '2026-10-30', '2026-11-05'),
     (5, 2, 'scan_ftp', 2, '2026-11-02', null),
     (6, 9, 'scan_ftp', 2, '2026-10-02', null)
   ) as t(finding_id, organisation_id, report, severity, opened_on, closed_on))
"""


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    return freeze(EPISODES, members=MEMBERS, period=OCTOBER, path=tmp_path / "e.parquet")


@pytest.fixture
def found(frozen: Path) -> dict[int, Figures]:
    return figures_of_all(frozen, members=MEMBERS, period=OCTOBER)


def test_a_finding_that_came_back_counts_once_as_in_the_rows_that_a_figure_opens(found):
    critical = found[1].critical
    assert (critical.open, critical.new, critical.closed) == (1, 1, 1)


def test_it_compares_with_the_period_before(found):
    total = found[1].total
    assert (total.open, total.open_before) == (2, 2)
    assert total.days_to_fix == 20  # ten and thirty days


def test_what_happened_after_the_period_is_not_known_in_it(found):
    assert found[2].total.open == 1
    assert found[2].total.closed == 0


def test_a_stranger_to_the_sector_is_not_counted(found):
    assert found[SECTOR].total.open == 3
    assert 9 not in found


def test_a_member_with_nothing_is_counted_as_nothing(found):
    assert found[3].total.open == 0
    assert found[SECTOR].members_count == 3


def test_the_group_is_withheld_when_it_is_smaller_than_five(found):
    assert found[1].sector["open"] is None


def test_only_the_sectors_picture_names_members(found):
    assert found[1].members == []
    assert [m.name for m in found[SECTOR].members] == ["Fjellvik", "Elvdal", "Havnes"]


def test_the_newcomer_is_the_kind_never_seen_before(found):
    assert [n.report for n in found[1].newcomers] == ["scan_exchange"]


def test_the_trend_has_a_year_of_months(found):
    trend = found[1].trend
    assert len(trend) == 12
    assert trend["2026-09-30"] == {"3": 2}
    assert trend["2026-10-31"] == {"3": 1, "4": 1}


def test_every_number_opens_to_its_rows(frozen):
    ids = finding_ids(frozen, members=[1], figure="new", period=OCTOBER, cut="severity", key="4")
    assert ids == [2]
    assert sorted(finding_ids(frozen, members=[1], figure="open", period=OCTOBER)) == [1, 2]


def test_figures_survive_being_kept(found):
    kept = found[SECTOR].to_json()
    assert Figures.from_json(kept).to_json() == kept


def test_freezing_twice_gives_the_same(tmp_path, frozen):
    again = freeze(EPISODES, members=MEMBERS, period=OCTOBER, path=tmp_path / "again.parquet")
    sql = "select * from read_parquet('{}')"
    with scratch_database() as db:
        assert db.rows(sql.format(frozen)) == db.rows(sql.format(again))


def test_an_empty_sector_has_figures_too(tmp_path):
    nothing = EPISODES.replace("from (values", "from (values (0,0,'',0,'2026-01-01','2026-01-01'),")
    path = freeze(f"(select * from {nothing} where false)", members={}, period=OCTOBER,
                  path=tmp_path / "none.parquet")  # fmt: skip
    assert figures_of_all(path, members={}, period=OCTOBER)[SECTOR].total.open == 0


def test_writing_leaves_no_unfinished_file(tmp_path):
    with scratch_database() as db:
        write(db, "select 1 as one", tmp_path / "x.parquet")
    assert [p.name for p in tmp_path.iterdir()] == ["x.parquet"]
