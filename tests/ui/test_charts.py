"""Charts: whole labels, safe texts, words for those who do not see them."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from samsyn.ui.charts import (
    PAPER,
    WEB,
    ChartBar,
    LevelRow,
    Series,
    Stack,
    Tile,
    bars_svg,
    columns_svg,
    heat_svg,
    levels_svg,
    spark_svg,
    text_width,
    tiles_svg,
    trend_svg,
)

HOSTILE = '</text><script>alert(1)</script>"&<'
LONG = "Gjenopprettingsberedskapsarbeid i helsefagsystemer og vannforsyning"
SVG = "{http://www.w3.org/2000/svg}"


def every_chart(name: str, palette=WEB, width: float = 560) -> dict[str, str]:
    tile = Tile(x=0, y=0, code="FJE", name=name, level=4, meaning="critical", url="/a?b=1&c=2")
    return {
        "trend": trend_svg(
            [Series(name=name, values=[1, None, 3])],
            ["a", "b", name],
            title=name,
            description=name,
            width=width,
            palette=palette,
        ),
        "bars": bars_svg([ChartBar(name=name, value=3)], title=name, width=width, palette=palette),
        "columns": columns_svg(
            [Stack(name=name, values=[1, 2])], ["a", "b"], title=name, width=width, palette=palette
        ),
        "tiles": tiles_svg([tile], title=name, palette=palette),
        "heat": heat_svg(
            [[1]],
            [[4]],
            title=name,
            x_name=name,
            y_name="y",
            x_labels=["1"],
            y_labels=[name],
            palette=palette,
        ),
        "spark": spark_svg([1, 2, 3], title=name),
    }


@pytest.mark.parametrize("chart", every_chart("x"))
def test_a_hostile_text_stays_a_text(chart):
    drawn = every_chart(HOSTILE)[chart]
    assert "<script" not in drawn
    ET.fromstring(drawn)  # noqa: S314  our own drawing; it must be well-formed


@pytest.mark.parametrize("chart", ["trend", "bars", "heat"])
@pytest.mark.parametrize("width", [320, 560])
def test_a_long_name_is_not_cut(chart, width):
    drawn = ET.fromstring(every_chart(LONG, width=width)[chart])  # noqa: S314
    wide = float(drawn.attrib["viewBox"].split()[2])
    for text in drawn.iter(f"{SVG}text"):
        if "transform" in text.attrib or text.attrib.get("text-anchor") == "middle":
            continue
        x, long = float(text.attrib["x"]), text_width(text.text, float(text.attrib["font-size"]))
        left, right = (x - long, x) if text.attrib["text-anchor"] == "end" else (x, x + long)
        assert left >= -1, text.text
        assert right <= wide + 1, text.text


def test_paper_has_no_variables_and_the_web_has_no_literal_colours():
    for drawn in every_chart("Fjellvik", palette=PAPER).values():
        assert "var(" not in drawn
    for drawn in every_chart("Fjellvik").values():
        assert not re.search(r'(fill|stroke)="#', drawn)


def test_it_says_in_words_what_it_shows():
    drawn = ET.fromstring(every_chart("Open findings")["trend"])  # noqa: S314
    assert drawn.find(f"{SVG}title").text == "Open findings"
    assert drawn.find(f"{SVG}desc") is not None
    assert drawn.attrib["role"] == "img"


def test_a_tile_with_an_address_is_a_link_with_name_and_state():
    link = ET.fromstring(every_chart("Fjellvik")["tiles"]).find(f"{SVG}a")  # noqa: S314
    assert link.attrib["href"] == "/a?b=1&c=2"
    assert link.attrib["aria-label"] == "Fjellvik: critical"


def test_where_nothing_is_known_the_line_has_a_gap():
    drawn = trend_svg([Series(name="a", values=[1, 2, None, 3, 4])], list("abcde"), title="t")
    assert drawn.count("<polyline") == 2


def test_nothing_at_all_is_drawn_without_fault():
    trend_svg([], [], title="t")
    bars_svg([], title="t")
    columns_svg([], [], title="t")
    tiles_svg([], title="t")


def test_names_at_the_ends_do_not_lie_on_each_other():
    names = [Series(name=f"line {i}", values=[5, 5]) for i in range(6)]
    drawn = ET.fromstring(trend_svg(names, ["a", "b"], title="t"))  # noqa: S314
    places = sorted(
        float(t.attrib["y"]) for t in drawn.iter(f"{SVG}text") if t.text.startswith("line")
    )
    assert min(b - a for a, b in pairwise(places)) >= 14


@pytest.mark.parametrize("width", [320, 390, 680])
def test_the_names_of_columns_do_not_lie_on_each_other(width):
    labels = [f"{day} november" for day in range(1, 27)]
    drawn = ET.fromstring(  # noqa: S314
        columns_svg([Stack(name="x", values=[1] * 26)], labels, title="t", width=width)
    )
    spans = []
    for text in drawn.iter(f"{SVG}text"):
        if text.text.endswith("november"):
            x, long = float(text.attrib["x"]), text_width(text.text)
            spans.append((x - long, x) if text.attrib["text-anchor"] == "end" else
                         (x - long / 2, x + long / 2))  # fmt: skip
    spans.sort()
    assert len(spans) > 1
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_the_name_of_an_area_does_not_lie_under_its_track():
    rows = [LevelRow(name="Informationsklassningsarbete", today=2)]
    drawn = ET.fromstring(levels_svg(rows, [""] * 4, title="t", width=324))  # noqa: S314
    name = next(text for text in drawn.iter(f"{SVG}text") if text.text == rows[0].name)
    track = min(float(each.attrib["x"]) for each in drawn.iter(f"{SVG}rect"))
    assert text_width(name.text, float(name.attrib["font-size"])) <= track
