"""Management's meeting and its pack: prepared, held, frozen, and saying the same for ever."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from io import BytesIO, StringIO

import pikepdf
import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from pptx import Presentation

from samsyn.actions.services import action_propose
from samsyn.kernel.errors import RuleViolation
from samsyn.reporting.deck import pack_slides
from samsyn.reporting.models import Meeting
from samsyn.reporting.packs import pack_of
from samsyn.reporting.printed import pack_pdf
from samsyn.reporting.selectors import item_list, meeting_get
from samsyn.reporting.services.meetings import (
    item_add,
    item_write,
    meeting_change,
    meeting_freeze,
)
from samsyn.reporting.services.targets import target_decide
from samsyn.reporting.services.telling import area_word_write
from tests.cast import NOON, TODAY, make_action, make_finding
from tests.maturity.builders import agree, make_dialogue
from tests.reporting.builders import decide, make_meeting, make_proposal, make_target


@pytest.fixture
def held(cast):
    """A meeting that was held: words, a decision each way, minutes, an action, a target."""
    meeting = make_meeting(cast)
    make_finding(cast.fjellvik, severity=4, first_seen_at=NOON - timedelta(days=60))
    given = {"actor": cast.ingvild, "organisation": cast.fjellvik, "now": NOON}
    area_word_write(area="risks", text="The harbour worries me most.", judged="watch", **given)
    decide(cast, make_proposal(cast))
    decide(cast, make_proposal(cast, title="A guard of our own"), "declined", text="Too dear.")
    make_proposal(cast, title="=1+1 a course for the board", why="Long. " * 600)
    target_decide(
        actor=cast.liv, target=make_target(cast), decided_by="Liv", decided_on=TODAY, now=NOON
    )
    first = item_list(actor=cast.ingvild, meeting=meeting)[0]
    item_write(actor=cast.ingvild, item=first, minutes="All from last time is done.")
    action_propose(title="Order the cameras", thing=meeting, **given)
    return meeting


def freeze(cast, meeting):
    return meeting_freeze(actor=cast.ingvild, meeting=meeting, now=NOON)


def said(cast, meeting, language="en"):
    return pack_of(actor=cast.liv, meeting=meeting, language=language, today=date(2027, 1, 1))


def test_the_agenda_is_the_usual_one_in_the_meetings_language(cast):
    english, swedish = make_meeting(cast), make_meeting(cast, language="sv")
    titles = [item.title for item in item_list(actor=cast.liv, meeting=english)]
    assert titles[1] == "The state in eight areas"
    assert swedish.items.all()[1].title == "Läget i åtta områden"
    added = item_add(actor=cast.ingvild, meeting=english, title="The harbour")
    assert list(english.items.all())[-1] == added


def test_a_meeting_without_participants_or_before_its_day_is_not_frozen(cast):
    with pytest.raises(RuleViolation, match="who took part"):
        freeze(cast, make_meeting(cast, participants=" \n "))
    with pytest.raises(RuleViolation, match="not been held"):
        freeze(cast, make_meeting(cast, held_on=TODAY + timedelta(days=1)))


def test_a_frozen_pack_says_the_same_after_everything_has_changed(cast, held):
    frozen = freeze(cast, held)
    before = {lang: said(cast, frozen, lang) for lang in ("sv", "nb", "en")}
    assert "1 critical finding is open." in str(before["en"].picture)
    assert "1 kritisk" in str(before["nb"].picture)
    make_finding(cast.fjellvik, severity=4, subject="198.18.0.8")
    make_action(cast.fjellvik, due_on=date(2020, 1, 1))
    decide(cast, make_proposal(cast, title="Another"))
    again = meeting_get(actor=cast.liv, pk=frozen.pk)
    assert {lang: said(cast, again, lang).picture for lang in before} == {
        lang: pack.picture for lang, pack in before.items()
    }
    assert said(cast, again).is_whole
    outcomes = {each.title: each.outcome for each in before["en"].picture.proposals}
    assert outcomes["A guard of our own"] == "declined"
    assert [task.title for task in before["en"].minutes.tasks] == ["Order the cameras"]


def test_nothing_in_a_frozen_meeting_changes(cast, held):
    frozen = freeze(cast, held)
    for change in (
        lambda: meeting_change(actor=cast.ingvild, meeting=frozen, place="Elsewhere"),
        lambda: item_add(actor=cast.ingvild, meeting=frozen, title="More"),
        lambda: item_write(actor=cast.ingvild, item=frozen.items.first(), minutes="Other"),
        lambda: freeze(cast, frozen),
    ):
        with pytest.raises(RuleViolation, match="frozen"):
            change()
    with pytest.raises(DatabaseError), transaction.atomic():
        Meeting.unscoped.filter(pk=frozen.pk).update(place="Elsewhere")


def test_a_pack_that_was_tampered_with_says_so_everywhere(client, cast, held):
    frozen = freeze(cast, held)
    frozen.pack = copy.deepcopy(frozen.pack)
    frozen.pack["pictures"]["en"]["sentence"] = "All is well."
    assert not said(cast, frozen).is_whole
    slides = pack_slides(actor=cast.liv, meeting=frozen, language="en", today=TODAY)
    notes = Presentation(BytesIO(slides)).slides[0].notes_slide.notes_text_frame.text
    assert "changed after it was frozen" in notes


def test_the_slides_can_be_shown_and_changed(cast, held):
    frozen = freeze(cast, held)
    for language in ("nb", "en"):
        content = pack_slides(actor=cast.liv, meeting=frozen, language=language, today=TODAY)
        shown = Presentation(BytesIO(content))
        assert shown.core_properties.language == language
        titles = [slide.shapes.title.text_frame.text for slide in shown.slides]
        assert all(titles)
        assert any(each.has_chart for slide in shown.slides for each in slide.shapes)
        assert sum(each.has_table for slide in shown.slides for each in slide.shapes) >= 4
    assert "To decide: =1+1 a course for the board" in titles
    asked = next(s for s in shown.slides if "=1+1" in s.shapes.title.text_frame.text)
    assert asked.notes_slide.notes_text_frame.text.count("Long.") == 600
    said = [
        " ".join(each.text_frame.text for each in page.shapes if each.has_text_frame)
        for page in shown.slides
    ]
    assert all("TLP:AMBER" in text for text in said)
    assert any("Nobody notices" in text for text in said)


def test_the_pdf_is_tagged_and_says_its_language_and_title(cast, held):
    content = pack_pdf(actor=cast.liv, meeting=held, language="sv", today=TODAY)
    with pikepdf.open(BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("sv")
        assert held.title in str(pdf.docinfo["/Title"])


def test_levels_of_the_dialogue_are_in_the_pack(cast):
    dialogue = make_dialogue(cast, "meeting")
    agree(cast, dialogue, 1)
    dialogue.step = "closed"
    dialogue.save()
    picture = said(cast, make_meeting(cast)).picture
    assert [(level.name, level.today) for level in picture.levels] == [("Risk management", 1)]
    risks = next(area for area in picture.areas if area.key == "risks")
    assert risks.light == "act"
    assert "Maturity is level 1 of 4." in [fact.text for fact in risks.facts]


def test_the_command_writes_both_files(cast, held, tmp_path):
    slides, pdf = tmp_path / "pack.pptx", tmp_path / "pack.pdf"
    out = StringIO()
    call_command(
        "pack_export", held.pk, pptx=slides, pdf=pdf, language="nb", actor="liv", stdout=out
    )
    assert slides.read_bytes()[:2] == b"PK"
    assert pdf.read_bytes()[:4] == b"%PDF"
    assert "kB" in out.getvalue()
