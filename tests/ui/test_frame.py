"""What surrounds every page: whose data, which label, and nothing of another's."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.urls("tests.ui.urls")
LIST = "/ui/gallery/list"


def seen_by(client, person, url=LIST):
    return client.be(person).get(url).content.decode()


def test_the_bar_of_one_is_not_shown_to_another(client, cast):
    first = seen_by(client, cast.people["astrid"])
    second = seen_by(client, cast.people["sigrid"])
    assert "Samvakt" in first
    assert "Samvakt" not in second
    assert "Elvdal" in second


def test_an_address_with_html_in_it_stays_a_text(client, cast):
    shown = seen_by(client, cast.people["astrid"], f'{LIST}?q="><script>alert(1)</script>')
    assert "<script>alert" not in shown


def test_each_form_carries_the_token_of_its_own_request(client, cast):
    first = seen_by(client, cast.people["astrid"])
    second = seen_by(client, cast.people["astrid"])
    assert "csrfmiddlewaretoken" in first
    assert first != second


def test_the_bar_says_whose_data_it_is_and_offers_the_languages(client, cast):
    shown = seen_by(client, cast.people["astrid"])
    for words in ("Svenska", "Norsk bokmål", "Skip to the content", 'id="keys"'):
        assert words in shown
