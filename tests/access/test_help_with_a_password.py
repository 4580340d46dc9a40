"""The pages for a forgotten password say whom to ask, or say nothing of it."""

from __future__ import annotations

import pytest

from samsyn.organisations.models import Contact
from tests.cast import make_organisation

pytestmark = pytest.mark.django_db
PAGES = ("/accounts/password/reset/", "/accounts/password/reset/done/")
named = pytest.mark.parametrize("url", PAGES)
ADDRESS = "vakt@samvakt.example"
WORDS = {"en": "Does it not work?", "sv": "Fungerar det inte?", "nb": "Virker det ikke?"}


@pytest.fixture
def nobody(cast):
    """The cast, whose operator has no contact."""
    Contact.unscoped.filter(organisation=cast.samvakt).delete()
    return cast


def has(organisation, purpose, email=ADDRESS):
    return Contact.unscoped.create(organisation=organisation, purpose=purpose, email=email)


def shown(client, url, language="en"):
    return client.get(url, HTTP_ACCEPT_LANGUAGE=language).content.decode()


@named
@pytest.mark.parametrize("language", WORDS)
def test_they_name_the_operator_and_its_address(client, nobody, url, language):
    has(nobody.samvakt, "technical")
    page = shown(client, url, language)
    assert WORDS[language] in page
    assert f"{nobody.samvakt.name}:" in page
    assert f'href="mailto:{ADDRESS}"' in page


@named
@pytest.mark.parametrize("language", WORDS)
def test_without_a_contact_they_promise_none(client, nobody, url, language):
    page = shown(client, url, language)
    assert WORDS[language] not in page
    assert "mailto:" not in page


@named
def test_around_the_clock_will_do_and_management_is_not_shown_to_strangers(client, nobody, url):
    has(nobody.samvakt, "management", "sjef@samvakt.example")
    assert "mailto:" not in shown(client, url)
    has(nobody.samvakt, "24-7")
    page = shown(client, url)
    assert ADDRESS in page
    assert "sjef@" not in page


@named
def test_where_operators_are_strangers_none_is_named(client, nobody, url):
    has(nobody.samvakt, "technical")
    make_organisation("Nordvakt", kind="operator")
    page = shown(client, url)
    assert "mailto:" not in page
    assert nobody.samvakt.name not in page
