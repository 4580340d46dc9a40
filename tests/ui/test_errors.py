"""Trouble, in words."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from samsyn.ui.errors import ERROR_TEXTS, server_error

pytestmark = pytest.mark.urls("tests.ui.urls")


def test_a_wrong_address_answers_in_the_frame(client, cast):
    answer = client.be(cast.people["egil"]).get("/nothing/here")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_fault_of_ours_needs_no_database():
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429, 500, 503])
def test_every_kind_of_trouble_has_its_words(status):
    error_text = ERROR_TEXTS[status]
    assert error_text.title
    assert error_text.text
    assert error_text.advice


def test_a_form_that_was_open_too_long_says_to_reload(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.people["ingvild"], backend=settings.AUTHENTICATION_BACKENDS[0])
    text = browser.post("/theme/", {"theme": "dark"}, headers={"accept-language": "en"})
    assert text.status_code == 403
    assert "reload" in text.content.decode()
    assert "person in charge of roles" not in text.content.decode()
