"""A report as PDF: tagged, in its language, and safe whatever the texts hold."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
import pytest

from samsyn.printing.pdf import report_pdf
from samsyn.printing.report import (
    Chart,
    Figure,
    Heading,
    Notice,
    Points,
    Report,
    Table,
    Text,
    Tiles,
)
from samsyn.ui.charts import PAPER, ChartBar, bars_svg

MADE = datetime(2026, 11, 1, 7, tzinfo=UTC)
HOSTILE = '#panic("x") $ * _ ` <label> @ref \\ // "quoted" #read("/etc/passwd") [x] = heading'
DRAWING = bars_svg([ChartBar(name="Åpne tjenester", value=3)], title="x", palette=PAPER)


def make_report(*blocks, language="nb", title="Situasjonsbilde", cover=True):
    return Report(
        title=title,
        organisation="Fjellvik kommune",
        period="oktober 2026",
        label="AMBER",
        language=language,
        made_at=MADE,
        blocks=blocks
        or (Heading(text="Det viktigste"), Text(text="Åpne funn på Østøya, ärenden.")),
        has_cover=cover,
    )


def opened(report):
    return pikepdf.open(io.BytesIO(report_pdf(report)))


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_it_is_tagged_and_says_its_language(language):
    with opened(make_report(language=language)) as pdf:
        assert str(pdf.Root.Lang) == language
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.open_metadata()["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert pdf.docinfo["/Title"] == "Situasjonsbilde"


@pytest.mark.parametrize("cover", [True, False])
def test_hostile_texts_stay_texts_everywhere(cover):
    report = make_report(
        Heading(text=HOSTILE),
        Text(text=f"{HOSTILE}\n\n{HOSTILE}"),
        Tiles(figures=(Figure(label=HOSTILE, value=HOSTILE, note=HOSTILE, tone=HOSTILE),)),
        Table(caption=HOSTILE, heads=(HOSTILE,), rows=((HOSTILE,),), toned=0, tones={HOSTILE: "x"}),
        Chart(
            svg=bars_svg([ChartBar(name=HOSTILE, value=1)], title=HOSTILE, palette=PAPER),
            alt=HOSTILE,
            caption=HOSTILE,
        ),
        Points(items=(HOSTILE,)),
        Notice(title=HOSTILE, text=HOSTILE, tone=HOSTILE),
        title=HOSTILE,
        cover=cover,
    )
    with opened(report) as pdf:
        assert pdf.docinfo["/Title"] == HOSTILE
        assert b"root:" not in report_pdf(report)


def test_the_same_report_is_the_same_file():
    assert report_pdf(make_report()) == report_pdf(make_report())


def test_a_long_table_goes_over_pages_with_its_heading():
    rows = tuple((f"F-2026-{i:06d}", "Fjernskrivebord åpent mot internett") for i in range(200))
    report = make_report(
        Heading(text="Funn"), Table(caption="Alle", heads=("Sak", "Hva"), rows=rows)
    )
    with opened(report) as pdf:
        assert len(pdf.pages) > 4


def test_a_chart_without_words_is_refused():
    with pytest.raises(ValueError, match="cannot be printed"):
        report_pdf(make_report(Heading(text="a"), Chart(svg=DRAWING, alt="", caption="")))


def test_a_skipped_heading_level_is_refused():
    with pytest.raises(ValueError, match="cannot be printed"):
        report_pdf(make_report(Heading(text="a"), Heading(text="b", level=3)))


def test_inter_is_in_the_file():
    with opened(make_report()) as pdf:
        names = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    assert any("Inter" in name for name in names)
