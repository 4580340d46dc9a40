"""Who asks for a new password learns nothing of who has an account."""

from __future__ import annotations

import time

import pytest
from django.core import mail

from samsyn.access.asking_anew import HELD_SECONDS

RESET = "/accounts/password/reset/"
WORDS = {
    "en": "If the address is known here",
    "sv": "Om adressen finns här",
    "nb": "Hvis adressen er kjent her",
}


@pytest.mark.parametrize("known", [True, False])
def test_the_answer_takes_its_time_whoever_it_is(client, cast, known):
    address = cast.people["jonas"].email if known else "nobody@elsewhere.example"
    began = time.monotonic()
    answer = client.post(RESET, {"email": address})
    assert time.monotonic() - began >= HELD_SECONDS
    assert answer.status_code == 302
    assert len(mail.outbox) == known


@pytest.mark.parametrize("language", WORDS)
def test_the_page_after_it_promises_nothing(client, cast, language):
    answer = client.post(RESET, {"email": "nobody@elsewhere.example"})
    page = client.get(answer["Location"], HTTP_ACCEPT_LANGUAGE=language).content.decode()
    assert WORDS[language] in page
