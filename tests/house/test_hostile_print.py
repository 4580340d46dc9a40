"""Everything that Samsyn prints prints, whatever people have written; what is frozen, too."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.apps import apps
from django.db import models
from pptx import Presentation

from samsyn.maturity.deck import dialogue_slides
from samsyn.maturity.printed import dialogue_pdf, paper_pdf
from samsyn.reporting.deck import pack_slides
from samsyn.reporting.printed import pack_pdf
from samsyn.reporting.services.meetings import meeting_freeze, meeting_prepare
from samsyn.situation.printed import edition_pdf
from tests.cast import NOON, TODAY, make_action, make_edition, make_finding
from tests.maturity.builders import agree, make_dialogue, propose
from tests.reporting.builders import make_meeting, make_proposal, make_question, make_target

pytestmark = pytest.mark.once  # prints what was read

ROOMS = ("reporting", "maturity", "situation", "organisations", "actions", "access")
KEPT = {"key", "area", "nonce", "shown", "digest", "kind", "frozen", "source_kind", "password",
        "time_zone", "label", "short_code", "rater", "introduction", "stage"}  # fmt: skip
HOSTILE = {
    "control signs": "a" + "".join(map(chr, range(1, 32))) + "".join(map(chr, range(127, 160))),
    "no characters": "\ufffe\uffff\ufdd0\U0001ffff\ufeff\u0378\ue000",
    "emoji and scripts": "🦊👩‍👩‍👧 ✅ 漢字 ภาษา مرحبا שלום \u202e\u200b",
    "markup": '#panic("x") $ * _ ` <a> @b \\ // [x] = <script>&amp;]]> {{ x }} %s',
    "accents": "e" + "\u0301" * 110,
    "nothing to see": "\u200b\u2060",
    "one long word": "W" * 4000,
}


def overwrite(text):
    """Put the same text wherever people may write one, as if they had."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            fields = {f.name: text[: f.max_length] for f in model._meta.fields if is_written(f)}
            if fields:
                model._base_manager.update(**fields)


def is_written(field):
    is_text = type(field) in {models.CharField, models.TextField}
    return is_text and not field.choices and field.name not in KEPT and not field.unique


@pytest.fixture
def said(cast, home):
    """A meeting with all its parts, a dialogue and an edition."""
    make_proposal(cast)
    make_question(cast)
    make_target(cast)
    make_action(cast.fjellvik)
    make_finding(cast.fjellvik)
    dialogue = make_dialogue(cast, "meeting")
    agree(cast, dialogue, 2, dissent="No.")
    propose(cast, dialogue)
    meeting = make_meeting(cast)
    words = {"en": "Words.", "nb": "Ord."}
    return meeting, dialogue, make_edition(cast.fjellvik, words=words, state="published")


def opens(made):
    if made.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(made)) as pdf:
            return len(pdf.pages)
    return len(Presentation(io.BytesIO(made)).slides)


def files_of(actor, meeting, dialogue, edition):
    """Yield every file that is made of them."""
    ask = {"actor": actor, "language": "nb"}
    yield pack_pdf(meeting=meeting, today=TODAY, **ask)
    yield pack_slides(meeting=meeting, today=TODAY, **ask)
    yield dialogue_pdf(dialogue=dialogue, **ask)
    yield dialogue_slides(dialogue=dialogue, **ask)
    yield paper_pdf(dialogue=dialogue, **ask)
    yield edition_pdf(edition, language="nb")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_everything_prints_with_any_words_in_it(cast, said, text):
    overwrite(text)
    for thing in said:
        thing.refresh_from_db()
    said[2].words = {"en": text, "nb": text}
    for made in files_of(cast.ingvild, *said):
        assert opens(made)
    frozen = meeting_freeze(actor=cast.ingvild, meeting=said[0], now=NOON)
    for make in (pack_pdf, pack_slides):
        assert opens(make(actor=cast.ingvild, meeting=frozen, language="nb", today=TODAY))


def replaced(value, text):
    """Return plain values with a text in place of each text that is written by hand."""
    if isinstance(value, dict):
        return {k: v if k in PLAIN else replaced(v, text) for k, v in value.items()}
    if isinstance(value, list):
        return [replaced(each, text) for each in value]
    return text if isinstance(value, str) else value


PLAIN = {"held_on", "due_on", "light", "trend", "key", "area", "url", "judged"}


@pytest.mark.once
def test_a_pack_that_was_frozen_with_anything_in_it_prints_again(cast, said):
    frozen = meeting_freeze(actor=cast.ingvild, meeting=said[0], now=NOON)
    frozen.pack = replaced(frozen.pack, "\0\ud800\x1b🦊\ufffe#x")  # before anything was refused
    for make in (pack_pdf, pack_slides):
        assert opens(make(actor=cast.ingvild, meeting=frozen, language="nb", today=TODAY))


def test_what_has_no_parts_prints(cast, home):
    meeting = meeting_prepare(
        actor=cast.ingvild, organisation=cast.fjellvik, title="x", held_on=TODAY, language="en"
    )
    dialogue = make_dialogue(cast)
    meeting.items.all().delete()
    dialogue.areas.all().delete()
    for made in files_of(cast.ingvild, meeting, dialogue, make_edition(cast.fjellvik)):
        assert opens(made)
