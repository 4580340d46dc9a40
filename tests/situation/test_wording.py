"""What a picture says in words: nothing is called good that is not."""

from __future__ import annotations

import pytest

from samsyn.kernel.numbers import Quartiles
from samsyn.kernel.periods import Period
from samsyn.situation.charts import trend_reading, trend_rows
from samsyn.situation.rules import Figures, Newcomer, Oldest, PeriodCount
from samsyn.situation.wording import days, period_text, picture_of
from tests.cast import make_edition

ALIKE = Quartiles(2, 2, 2)


def says(organisation, **figures):
    figures = Figures(**figures)
    return picture_of(make_edition(organisation, figures=figures.to_json()), language="en")


def counted(now, before=0, critical=0):
    return {
        "total": PeriodCount(open=now, open_before=before),
        "by_severity": {"4": PeriodCount(open=critical)} if critical else {},
    }


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (counted(0), "Nothing that we know of is open at the end of the period."),
        (
            counted(1, 1, critical=1),
            "1 finding is open. It is critical. There are about as many as in the period before.",
        ),
        (
            counted(1, 9),
            "1 finding is open. It is not critical. There are fewer than in the period before.",
        ),
        (
            counted(12, 2),
            (
                "12 findings are open. None of them is critical."
                " There are more than in the period before."
            ),
        ),
        (
            counted(12, 12, critical=2),
            (
                "12 findings are open. 2 of them are critical."
                " There are about as many as in the period before."
            ),
        ),
    ],
)
def test_the_state_is_said_in_three_sentences(cast, counts, sentence):
    assert says(cast.fjellvik, **counts).sentence == sentence


def test_the_sectors_sentence_says_that_it_is_the_sectors(cast):
    assert says(cast.samvakt, **counted(2)).sentence.startswith("In the sector, 2 findings")
    assert says(cast.elvdal, **counted(1)).sentence.startswith("1 finding")


def test_critical_is_green_only_at_none(cast):
    tiles = {critical: says(org, **counted(3, 3, critical=critical)).tiles[1]
             for org, critical in ((cast.fjellvik, 0), (cast.elvdal, 1))}  # fmt: skip
    assert (tiles[0].tone, tiles[0].value) == ("success", "0")
    assert (tiles[1].tone, tiles[1].value) == ("danger", "1")


@pytest.mark.parametrize(
    ("now", "before", "tone", "note"),
    [
        (3, 3, "neutral", "same as the period before"),
        (5, 3, "neutral", "+2 since the period before"),
        (6, 3, "warning", "+3 since the period before"),
        (3, 6, "success", "\u22123 since the period before"),
    ],
)
def test_open_is_green_only_when_clearly_fewer(cast, now, before, tone, note):
    tile = says(cast.fjellvik, **counted(now, before)).tiles[0]
    assert (tile.tone, tile.note) == (tone, note)


def test_one_like_all_others_is_about_the_same_as_most(cast):
    groups = {"open": ALIKE, "critical": None}
    found = says(cast.fjellvik, total=PeriodCount(open=2), sector=groups).standings
    told = {s.name: s.says for s in found}
    assert told["Open findings"] == "about the same as most members"
    assert told["Critical findings"] == "withheld: fewer than five members to compare with"
    assert "Days to fix" not in told  # nothing was closed, so there is nothing to compare


def test_the_sector_is_compared_with_nobody(cast):
    assert says(cast.samvakt, total=PeriodCount(open=2), sector={"open": ALIKE}).standings == []


def test_management_asks_about_what_the_figures_show(cast):
    calm = says(cast.fjellvik, **counted(0)).questions
    assert calm == ["What do we do to keep it this way?"]
    bad = says(
        cast.elvdal,
        **counted(9, critical=1),
        oldest=[Oldest(1, "scan_rdp", 3, "2025-11-02")],
        newcomers=[Newcomer("scan_ftp", 2, 1)],
        sector={"open": Quartiles(1, 2, 3)},
    ).questions
    assert len(bad) == 4
    assert "2025" in bad[1]


def test_the_sector_is_not_asked_what_others_do_better(cast):
    found = says(cast.samvakt, **counted(9), sector={"open": Quartiles(1, 2, 3)}).questions
    assert found == ["What do we do to keep it this way?"]


def test_the_worst_kinds_come_first_and_what_is_closed_is_no_exposure(cast):
    found = says(
        cast.fjellvik,
        by_report={
            "scan_ftp": PeriodCount(open=9),
            "scan_rdp": PeriodCount(open=1),
            "scan_smb": PeriodCount(open=2),
            "scan_ssl": PeriodCount(open=2),
            "scan_exchange": PeriodCount(closed=4),
        },
        oldest=[Oldest(1, "scan_rdp", 4, "2025-11-02")],
    )
    assert [e.report for e in found.exposures] == ["scan_rdp", "scan_ftp", "scan_smb"]
    assert [e.severity for e in found.exposures] == [4, 0, 0]
    assert found.reports[0].key == "scan_ftp"
    assert found.reports[-1].key == "scan_exchange"


def test_rows_with_nothing_open_new_or_closed_are_left_out(cast):
    found = says(
        cast.fjellvik,
        by_taxonomy={"vulnerable": PeriodCount(open_before=3), "intrusions": PeriodCount(closed=1)},
    )
    assert [row.key for row in found.taxonomies] == ["intrusions"]


def test_words_in_another_language_are_shown_when_there_are_none_in_the_readers(cast):
    edition = make_edition(cast.fjellvik, words={"nb": "Rolig.", "sv": ""})
    assert picture_of(edition, language="en").words == "Rolig."
    assert picture_of(edition, language="sv").words == "Rolig."
    edition.words = {"nb": "Rolig.", "en": "Calm."}
    assert picture_of(edition, language="en").words == "Calm."
    edition.words = {}
    assert picture_of(edition, language="en").words == ""


@pytest.mark.parametrize(
    ("period", "text"),
    [
        ("2026-10", "October 2026"),
        ("2026-Q1", "quarter 1 of 2026"),
        ("2026-Q4", "quarter 4 of 2026"),
        ("2026", "2026"),
    ],
)
def test_a_period_is_said_as_people_say_it(period, text):
    assert period_text(Period.read(period)) == text


def test_the_trend_is_read_from_its_first_last_and_highest_month():
    trend = {"2026-01-31": {"3": 2, "4": 1}, "2026-02-28": {"3": 9}, "2026-03-31": {"0": 1}}
    reading = trend_reading(Figures(trend=trend))
    assert reading == "Open findings: 3 a year ago, 1 now, 9 at the highest."
    assert trend_rows(Figures(trend=trend))[0] == ("January 2026", "1", "2", "0", "0", "0")


@pytest.mark.parametrize("trend", [{}, {"2026-01-31": {}}, {"2026-01-31": {"3": 0}}])
def test_a_trend_of_nothing_says_so(trend):
    assert trend_reading(Figures(trend=trend)) == "Nothing was open in these months."


def test_days_have_at_most_one_decimal_and_none_is_a_dash():
    assert (days(None), days(3.0), days(2.54)) == ("–", "3", "2.5")
