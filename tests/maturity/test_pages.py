"""The pages of a dialogue: preparing, the phone, the meeting's screen, and the files."""

from __future__ import annotations

import json
from io import BytesIO, StringIO

import pikepdf
import pytest
from django.core.management import call_command
from pptx import Presentation

from samsyn.access.middleware import LANGUAGE_COOKIE
from samsyn.access.services import token_create
from samsyn.documents.receiving import pieces_take
from samsyn.documents.services import document_add
from samsyn.kernel.errors import RuleViolation
from samsyn.maturity.deck import dialogue_slides
from samsyn.maturity.links import door_token
from samsyn.maturity.models import DialogueStep, Rating
from samsyn.maturity.printed import dialogue_pdf
from samsyn.maturity.selectors import raters
from tests.cast import make_document
from tests.markup import tight
from tests.maturity.builders import agree, area_of, make_dialogue, propose, rate, reveal


@pytest.fixture
def dialogue(cast):
    return make_dialogue(cast, DialogueStep.MEETING)


def seat_of(client, dialogue, group="staff"):
    answer = client.post(f"/rate/in/{door_token(dialogue)}/", {"group": group})
    assert answer.status_code == 302
    return answer["Location"]


def test_a_phone_goes_from_the_door_to_the_last_area(client, dialogue):
    seat = seat_of(client, dialogue)
    for area in dialogue.areas.all():
        page = client.get(seat).content.decode()
        assert f"{seat}{area.pk}/" in page
        answer = client.post(f"{seat}{area.pk}/", {"level": "2", "reason": "So so"})
        assert answer["Location"] == seat
    assert raters(dialogue) == 1
    assert Rating.unscoped.count() == 6


def test_the_same_phone_comes_back_to_its_own_seat(client, dialogue):
    seat = seat_of(client, dialogue)
    assert client.get(f"/rate/in/{door_token(dialogue)}/")["Location"] == seat


@pytest.mark.parametrize(
    ("body", "says"), [({}, "Välj en nivå."), ({"level": "7"}, "Välj en nivå från 1 till 4.")]
)
def test_a_refused_level_is_named_in_the_readers_language(client, dialogue, body, says):
    seat, area = seat_of(client, dialogue), area_of(dialogue)
    client.cookies[LANGUAGE_COOKIE] = "sv"
    page = client.post(f"{seat}{area.pk}/", body)
    assert page.status_code == 422
    shown = tight(page.content.decode())
    assert f'href="#id_level">Nivå – {says}</a>' in shown
    assert 'id="id_level"' in shown
    assert f'id="id_level_error">{says}</p>' in shown


def test_the_highest_level_is_gently_questioned_once(client, dialogue):
    seat, area = seat_of(client, dialogue), area_of(dialogue)
    answer = client.post(f"{seat}{area.pk}/", {"level": "4"})
    assert answer.status_code == 200
    assert 'name="asked"' in answer.content.decode()
    assert not Rating.unscoped.exists()
    assert client.post(f"{seat}{area.pk}/", {"level": "4", "asked": "1"}).status_code == 302
    assert Rating.unscoped.get().level == 4


@pytest.mark.parametrize("level", ["", "0", "5", "two", "2; drop table"])
def test_no_level_is_an_error_that_says_what_to_do(client, dialogue, level):
    seat, area = seat_of(client, dialogue), area_of(dialogue)
    answer = client.post(
        f"{seat}{area.pk}/", {"level": level, "reason": "<script>alert(1)</script>"}
    )
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()


def test_a_seat_shows_ones_own_ratings_and_nobody_elses(client, cast, dialogue):
    rate(dialogue, 1, 3, reason="From somebody else")
    seat, area = seat_of(client, dialogue), area_of(dialogue)
    client.post(f"{seat}{area.pk}/", {"level": "2", "reason": "My own word"})
    page = client.get(f"{seat}{area.pk}/").content.decode()
    assert "My own word" in page
    assert "From somebody else" not in page


def test_withdrawing_asks_first(client, dialogue):
    seat, area = seat_of(client, dialogue), area_of(dialogue)
    client.post(f"{seat}{area.pk}/", {"level": "2"})
    client.get(f"{seat}withdraw/")
    assert Rating.unscoped.exists()
    client.post(f"{seat}withdraw/")
    assert not Rating.unscoped.exists()


def test_a_guessed_link_is_not_found(client, dialogue):
    for path in ("/rate/in/x/", "/rate/nothing/", f"/rate/{door_token(dialogue)}/"):
        assert client.get(path).status_code == 404


