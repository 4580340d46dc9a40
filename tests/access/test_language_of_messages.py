"""What is said at signing in or out is in the language of the page that shows it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def texts_of(answer):
    return answer.content.decode()


def test_a_sign_in_is_said_in_the_persons_language_and_a_sign_out_in_the_browsers(cast):
    person = cast.people["sigrid"]
    person.language = "sv"
    person.save()
    browser = Client(headers={"accept-language": "en"})
    given = {"login": person.email, "password": PASSWORD}
    page = texts_of(browser.post("/accounts/login/", given, follow=True))
    assert "Du är inloggad som" in page
    assert "signed in as" not in page
    page = texts_of(browser.post("/accounts/logout/", follow=True))
    assert "You have signed out" in page
    assert "utloggad" not in page


def test_a_token_is_shown_once_and_reloading_makes_no_other(cast, client):
    client.be(cast.people["ingvild"])
    answer = client.post("/me/", {"name": "export", "days": "30"})
    assert answer.status_code == 302
    kept = str(dict(client.session))
    first = texts_of(client.get("/me/"))
    assert 'id="new-token"' in first
    secret = re.search(r"samsyn_[\w-]{30,}", first).group()
    assert secret not in kept  # whoever reads the database does not read the token
    assert 'id="new-token"' not in texts_of(client.get("/me/"))
