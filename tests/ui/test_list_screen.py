"""A list: narrowing, sorting, paging, keeping, taking away."""

from __future__ import annotations

import html
import re
from contextlib import closing

import pytest

from samsyn.ui.models import SavedView
from tests.markup import tight

pytestmark = pytest.mark.urls("tests.ui.urls")
LIST = "/ui/gallery/list"


@pytest.fixture
def page(client, cast):
    client.be(cast.people["astrid"])
    return lambda url=LIST, **more: client.get(url, **more)


def text(response):
    return tight(response.content.decode())


def test_the_sentence_says_what_is_chosen_and_how_to_take_it_off(page):
    shown = text(page(f"{LIST}?severity=4&q=mail"))
    assert re.search(r'class="chip" href="\?severity=4">Search: mail<', shown)
    assert re.search(r'class="chip" href="\?q=mail">Critical<', shown)


def test_a_filter_that_makes_no_sense_narrows_nothing(page):
    assert "<strong>200 rows</strong>" in text(page(f"{LIST}?severity=99"))


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "part"])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("severity=99", "Severity: Select a valid choice. 99 is not one of the available choices."),
        ("q=a%00b", "Search: Null characters are not allowed."),
        ("order=password", "The list cannot be sorted that way; it is in its usual order."),
    ],
)
def test_what_is_not_understood_is_said(page, query, said, headers):
    shown = html.unescape(text(page(f"{LIST}?{query}", headers=headers)))
    assert "This was not understood" in shown
    assert said in shown
    assert "This was not understood" not in text(page(f"{LIST}?order=-times", headers=headers))


def test_it_is_said_in_the_readers_language(client, page, cast):
    cast.people["astrid"].language = "sv"
    cast.people["astrid"].save()
    assert "kunde inte tolkas" in text(page(f"{LIST}?severity=99"))


def test_sorting_turns_when_pressed_again(page):
    shown = text(page(f"{LIST}?order=times"))
    assert 'aria-sort="ascending"' in shown
    assert 'href="?order=-times"' in shown


@pytest.mark.parametrize(
    "query", ["order=password", "order=-nothing", "page=x", "page=-1", "page=²"]
)
def test_a_strange_question_gets_the_usual_list(page, query):
    assert page(f"{LIST}?{query}").status_code == 200


def test_htmx_gets_only_the_list(page):
    part = page(f"{LIST}?q=mail", headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert 'id="list"' in text(part)
    assert "HX-Request" in part.headers["Vary"]


def test_the_sheet_holds_what_is_shown_and_all_its_rows(page):
    sheet = b"".join(page(f"{LIST}?severity=4&export=csv").streaming_content).decode("utf-8-sig")
    lines = sheet.strip().split("\r\n")
    assert lines[0] == "What,Whose,Severity,State,Times seen,Last seen"
    assert len(lines) == 1 + 29


def test_a_workbook_is_offered_too(page):
    with closing(page(f"{LIST}?export=xlsx")) as answer:
        assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_an_empty_list_says_how_to_go_on(page):
    assert "Nothing matches your choices" in text(page(f"{LIST}?q=zzz"))


def test_a_view_is_kept_and_shown_as_a_tab(client, page):
    kept = client.post(f"{LIST}?severity=4&page=2", {"act": "view_save", "name": "Critical ones"})
    view = SavedView.objects.get(name="Critical ones")
    assert view.query == "severity=4"
    assert kept.headers["Location"] == f"{LIST}?severity=4&view={view.pk}"
    assert "Critical ones" in text(page())


def test_the_view_of_another_is_not_there_to_remove(client, page, cast):
    view = SavedView.objects.create(person=cast.people["sigrid"], screen="x", name="n")
    assert client.post(LIST, {"act": "view_delete", "view": view.pk}).status_code == 404


def test_columns_stay_as_chosen(client, page):
    client.post(LIST, {"act": "columns", "column": ["port", "nonsense"]})
    shown = text(page())
    assert ">Port<" in shown
    assert 'data-label="Times seen"' not in shown


def test_an_unknown_act_is_not_there(client, page):
    assert client.post(LIST, {"act": "delete_everything"}).status_code == 404


def test_it_works_the_same_for_one_page_and_for_many(page):
    assert len(page().content) < 150_000


def test_in_service_there_is_no_gallery(page, settings):
    settings.MODE, settings.DEMONSTRATION = "production", False
    assert page().status_code == 404