def test_the_screen_is_told_only_what_is_new(client, cast, dialogue):
    client.be(cast.people["ingvild"])
    url = f"/maturity/{dialogue.pk}/meet/now/"
    page = client.get(f"{url}?seen=x").content.decode()
    mark = page.split("seen=")[1].split("&")[0]
    assert client.get(f"{url}?seen={mark}").status_code == 204
    rate(dialogue, 2)
    assert client.get(f"{url}?seen={mark}").status_code == 200


def test_no_page_names_a_rater_or_shows_a_rating_too_early(client, cast, dialogue):
    rate(dialogue, 1, 2, 4, reason="Only I would say this")
    client.be(cast.people["ingvild"])
    pages = [f"/maturity/{dialogue.pk}/", f"/maturity/{dialogue.pk}/meet/"]
    for page in pages:
        assert "Only I would say this" not in client.get(page).content.decode()
    reveal(cast, dialogue)
    kept = set(Rating.unscoped.values_list("rater", flat=True))
    for page in pages:
        text = client.get(page).content.decode()
        assert not any(rater in text for rater in kept)


def filled(cast, dialogue):
    rate(dialogue, 1, 1, 2)
    reveal(cast, dialogue)
    agree(cast, dialogue, 1, "=1+1 is no reason\nIt hangs on two people")
    propose(cast, dialogue, "Do a risk analysis <b>now</b>")
    return dialogue


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_the_slides_can_be_read_again(cast, dialogue, language):
    made = dialogue_slides(actor=cast.ingvild, dialogue=filled(cast, dialogue), language=language)
    shown = Presentation(BytesIO(made))
    texts = [s.text_frame.text for page in shown.slides for s in page.shapes if s.has_text_frame]
    tables = [s for page in shown.slides for s in page.shapes if s.has_table]
    assert dialogue.title in texts
    assert any("It hangs on two people" in text for text in texts)
    assert len(tables) >= 4
    assert shown.core_properties.language == language


def test_the_slides_take_the_organisations_own_template(cast, dialogue, home):
    own = Presentation()
    own.slides.add_slide(own.slide_layouts[0])
    into = BytesIO()
    own.save(into)
    content = pieces_take([into.getvalue()], name="look.pptx")
    dialogue = filled(cast, dialogue)
    usual = Presentation(
        BytesIO(dialogue_slides(actor=cast.ingvild, dialogue=dialogue, language="nb"))
    )
    document_add(
        actor=cast.ingvild,
        organisation=cast.fjellvik,
        content=content,
        title="Look",
        kind="template",
    )
    for given in ({}, {"template": into.getvalue()}):
        made = dialogue_slides(actor=cast.ingvild, dialogue=dialogue, language="nb", **given)
        shown = Presentation(BytesIO(made))
        assert shown.slide_width == own.slide_width != usual.slide_width
        assert shown.slides[0].shapes.title.text == dialogue.title
    with pytest.raises(RuleViolation, match="PowerPoint"):
        make_document(cast.fjellvik, kind="template")


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_the_pdf_is_tagged_and_says_its_language(cast, dialogue, language):
    made = dialogue_pdf(actor=cast.ingvild, dialogue=filled(cast, dialogue), language=language)
    with pikepdf.open(BytesIO(made)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith(language)


def test_the_command_writes_both_files(cast, dialogue, tmp_path):
    filled(cast, dialogue)
    call_command(
        "dialogue_export", str(dialogue.pk), "--as", "ingvild",
        "--pptx", str(tmp_path / "a.pptx"), "--pdf", str(tmp_path / "a.pdf"), stdout=StringIO(),
    )  # fmt: skip
    assert (tmp_path / "a.pptx").stat().st_size > 20_000
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_the_api_gives_what_was_agreed_and_no_single_rating(client, cast, dialogue):
    filled(cast, dialogue)
    rate(dialogue, 4, key="incidents", reason="Secret word")
    secret = token_create(actor=cast.liv, person=cast.people["liv"], name="x").secret
    answer = client.get(
        f"/api/dialogues/{dialogue.pk}", headers={"Authorization": f"Bearer {secret}"}
    )
    found = {area["key"]: area for area in answer.json()["areas"]}
    assert found["risk"]["agreed"] == 1
    assert found["risk"]["spread"]["counts"] == [2, 1, 0, 0]
    assert found["incidents"] | {"answered": 1, "spread": None} == found["incidents"]
    assert "Secret word" not in json.dumps(answer.json())
