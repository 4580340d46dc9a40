"""Whatever a text holds, it prints: as PDF, as slides and as a sheet."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from datetime import UTC, datetime

import openpyxl
import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from pptx import Presentation

from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.texts import MARKS_MOST, printable
from samsyn.printing.deck import (
    AccountSlide,
    ChartSlide,
    Deck,
    PointsSlide,
    TableSlide,
    TitleSlide,
)
from samsyn.printing.pdf import UNKNOWN, report_pdf
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
from samsyn.printing.slides import slides_pptx, template_check
from samsyn.ui.charts import PAPER, ChartBar, bars_svg
from samsyn.ui.exports import csv_response, write_xlsx
from samsyn.ui.tables import Column

MADE = datetime(2026, 11, 1, 7, tzinfo=UTC)
MARKUP = '#panic("x") $ * _ ` <label> @ref \\ // "q" #read("/etc/passwd") [x] = y & <b> ]]>'
EXAMPLES = (
    "",
    "\0",
    "".join(map(chr, range(32))),
    "".join(map(chr, range(127, 160))),
    "a\ud800b\udfff",
    "\ufffe\uffff\ufdd0\U0001ffff\ufeff",
    "\ue000\U000f0000\u0378",
    "🦊👩‍👩‍👧 ✅ 漢字 ภาษา مرحبا שלום",
    "\u202eabc\u202c\u2066x\u2069\u200f\u200b\u200d",
    "e" + "\u0301" * 3000,
    "x" * 8000,
    "a\u2028b\u2029c\r\nd\re\x85f",
    MARKUP,
)
ANY = st.text(st.characters(categories=None), max_size=60)  # half characters, too
few = settings(max_examples=25, derandomize=True, deadline=None, database=None)


def with_examples(test):
    """Try each of the known hard texts, then some that nobody thought of."""
    for text in EXAMPLES:
        test = example(text)(test)
    return few(given(ANY)(test))


def report_of(text):
    return Report(
        title=text,
        organisation=text,
        period=text,
        label="AMBER",
        language="nb",
        made_at=MADE,
        author=text or "x",
        subtitle=text,
        blocks=(
            Heading(text=text),
            Text(text=f"{text}\n\n{text}", is_lead=True),
            Tiles(figures=(Figure(label=text, value=text, note=text, tone=text),)),
            Table(
                caption=text, heads=(text, text), rows=((text, text),), toned=0, tones={text: text}
            ),
            Chart(
                svg=bars_svg([ChartBar(name=text, value=1)], title=text, palette=PAPER),
                alt=f"{text}.",
                caption=text,
            ),
            Points(items=(text,), is_numbered=True),
            Notice(title=text, text=text, tone=text),
        ),
    )


def deck_of(text, **more):
    slides = [
        TitleSlide(title=text, subtitle=text, note=text, notes=text),
        PointsSlide(title=text, lead=text, points=[text] * 9, notes=text),
        TableSlide(
            title=text, heads=(text, text), rows=[(text, text)] * 10, toned={(0, 0): "danger"}
        ),
        AccountSlide(title=text, lead=text, points=(text,), heads=(text,), rows=((text,),)),
        ChartSlide(title=text, categories=[text], series=[(text, [1.0])], lead=text, most=4),
    ]
    given = {"title": text, "organisation": text, "language": "nb", "author": text} | more
    return Deck(made_at=MADE, **{"slides": slides, **given})


@with_examples
def test_a_report_of_any_text_prints(text):
    with pikepdf.open(io.BytesIO(report_pdf(report_of(text)))) as pdf:
        assert pdf.Root.MarkInfo.Marked


@with_examples
def test_slides_of_any_text_open(text):
    made = slides_pptx(deck_of(text))
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        for name in parts.namelist():
            if name.endswith(".xml"):
                etree.fromstring(parts.read(name))
    assert "_x00" not in str(shown_texts(made))


@with_examples
def test_a_sheet_of_any_text_opens(text):
    columns = (Column(name="name", label=text, value=str),)
    file = io.BytesIO()
    write_xlsx(file, columns, [text])
    assert openpyxl.load_workbook(file).active.max_row in {1, 2}
    lines = b"".join(csv_response(columns, [text], name="x").streaming_content).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(lines, newline="")))) in {1, 2}


@with_examples
def test_what_is_printable_stays_so_and_holds_nothing_else(text):
    shown = printable(text)
    assert printable(shown) == shown
    kinds = {unicodedata.category(sign) for sign in shown if sign not in "\n\t"}
    assert not kinds & {"Cc", "Cs", "Cn", "Co"}
    assert not set(shown) & set("\u202e\u2066\ufeff")


def shown_texts(made):
    shown = Presentation(io.BytesIO(made))
    pages = [s.text_frame.text for p in shown.slides for s in p.shapes if s.has_text_frame]
    return [
        *pages,
        *(p.notes_slide.notes_text_frame.text for p in shown.slides if p.has_notes_slide),
    ]


def test_ordinary_words_stay_as_they_are():
    words = "Østøya \xa0– 10\xa0000 «ä» 25\u202f% Sámi: čđŋšŧž ✓ → ½\nRad to"
    assert printable(words) == words
    assert words.split("\n", maxsplit=1)[0] in "".join(shown_texts(slides_pptx(deck_of(words))))


def test_piled_accents_are_cut():
    assert printable("e" + "\u0301" * 99) == "e" + "\u0301" * MARKS_MOST


def test_a_sign_that_no_font_has_is_a_box_and_the_rest_stays():
    report = Report(
        title="Ærlig 🦊", organisation="x", period="x", label="AMBER", language="nb", made_at=MADE,
        blocks=(Text(text="Bra ✓"),), has_cover=False,
    )  # fmt: skip
    with pikepdf.open(io.BytesIO(report_pdf(report))) as pdf:
        assert pdf.docinfo["/Title"] == f"Ærlig {UNKNOWN}"


# Decks and templates without parts


@pytest.mark.parametrize(
    "slides",
    [
        [],
        [PointsSlide(title="")],
        [TableSlide(title="x", heads=(), rows=())],
        [TableSlide(title="x", heads=("a",), rows=())],
        [AccountSlide(title="x")],
        [ChartSlide(title="x", categories=[], series=[])],
        [ChartSlide(title="x", categories=["a"], series=[("b", [None])])],
    ],
    ids=["no slide", "nothing said", "no column", "no row", "no account", "no bar", "no value"],
)
def test_slides_without_parts_open(slides):
    assert Presentation(io.BytesIO(slides_pptx(deck_of("x", slides=slides))))


def template(*, without):
    """Return a template without some of its parts."""
    own = Presentation()
    layouts = own.slide_layouts
    if without == "layouts":
        for layout in list(layouts):
            layouts.remove(layout)
    if without == "titles":
        for place in [p for layout in layouts for p in layout.placeholders]:
            place.element.getparent().remove(place.element)
    if without == "all but one layout":
        for layout in list(layouts)[1:]:
            layouts.remove(layout)
    into = io.BytesIO()
    own.save(into)
    return into.getvalue()


@pytest.mark.parametrize("without", ["nothing", "titles", "all but one layout"])
def test_a_template_without_some_parts_still_gives_slides(without):
    own = template(without=without)
    template_check(own)
    made = slides_pptx(deck_of("Heading"), own)
    assert shown_texts(made).count("Heading") > 4


@pytest.mark.parametrize("own", [template(without="layouts"), b"", b"PK\3\4", b"x" * 99])
def test_a_template_on_which_no_slide_can_be_made_is_refused_in_words(own):
    with pytest.raises(RuleViolation, match=r"layout|PowerPoint"):
        template_check(own)
    with pytest.raises(RuleViolation, match=r"layout|PowerPoint"):
        slides_pptx(deck_of("x"), own)
