"""Links in mail lead to the configured address, whatever name the request came by."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from samsyn.access.links import password_link
from samsyn.access.services import password_link_give
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed
from samsyn.messages.password_requests import requests_answer

pytestmark = pytest.mark.django_db
BASE = "https://samsyn.example"


@pytest.fixture
def elsewhere(settings):
    settings.BASE_URL = BASE
    settings.ALLOWED_HOSTS = ["evil.example", "samsyn.example", "testserver"]


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "samsyn.example", "x-forwarded-host": "evil.example"},
        {"host": "samsyn.example", "forwarded": "host=evil.example"},
    ],
)
def test_the_link_to_a_new_password_keeps_to_our_address(
    client, cast, elsewhere, mailoutbox, headers
):
    given = {"email": cast.people["ingvild"].email}
    assert client.post("/accounts/password/reset/", given, headers=headers).status_code == 302
    requests_answer()
    text = mailoutbox[0].body + mailoutbox[0].subject
    assert f"{BASE}/accounts/password/reset/key/" in text
    assert "evil.example" not in text


def test_the_link_opens_the_choice_of_a_password(client, cast, elsewhere, mailoutbox):
    client.post("/accounts/password/reset/", {"email": cast.people["ingvild"].email})
    requests_answer()
    line = next(line for line in mailoutbox[0].body.splitlines() if "/reset/key/" in line)
    page = client.get(line.strip().removeprefix(BASE), follow=True)
    assert b"password1" in page.content


def test_the_link_of_setup_and_of_the_mail_are_the_same_kind(client, cast, elsewhere):
    page = client.get(password_link(cast.people["ingvild"]).removeprefix(BASE), follow=True)
    assert b"password1" in page.content


def test_a_name_that_is_not_ours_gets_no_mail_sent(client, cast, settings, mailoutbox):
    settings.ALLOWED_HOSTS = ["samsyn.example"]
    given = {"email": cast.people["ingvild"].email}
    answer = client.post("/accounts/password/reset/", given, headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert requests_answer() == 0
    assert mailoutbox == []


def test_the_console_prints_a_link_and_the_trail_says_so(client, cast, elsewhere, capsys):
    call_command("password_link", cast.people["ingvild"].email.upper())
    link = capsys.readouterr().out.strip()
    page = client.get(link.removeprefix(BASE), follow=True)
    assert b"password1" in page.content
    entry = Entry.objects.get(action="access.password_link_give")
    assert entry.object_id == str(cast.people["ingvild"].pk)
    assert "/reset/" not in str(entry.changes)


def test_nobody_gets_a_link_for_an_address_that_is_not_here(cast):
    with pytest.raises(CommandError):
        call_command("password_link", "nobody@fjellvik.example")


def test_no_person_puts_such_a_link_on_record(cast):
    with pytest.raises(NotAllowed):
        password_link_give(actor=cast.henrik, person=cast.people["ingvild"])


@pytest.mark.parametrize(
    ("language", "greeting", "words"),
    [("sv", "Hej", "lösenord"), ("nb", "Hei", "passord"), ("en", "Hello", "password")],
)
def test_the_letter_is_in_the_persons_language_and_from_the_operator(
    client, cast, mailoutbox, language, greeting, words
):
    person = cast.people["ingvild"]
    person.language = language
    person.save()
    other = "en" if language != "en" else "sv"
    client.post("/accounts/password/reset/", {"email": person.email}, HTTP_ACCEPT_LANGUAGE=other)
    requests_answer()
    letter = mailoutbox[0]
    assert letter.body.startswith(greeting)
    assert words in letter.body
    assert cast.samvakt.name in letter.body.splitlines()
