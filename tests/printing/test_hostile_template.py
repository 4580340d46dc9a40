"""A template for slides comes from outside: it is read in a process that may die of it."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from pptx import Presentation

from samsyn.kernel.contained import ProcessLimits
from samsyn.kernel.errors import RuleViolation
from samsyn.printing import slides
from samsyn.printing.deck import Deck, TitleSlide
from samsyn.printing.slides import slides_pptx

MB = 1 << 20


def deck() -> Deck:
    shown = [TitleSlide(title="How it stands", subtitle="Fjellvik")]
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    return Deck(title="T", organisation="Fjellvik", language="nb", made_at=moment, slides=shown)


def template(*, padding_mb: int = 0) -> bytes:
    made = io.BytesIO()
    Presentation().save(made)
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("ppt/media/image9.png", "w") as part,
    ):
        for _number in range(padding_mb):
            part.write(b"\0" * MB)
    return made.getvalue()


def test_an_honest_template_is_used():
    shown = Presentation(io.BytesIO(slides_pptx(deck(), template())))
    assert shown.slides[0].shapes.title.text == "How it stands"
    assert shown.slide_width == Presentation().slide_width


def test_a_template_that_unpacks_to_hundreds_of_megabytes_is_refused():
    content = template(padding_mb=201)
    assert len(content) < MB
    with pytest.raises(RuleViolation, match="more memory or time"):
        slides_pptx(deck(), content)


@pytest.mark.parametrize("content", [b"", b"PK", template()[:-30], template()[:3000]])
def test_what_is_no_presentation_is_said(content):
    with pytest.raises(RuleViolation, match="cannot be read as slides"):
        slides_pptx(deck(), content)


@pytest.mark.parametrize("limits", [ProcessLimits(memory_mb=20), ProcessLimits(cpu_seconds=0)])
def test_a_template_that_kills_the_process_is_a_refusal_and_we_live(monkeypatch, limits):
    monkeypatch.setattr(slides, "LIMITS", limits)
    with pytest.raises(RuleViolation, match="template"):
        slides_pptx(deck(), template())
