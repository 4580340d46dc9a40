"""A change that is sent twice under one Idempotency-Key is made once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.actions.models import Action
from samsyn.api import once
from samsyn.api.jobs import forget
from samsyn.api.models import KeptAnswer
from samsyn.api.once import KEPT
from samsyn.audit.models import Entry
from tests.api.programs import Program
from tests.cast import make_cast
from tests.webhooks.builders import ADDRESS

pytestmark = pytest.mark.django_db
KEY = {"Idempotency_Key": "5f1a"}


@pytest.fixture
def ingvild(cast):
    return Program(cast, "ingvild")


def action(cast, **more):
    return {"organisation_id": cast.fjellvik.pk, "title": "Once", "due_on": "2030-01-01", **more}


def test_the_second_time_has_the_first_answer(ingvild, cast):
    first = ingvild.post("/api/actions", action(cast), **KEY)
    again = ingvild.post("/api/actions", action(cast), **KEY)
    assert Action.unscoped.count() == 1
    assert again.json() == first.json()
    assert (again.status_code, again["ETag"]) == (first.status_code, first["ETag"])
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Entry.objects.filter(action="actions.action_propose").count() == 1


def test_without_a_key_it_is_made_twice(ingvild, cast):
    for _ in range(2):
        ingvild.post("/api/actions", action(cast))
    assert Action.unscoped.count() == 2


def test_something_else_under_the_same_key_is_refused(ingvild, cast):
    ingvild.post("/api/actions", action(cast), **KEY)
    answer = ingvild.post("/api/actions", action(cast, title="Other"), **KEY)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert Action.unscoped.count() == 1


def test_a_key_is_of_one_token_and_one_address(ingvild, cast):
    ingvild.post("/api/actions", action(cast), **KEY)
    assert Program(cast, "ingvild").post("/api/actions", action(cast), **KEY).status_code == 200
    supplier = {"organisation_id": cast.fjellvik.pk, "name": "Nettfirma"}
    assert ingvild.post("/api/suppliers", supplier, **KEY).status_code == 200
    assert Action.unscoped.count() == 2


def test_a_refusal_is_not_kept(ingvild, cast):
    wrong = action(cast, owner_person_id=999_999)
    assert ingvild.post("/api/actions", wrong, **KEY).status_code == 422
    assert not KeptAnswer.objects.exists()
    assert ingvild.post("/api/actions", action(cast), **KEY).status_code == 200


def test_after_a_day_the_key_is_new(ingvild, cast):
    ingvild.post("/api/actions", action(cast), **KEY)
    KeptAnswer.objects.update(made_at=timezone.now() - KEPT - timedelta(seconds=1))
    assert ingvild.post("/api/actions", action(cast, title="Other"), **KEY).status_code == 200
    assert Action.unscoped.count() == 2


def test_the_worker_forgets_what_is_a_day_old(ingvild, cast):
    ingvild.post("/api/actions", action(cast), **KEY)
    assert forget(actor=cast.job, progress=lambda *_: None) == {"forgotten": 0}
    KeptAnswer.objects.update(made_at=timezone.now() - KEPT - timedelta(seconds=1))
    assert forget(actor=cast.job, progress=lambda *_: None) == {"forgotten": 1}


def test_the_database_does_not_show_what_was_answered(ingvild, cast):
    ingvild.post("/api/actions", action(cast), **KEY)
    row = KeptAnswer.objects.get()
    assert "Once" not in row.sealed
    assert "5f1a" not in row.digest


@pytest.mark.parametrize("key", ["", "x" * 256, "å", "a\tb"])
def test_what_is_no_key_is_refused(ingvild, cast, key):
    answer = ingvild.post("/api/actions", action(cast), Idempotency_Key=key)
    assert answer.status_code == 422
    assert not Action.unscoped.exists()


def test_there_is_a_limit_to_what_is_kept(ingvild, cast, settings):
    settings.LIMITS = {**settings.LIMITS, "kept_answers": 1}
    ingvild.post("/api/actions", action(cast), **KEY)
    answer = ingvild.post("/api/actions", action(cast), Idempotency_Key="another")
    assert answer.status_code == 422
    assert "Go on tomorrow" in answer.json()["detail"]


def test_a_file_is_sent_once_too(ingvild, cast, home):
    def send(content):
        file = SimpleUploadedFile("minutes.pdf", content, "application/pdf")
        given = {"organisation_id": cast.fjellvik.pk, "title": "Minutes", "file": file}
        head = {"Authorization": f"Bearer {ingvild.secret}", "Idempotency-Key": "f"}
        return ingvild.client.post("/api/documents", given, headers=head)

    first, again = send(b"%PDF-1.7 minutes"), send(b"%PDF-1.7 minutes")
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert send(b"%PDF-1.7 others").status_code == 422


def test_a_kill_after_the_change_and_before_its_answer_is_kept_leaves_neither(
    ingvild, cast, monkeypatch
):
    class Killed(BaseException):
        """As if the process ended here."""

    def killed(_text):
        raise Killed

    with monkeypatch.context() as here:
        here.setattr(once, "seal_text", killed)
        with pytest.raises(Killed):
            ingvild.post("/api/actions", action(cast), **KEY)
    assert not Action.unscoped.exists()
    assert not KeptAnswer.objects.exists()
    assert ingvild.post("/api/actions", action(cast), **KEY).status_code == 200
    assert Action.unscoped.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_of_two_that_come_at_once_one_is_made_and_both_have_its_answer():
    cast = make_cast()
    program, answers = Program(cast, "ingvild"), []
    together = threading.Barrier(2)

    def send():
        mine = Program.__new__(Program)
        mine.secret, mine.client = program.secret, type(program.client)()
        together.wait()
        answers.append(mine.post("/api/actions", action(cast), **KEY))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert Action.unscoped.count() == 1


def webhook(cast):
    return {"organisation_id": cast.fjellvik.pk, "name": "P", "address": ADDRESS}


def test_who_has_lost_the_role_does_not_have_the_answer_again(ingvild, cast):
    assert "secret" in ingvild.post("/api/webhooks", webhook(cast), **KEY).json()
    Membership.unscoped.filter(person=cast.people["ingvild"]).update(role="employee")
    again = ingvild.post("/api/webhooks", webhook(cast), **KEY)
    assert again.status_code == 403
    assert "secret" not in again.content.decode()
    assert "Idempotency-Replayed" not in again


def test_a_role_elsewhere_does_not_give_the_answer_again(ingvild, cast):
    ingvild.post("/api/webhooks", webhook(cast), **KEY)
    Membership.unscoped.filter(person=cast.people["ingvild"]).update(organisation=cast.samvakt)
    assert ingvild.post("/api/webhooks", webhook(cast), **KEY).status_code in {403, 404}


def test_who_is_given_the_role_again_has_the_answer(ingvild, cast):
    first = ingvild.post("/api/webhooks", webhook(cast), **KEY)
    rows = Membership.unscoped.filter(person=cast.people["ingvild"])
    role = rows.get().role
    rows.update(role="employee")
    assert ingvild.post("/api/webhooks", webhook(cast), **KEY).status_code == 403
    rows.update(role=role)
    assert ingvild.post("/api/webhooks", webhook(cast), **KEY).json() == first.json()
