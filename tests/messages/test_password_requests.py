"""Who asks for a new password learns nothing of who has an account; who has one gets a letter."""

from __future__ import annotations

import sys
import traceback
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from samsyn.jobs.models import Run
from samsyn.jobs.services import work_once
from samsyn.messages.models import Message, PasswordRequest
from samsyn.messages.password_requests import requests_answer
from samsyn.site import standby as waiting
from samsyn.site.standby import Standby, standby

RESET = "/accounts/password/reset/"
UNKNOWN = "nobody@elsewhere.example"
OUTBOX = "samsyn.messages.backends.OutboxBackend"


def asks(address, client=None):
    return (client or Client()).post(RESET, {"email": address})


def statements(work):
    """Return what is asked of the database, without the values."""
    seen = []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return seen


def works_until_idle():
    """Return the names of the jobs that the worker found to do."""
    return [run.job for run in iter(work_once, None)]


@pytest.mark.parametrize("name", ["jonas", "astrid", "henrik"])
def test_the_same_is_read_and_written_whether_the_address_is_known_or_not(cast, name):
    known = statements(lambda: asks(cast.people[name].email))
    unknown = statements(lambda: asks(UNKNOWN))
    assert known == unknown
    assert sum(sql.startswith("INSERT") for sql in known) == 1
    assert not any("access_person" in sql for sql in known)


def test_the_answer_is_the_same_and_nothing_is_sent_before_it(cast):
    known, unknown = asks(cast.people["jonas"].email), asks(UNKNOWN)
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert mail.outbox == []
    requests_answer()
    assert [letter.to for letter in mail.outbox] == [[cast.people["jonas"].email]]


def test_a_request_holds_no_address_in_clear_and_goes_when_it_is_answered(cast):
    asks(cast.people["jonas"].email)
    asks(UNKNOWN)
    kept = str(list(PasswordRequest.objects.values()))
    assert "jonas" not in kept
    assert "nobody" not in kept
    assert requests_answer() == 2
    assert not PasswordRequest.objects.exists()


@pytest.mark.parametrize("changes", [str.upper, str.title, " {} ".format])
def test_an_address_is_known_however_it_is_written_and_the_letter_goes_to_our_own(cast, changes):
    asks(changes(cast.people["jonas"].email))
    requests_answer()
    assert mail.outbox[0].to == [cast.people["jonas"].email]


def test_who_may_not_sign_in_gets_no_letter(cast):
    person = cast.people["jonas"]
    person.is_active = False
    person.save()
    asks(person.email)
    assert requests_answer() == 1
    assert mail.outbox == []


def test_the_worker_writes_the_letter_as_soon_as_it_is_free(cast, settings):
    settings.EMAIL_BACKEND = OUTBOX
    works_until_idle()
    asks(cast.people["jonas"].email)
    assert works_until_idle() == ["password_letters"]
    assert Message.unscoped.get().to == cast.people["jonas"].email
    assert works_until_idle() == []


def test_the_record_of_the_run_does_not_say_who_is_known(cast):
    for address in (cast.people["jonas"].email, UNKNOWN):
        asks(address)
        works_until_idle()
    one, other = Run.objects.filter(job="password_letters")
    assert one.result == other.result == {"handled": 1}


def test_the_letter_is_sent_at_once_before_others_that_wait(cast, settings, smtp):
    settings.EMAIL_BACKEND = OUTBOX
    asks(cast.people["jonas"].email)
    requests_answer()
    assert "/reset/key/" in smtp.mails[0].get_body(("plain",)).get_content()
    assert Message.unscoped.get().state == "sent"


def test_a_letter_that_the_mail_server_does_not_take_waits_in_the_outbox(cast, settings, smtp):
    settings.EMAIL_BACKEND = OUTBOX
    smtp.to_data.append("451 later")
    asks(cast.people["jonas"].email)
    requests_answer()
    assert Message.unscoped.get().state == "waiting"
    assert not PasswordRequest.objects.exists()


def test_one_that_cannot_be_read_does_not_stop_the_others(cast, settings):
    asks(UNKNOWN)
    PasswordRequest.objects.update(sealed="of another installation")
    asks(cast.people["jonas"].email)
    assert requests_answer() == 2
    assert len(mail.outbox) == 1
    assert not PasswordRequest.objects.exists()


def test_what_was_asked_days_ago_is_forgotten(cast):
    asks(cast.people["jonas"].email)
    PasswordRequest.objects.update(asked_at=timezone.now() - timedelta(days=2))
    assert requests_answer() == 0
    assert mail.outbox == []
    assert not PasswordRequest.objects.exists()


def test_five_an_hour_may_be_asked_for_one_address_known_or_not(cast):
    for address in (cast.people["jonas"].email, UNKNOWN):
        answers = [asks(address).status_code for _ in range(6)]
        assert answers == [302] * 5 + [429]
    assert PasswordRequest.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_without_a_worker_the_server_of_pages_sends_the_letter(cast, monkeypatch):
    monkeypatch.setattr(waiting, "PATIENCE", timedelta(seconds=0.01))
    monkeypatch.setattr(standby, "is_on", True)
    asks(cast.people["jonas"].email)
    assert standby.at_work.acquire(timeout=60), where_threads_are()
    standby.at_work.release()
    assert len(mail.outbox) == 1


def where_threads_are():
    """Return what every thread is doing, to find out what one waits for."""
    frames = sys._current_frames().values()
    return "\n".join("".join(traceback.format_stack(frame)) for frame in frames)


def test_the_server_leaves_to_the_worker_what_has_not_waited_long(cast, monkeypatch):
    asks(cast.people["jonas"].email)
    slept = []
    monkeypatch.setattr(waiting, "sleep", lambda seconds: slept.append(seconds) or worker())

    def worker():
        assert PasswordRequest.objects.exists()
        PasswordRequest.objects.all().delete()

    Standby()._until_nothing_waits()
    assert slept == [20]
    assert mail.outbox == []


WORDS = {
    "en": "If the address is known here",
    "sv": "Om adressen finns här",
    "nb": "Hvis adressen er kjent her",
}


@pytest.mark.parametrize("language", WORDS)
def test_the_page_after_it_promises_nothing(client, cast, language):
    answer = asks(UNKNOWN, client)
    page = client.get(answer["Location"], HTTP_ACCEPT_LANGUAGE=language).content.decode()
    assert WORDS[language] in page
