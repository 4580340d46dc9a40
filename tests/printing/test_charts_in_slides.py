"""A chart in slides says what it shows to those who do not see it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pptx import Presentation

from samsyn.printing.deck import ChartSlide, Deck
from samsyn.printing.slides import slides_pptx

pytestmark = pytest.mark.once  # draws a file


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", "Nivåer. Tilgang: I dag 2,5, Forrige gang 1. Logging: I dag –, Forrige gang 3"),
        ("en", "Nivåer. Tilgang: I dag 2.5, Forrige gang 1. Logging: I dag –, Forrige gang 3"),
    ],
)
def test_a_chart_has_its_title_and_each_value_as_alternative_text(language, said):
    chart = ChartSlide(
        title="Nivåer",
        categories=["Tilgang", "Logging"],
        series=[("I dag", [2.5, None]), ("Forrige gang", [1, 3])],
    )
    deck = Deck(
        title="Sikkerhet", organisation="Fjellvik", language=language,
        made_at=datetime(2026, 3, 2, tzinfo=UTC), slides=[chart],
    )  # fmt: skip
    shown = Presentation(io.BytesIO(slides_pptx(deck)))
    (frame,) = [shape for shape in shown.slides[0].shapes if shape.has_chart]
    told = frame._element.nvGraphicFramePr.cNvPr
    assert (told.get("title"), told.get("descr")) == ("Nivåer", said)
