"""Slides from typed values: native charts and tables, speaker notes, the own template if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.limited import run_limited
from samsyn.kernel.archives import ArchiveRefused, unpacked_size
from samsyn.kernel.contained import ProcessEnded, ProcessLimits, WorkRefused
from samsyn.kernel.errors import RuleViolation
from samsyn.printing.deck import ChartSlide, Deck, PointsSlide, Slide, TitleSlide, cleaned
from samsyn.printing.layouts import NO_LAYOUT, Layouts

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
WIDE, HIGH = 13.333, 7.5  # inches: 16:9
LEFT, TOP, ROOM, DEPTH = 0.7, 1.55, 11.93, 5.3
INK, QUIET, ACCENT, PAPER, SOFT = "202D36", "555F65", "0B4F6C", "FFFFFF", "ECEFF0"
TONES = {"danger": "C0392B", "warning": "F4B98F", "info": "FBE3BD", "success": "DCEFE2"}
ROWS_MOST = 9  # of a table on one slide; the rest goes on the next
POINTS_MOST = 7
NAME_MOST = 255  # letters of a property of the file
LEAD_LETTERS = 66  # about so many stand on one line above the points
TEMPLATE_PARTS = 5_000
TEMPLATE_UNPACKED = 200_000_000  # bytes; the library keeps every part in memory
LIMITS = ProcessLimits(memory_mb=1024, cpu_seconds=40, wall_seconds=90)


def slides_pptx(deck: Deck, template: bytes | None = None) -> bytes:
    """Return the slides as a PowerPoint file, in 16:9 or on the organisation's own template.

    A template comes from outside, so it is read in a process of its own.
    Signs that a slide cannot show are left out, of texts frozen long ago, too.

    Args:
        deck: what is shown.
        template: a .pptx with the organisation's own look; its slides are left out.

    Raises:
        RuleViolation: the template is none that can be read, too much to read, or has no layout.
        SourceUnavailable: too many files are being read just now.

    """
    if template is None:
        return draw(deck)
    try:
        return run_limited(f"{__name__}:draw", deck, template, limits=LIMITS)
    except WorkRefused as refused:
        if refused.code == NO_LAYOUT:
            said = _("The template has no layout. Give a .pptx with at least one slide layout.")
            raise RuleViolation(said) from refused
        raise RuleViolation(_template_refused(is_too_much=refused.code == "too_much")) from refused
    except ProcessEnded as ended:
        is_too_much = ended.cause != "failed"
        raise RuleViolation(_template_refused(is_too_much=is_too_much)) from ended


def _template_refused(*, is_too_much: bool) -> str:
    if is_too_much:
        return _(
            "The template takes more memory or time to read than we allow. "
            "Save it with smaller pictures and fewer layouts, and try again."
        )
    return _("The template cannot be read as slides. Give a .pptx that PowerPoint opens.")


def draw(deck: Deck, template: bytes | None = None) -> bytes:
    """Return the slides; with a template only in a process that may die.

    Raises:
        Refused: the template cannot be read, or unpacks to too much.

    """
    shown = _opened(template)
    layouts = Layouts(shown)
    deck = cleaned(deck)
    for slide in deck.slides:
        made = _WRITERS[slide.kind](shown, layouts, _labelled(slide, deck.label))
        if isinstance(slide, ChartSlide):
            _describe(made, slide, deck.language)
    _name(shown, deck)
    if template is None:  # a template has its own foot
        _feet(shown, deck)
    into = BytesIO()
    shown.save(into)
    return into.getvalue()


def template_check(template: bytes) -> None:
    """Refuse a template on which no slides can be made, when it is given and not when they are.

    Raises:
        RuleViolation: it cannot be read as slides, or has no layout; says so in words.

    """
    at = datetime(2000, 1, 1, tzinfo=UTC)
    slides = [TitleSlide(title="x"), PointsSlide(title="x", points=("x",))]
    deck = Deck(title="x", organisation="x", language="en", made_at=at, slides=slides)
    slides_pptx(deck, template)


def _labelled(slide: Slide, label: str) -> Slide:
    """Return the slide; the first one says under which label all of them are shared."""
    if not isinstance(slide, TitleSlide):
        return slide
    return replace(slide, note="  ·  ".join(filter(None, (slide.note, f"TLP:{label}"))))


def _opened(template: bytes | None) -> Any:
    from pptx import Presentation
    from pptx.util import Inches

    if template is None:
        shown: Any = Presentation()
        shown.slide_width, shown.slide_height = Inches(WIDE), Inches(HIGH)
        return shown
    _check(template)
    try:
        shown = Presentation(BytesIO(template))
    except MemoryError:
        raise
    except Exception as error:
        raise WorkRefused("unreadable") from error
    listed = shown.slides._sldIdLst  # noqa: SLF001  the library has no other way to leave slides out
    for entry in list(listed):
        shown.part.drop_rel(entry.rId)
        listed.remove(entry)
    return shown


def _check(template: bytes) -> None:
    try:
        unpacked_size(BytesIO(template), entries=TEMPLATE_PARTS, most=TEMPLATE_UNPACKED)
    except ArchiveRefused as refused:
        code = "unreadable" if refused.code == "damaged_archive" else "too_much"
        raise WorkRefused(code) from refused


def _name(shown: Any, deck: Deck) -> None:
    known = shown.core_properties
    known.title, known.author = deck.title[:NAME_MOST], deck.author[:NAME_MOST]
    known.language, known.subject = deck.language, deck.organisation[:NAME_MOST]
    known.created = known.modified = deck.made_at.astimezone(UTC).replace(tzinfo=None)


def _feet(shown: Any, deck: Deck) -> None:
    """Write whose slides these are and which one this is, and draw the line at the edge."""
    from pptx.util import Inches

    for number, page in enumerate(shown.slides, start=1):
        _bar(page, 0, 0, 0.22, HIGH, ACCENT)
        place = (Inches(LEFT), Inches(6.98), Inches(ROOM), Inches(0.4))
        frame = page.shapes.add_textbox(*place).text_frame
        frame.word_wrap = True
        foot = f"{deck.organisation}  ·  TLP:{deck.label}  ·  {number}"
        _write(frame.paragraphs[0], foot, size=12, ink=QUIET)


def _bar(page: Any, left: float, top: float, wide: float, high: float, colour: str) -> Any:
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.util import Inches

    place = (Inches(left), Inches(top), Inches(wide), Inches(high))
    shape = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, *place)
    shape.fill.solid()
    shape.fill.fore_color.rgb = _colour(colour)
    shape.line.fill.background()
    shape.shadow.inherit = False
    return shape


def _page(shown: Any, layouts: Layouts, slide: Slide) -> Any:
    page = shown.slides.add_slide(layouts.heading)
    _leave_only_title(page)
    _heading(shown, page, slide)
    if slide.notes:
        page.notes_slide.notes_text_frame.text = slide.notes
    return page


def _leave_only_title(page: Any) -> None:
    for place in list(page.placeholders):
        if place.placeholder_format.type not in {1, 3}:
            element = place.element
            element.getparent().remove(element)


def _heading(shown: Any, page: Any, slide: Slide) -> None:
    title = _title_of(shown, page, top=0.45, high=0.9)
    _write(title, slide.title, size=30, bold=True)


def _title_of(shown: Any, page: Any, *, top: float, high: float) -> Any:
    """Return where the title is written: its place in the layout, else a box of our own."""
    from pptx.util import Emu, Inches

    scale = shown.slide_width / Inches(WIDE)
    left, room = Emu(int(Inches(LEFT) * scale)), Emu(int(Inches(ROOM) * scale))
    title = page.shapes.title
    if title is None:
        title = page.shapes.add_textbox(left, Inches(top), room, Inches(high))
    title.left, title.top, title.width, title.height = left, Inches(top), room, Inches(high)
    title.text_frame.word_wrap = True
    return title.text_frame.paragraphs[0]


def _write(paragraph: Any, text: str, *, size: float, bold: bool = False, ink: str = INK) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    paragraph.text = text
    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.font.size, paragraph.font.bold = Pt(size), bold
    paragraph.font.color.rgb = _colour(ink)


def _colour(code: str) -> Any:
    from pptx.dml import color

    library: Any = color  # it has no types
    return library.RGBColor.from_string(code)


def _box(shown: Any, page: Any, top: float, height: float) -> Any:
    from pptx.util import Emu, Inches

    scale = shown.slide_width / Inches(WIDE)
    left, room = Emu(int(Inches(LEFT) * scale)), Emu(int(Inches(ROOM) * scale))
    frame = page.shapes.add_textbox(left, Inches(top), room, Inches(height)).text_frame
    frame.word_wrap = True
    return frame


def _title_slide(shown: Any, layouts: Layouts, slide: Any) -> None:
    page = shown.slides.add_slide(layouts.title)
    _leave_only_title(page)
    title = _title_of(shown, page, top=2.3, high=1.6)
    _write(title, slide.title, size=44, bold=True, ink=ACCENT)
    frame = _box(shown, page, 4.0, 1.6)
    _write(frame.paragraphs[0], slide.subtitle, size=24)
    if slide.note:
        _write(frame.add_paragraph(), slide.note, size=16, ink=QUIET)
    if slide.notes:
        page.notes_slide.notes_text_frame.text = slide.notes


def _points_slides(shown: Any, layouts: Layouts, slide: Any) -> None:
    from pptx.util import Pt

    groups = [slide.points[n : n + POINTS_MOST] for n in range(0, len(slide.points), POINTS_MOST)]
    for number, points in enumerate(groups or [()]):
        frame = _box(shown, _page(shown, layouts, slide), TOP, DEPTH)
        first = True
        if slide.lead and number == 0:
            _write(frame.paragraphs[0], slide.lead, size=22, ink=QUIET)
            first = False
        for point in points:
            paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
            _write(paragraph, f"•  {point}", size=26 if len(points) <= 4 else 20)  # noqa: PLR2004  fewer rows, larger letters
            paragraph.space_before = Pt(12)
            first = False


def _table_slides(shown: Any, layouts: Layouts, slide: Any) -> None:
    rows = list(slide.rows)
    for begin in range(0, max(len(rows), 1), ROWS_MOST):
        page = _page(shown, layouts, slide)
        _table(shown, page, slide, rows[begin : begin + ROWS_MOST], begin)


def _table(
    shown: Any, page: Any, slide: Any, rows: Sequence[Sequence[str]], begin: int, top: float = TOP
) -> None:
    from pptx.util import Emu, Inches

    if not slide.heads:
        return
    letters = 20 if len(rows) <= 4 else 17 if len(rows) <= 7 else 15  # noqa: PLR2004  fewer rows, larger letters

    scale = shown.slide_width / Inches(WIDE)
    left, room = Emu(int(Inches(LEFT) * scale)), int(Inches(ROOM) * scale)
    size = (len(rows) + 1, len(slide.heads))
    high = Inches(0.03 * letters * size[0])
    grid = page.shapes.add_table(*size, left, Inches(top), Emu(room), high).table
    shares = slide.shares or [1.0] * len(slide.heads)
    for column, share in zip(grid.columns, shares, strict=True):
        column.width = Emu(int(room * share / sum(shares)))
    for place, head in enumerate(slide.heads):
        _cell(grid.cell(0, place), head, ink=PAPER, fill=ACCENT, bold=True, size=letters - 2)
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            tone = (getattr(slide, "toned", None) or {}).get((begin + number, place), "")
            fill = TONES.get(tone, SOFT if number % 2 else PAPER)
            _cell(
                grid.cell(number + 1, place), text, fill=fill,
                ink=PAPER if tone == "danger" else INK, size=letters,
            )  # fmt: skip


def _cell(cell: Any, text: str, *, fill: str, ink: str, size: float, bold: bool = False) -> None:

    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour(fill)
    _write(cell.text_frame.paragraphs[0], text, size=size, bold=bold, ink=ink)


def _account_slide(shown: Any, layouts: Layouts, slide: Any) -> None:
    from pptx.util import Pt

    page = _page(shown, layouts, slide)
    top = TOP
    if slide.lead:
        _write(_box(shown, page, top, 0.5).paragraphs[0], slide.lead, size=22, ink=QUIET)
        top += 0.2 + 0.4 * (1 + len(slide.lead) // LEAD_LETTERS)
    if slide.points:
        letters = 20 if len(slide.points) <= 4 or not slide.rows else 17  # noqa: PLR2004  fewer rows, larger letters
        frame = _box(shown, page, top, 0.42 * len(slide.points))
        for number, point in enumerate(slide.points):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            _write(paragraph, f"•  {point}", size=letters)
            paragraph.space_after = Pt(0 if slide.rows else 8)
        top += 0.4 * sum(1 + len(point) // 95 for point in slide.points) + 0.35
    if slide.rows:
        _table(shown, page, slide, slide.rows, 0, top)


def _chart_slide(shown: Any, layouts: Layouts, slide: Any) -> Any:
    from pptx.chart import data as charts
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Emu, Inches, Pt

    page = _page(shown, layouts, slide)
    top = TOP
    if slide.lead:
        _write(_box(shown, page, TOP, 0.6).paragraphs[0], slide.lead, size=20, ink=QUIET)
        top += 0.65
    library: Any = charts  # it has no types
    drawn = library.CategoryChartData()
    drawn.categories = list(slide.categories)
    for name, values in slide.series:
        drawn.add_series(name, values)
    kind = XL_CHART_TYPE.BAR_CLUSTERED if slide.is_lying else XL_CHART_TYPE.COLUMN_CLUSTERED
    scale = shown.slide_width / Inches(WIDE)
    place = (Emu(int(Inches(LEFT) * scale)), Inches(top), Emu(int(Inches(ROOM) * scale)))
    frame = page.shapes.add_chart(kind, *place, Inches(DEPTH + TOP - top), drawn)
    chart = frame.chart
    chart.has_legend = len(slide.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.legend.font.size = Pt(14)
    _axes(chart, slide)
    return frame


def _describe(frame: Any, slide: ChartSlide, language: str) -> None:
    """Give a chart what it says in words, for those who do not see it."""
    told = frame._element.nvGraphicFramePr.cNvPr  # noqa: SLF001  the library has no door to it
    told.set("title", slide.title)
    told.set("descr", slide.in_words(language))


def _axes(chart: Any, slide: Any) -> None:
    from pptx.util import Pt

    chart.category_axis.tick_labels.font.size = Pt(14)
    chart.category_axis.reverse_order = slide.is_lying  # the first on top, as it is read
    axis = chart.value_axis
    axis.minimum_scale, axis.major_unit = 0, 1 if (slide.most or 9) < 9 else None  # noqa: PLR2004  fewer rows, larger letters
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = _colour("D5DADD")
    axis.tick_labels.font.size = Pt(12)
    if slide.most:
        axis.maximum_scale = slide.most
    for colour, series in zip(("0B4F6C", "D17A22", "0E7C7B"), chart.plots[0].series, strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _colour(colour)


_WRITERS = {
    "title": _title_slide,
    "points": _points_slides,
    "table": _table_slides,
    "account": _account_slide,
    "chart": _chart_slide,
}
