"""The pages: a secret is shown once, a webhook says how it fares, a delivery what was sent."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from samsyn.access.models import Membership
from samsyn.audit.models import Entry
from samsyn.webhooks.models import Delivery, Webhook
from tests.api.programs import Program
from tests.receiver import Handler
from tests.webhooks.builders import ADDRESS, Clock, happen, make_webhook, rows_of, told

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")


def add(client, cast, **more):
    given = {
        "organisation": cast.fjellvik.pk,
        "name": "The desk",
        "address": ADDRESS,
        "covers": "own",
        "kinds": ["suppliers.supplier_add"],
    }
    return client.be(cast.people["ingvild"]).post("/webhooks/new/", given | more)


def text(answer):
    return answer.content.decode()


def test_a_new_secret_is_shown_once_and_nowhere_else(client, cast):
    answer = add(client, cast)
    assert answer.status_code == 302
    shown = client.get(answer.url)
    [secret] = SECRET.findall(text(shown))
    assert shown["Cache-Control"] == "no-store"
    webhook = Webhook.unscoped.get()
    for url in (
        answer.url,
        "/webhooks/",
        "/webhooks/?export=csv",
        f"/webhooks/{webhook.pk}/change/",
    ):
        assert "whsec_" not in "".join(map(str, client.get(url)))
    assert secret not in str(list(Entry.objects.values()))
    assert secret not in str(Webhook.unscoped.values())
    entry = Entry.objects.get(action="webhooks.webhook_add")
    assert entry.changes["sealed"] == [None, "(hidden)"]


def test_a_secret_waits_for_the_page_of_its_own_webhook(client, cast):
    other = make_webhook(cast, name="Another")
    answer = add(client, cast)
    assert not SECRET.search(text(client.get(other.get_absolute_url())))
    assert SECRET.search(text(client.get(answer.url)))


def test_a_new_secret_replaces_the_old(client, cast):
    add(client, cast)
    webhook = Webhook.unscoped.get()
    first = SECRET.search(text(client.get(webhook.get_absolute_url())))[0]
    answer = client.post(f"/webhooks/{webhook.pk}/secret/")
    shown = text(client.get(answer.url))
    assert SECRET.search(shown)[0] != first
    assert "The old secret signs until" in shown


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://hook.fjellvik.example/", "must begin with https"),
        ("https://a:b@hook.fjellvik.example/", "no user name"),
        ("https://hook.fjellvik.example:25/", "443"),
        ("https://10.0.0.1/", "not allowed"),
        ("https://-/", "host name"),
    ],
)
def test_an_address_that_nothing_may_be_sent_to_is_refused_with_its_reason(
    client, cast, address, said
):
    answer = add(client, cast, address=address)
    assert answer.status_code == 422
    assert said in text(answer)


def test_what_is_told_is_chosen_by_room_in_words(client, cast):
    page = text(client.be(cast.people["ingvild"]).get("/webhooks/new/"))
    assert "Added a supplier" in page
    assert "suppliers.supplier_add" in page
    assert "Suppliers" in re.findall(r"<summary>\s*(\w+)", page)


def test_everybody_else_gets_no_page(client, cast, receiver):
    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    happen(cast)
    told()
    row = rows_of(webhook)[0]
    urls = (
        webhook.get_absolute_url(),
        f"/webhooks/{webhook.pk}/deliveries/",
        row.get_absolute_url(),
    )
    for who in ("sigrid", "jonas", "astrid", "henrik"):
        client.be(cast.people[who])
        assert {client.get(url).status_code for url in urls} == {404}
        assert client.post(f"/webhooks/{webhook.pk}/retire/").status_code == 404


def test_a_failing_one_says_since_when_and_when_it_is_tried_again(client, cast, receiver):
    receiver.answers["/ok"] = 500
    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    happen(cast)
    told()
    page = text(client.be(cast.people["ingvild"]).get(webhook.get_absolute_url()))
    assert "The receiver does not accept what is sent" in page
    assert "500: not accepted" in page
    client.post(f"/webhooks/{webhook.pk}/pause/")
    page = text(client.get(webhook.get_absolute_url()))
    assert "paused" in page


def test_in_a_demonstration_the_page_says_that_nothing_is_sent(client, cast, receiver, settings):
    settings.OUTGOING = replace(receiver.rules, is_open=False)
    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    happen(cast)
    told()
    page = text(client.be(cast.people["ingvild"]).get(webhook.get_absolute_url()))
    assert "Nothing is sent from a demonstration." in page
    assert "The receiver does not accept" not in page
    assert "failing" not in page.split("What has happened")[0]


def test_one_that_was_switched_off_says_why_and_is_resumed(client, cast, receiver):
    receiver.answers["/ok"] = 410
    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    happen(cast)
    told()
    page = text(client.be(cast.people["ingvild"]).get(webhook.get_absolute_url()))
    assert "Samsyn has switched the webhook off" in page
    assert "410" in page
    assert "switched off by Samsyn" in text(client.get("/webhooks/"))
    assert client.post(f"/webhooks/{webhook.pk}/resume/").status_code == 302
    receiver.answers.clear()
    assert told() == {"delivered": 1}


def test_a_test_shows_its_outcome_on_its_own_page(client, cast, receiver):
    webhook = make_webhook(cast, address=receiver.url())
    client.be(cast.people["ingvild"])
    answer = client.post(f"/webhooks/{webhook.pk}/test/")
    row = Delivery.unscoped.get()
    assert answer.url == row.get_absolute_url()
    waiting = text(client.get(answer.url))
    assert f'hx-get="{answer.url}"' in waiting
    refused = client.post(f"/webhooks/{webhook.pk}/test/")
    assert refused.status_code == 422
    told()
    part = client.get(answer.url, headers={"HX-Request": "true"})
    assert "delivered" in text(part)
    assert "thanks" in text(part)
    assert "hx-get" not in text(part)
    assert "<html" not in text(part)


def test_an_answer_of_the_receiver_is_shown_as_text(client, cast, receiver, monkeypatch):
    monkeypatch.setattr(
        Handler, "do_script", lambda self: self.answer(400, b"<script>x</script>"), raising=False
    )
    webhook = make_webhook(cast, address=receiver.url("/script"))
    client.be(cast.people["ingvild"]).post(f"/webhooks/{webhook.pk}/test/")
    told()
    row = Delivery.unscoped.get(entry_number=None)
    page = text(client.get(row.get_absolute_url()))
    assert "&lt;script&gt;x&lt;/script&gt;" in page


def test_an_answer_that_repeats_what_was_sent_is_hidden_with_it(
    client, cast, receiver, monkeypatch
):
    def do_echo(handler):
        handler.answer(200, handler.server.receiver.received[-1].body[-190:])

    monkeypatch.setattr(Handler, "do_echo", do_echo, raising=False)
    henrik = cast.people["henrik"]
    Membership.unscoped.create(person=henrik, organisation=cast.fjellvik, role="ciso")
    facts = {"covers": "all", "with_names": True, "kinds": ["suppliers.supplier_add"]}
    webhook = make_webhook(cast, by="henrik", address=receiver.url("/echo"), **facts)
    happen(cast, "Nordlys Drift")
    assert told() == {"delivered": 1}
    [row] = rows_of(webhook)
    Membership.unscoped.filter(person=henrik, organisation=cast.fjellvik).delete()
    page = text(client.be(henrik).get(row.get_absolute_url()))
    assert "It tells of something that you may not see." in page
    assert "Nordlys Drift" not in page
    assert "Beginning of the answer" not in page
    said = Program(cast, "henrik").get(f"/api/webhooks/deliveries/{row.pk}")
    assert said.status_code == 200
    assert "Nordlys Drift" not in said.content.decode()


def test_a_paused_one_says_how_much_is_sent_when_it_is_resumed(client, cast, receiver):
    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    happen(cast)
    told()
    client.be(cast.people["ingvild"]).post(f"/webhooks/{webhook.pk}/pause/")
    happen(cast, "Second")
    happen(cast, "Third")
    one = f"/api/webhooks/{webhook.pk}"
    page = text(client.get(webhook.get_absolute_url()))
    assert re.search(r"sent when resumed\s*</dt>\s*<dd[^>]*>\s*2\s*<", page)
    said = Program(cast, "ingvild").get(one).json()
    assert (said["waiting"], said["kept"]) == (0, 2)
    client.post(f"/webhooks/{webhook.pk}/resume/")
    assert told() == {"delivered": 2}
    assert "sent when resumed" not in text(client.get(webhook.get_absolute_url()))
    assert Program(cast, "ingvild").get(one).json()["kept"] == 0


def test_nothing_is_sent_again_while_the_webhook_is_paused(client, cast, receiver):
    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    happen(cast)
    told()
    [row] = rows_of(webhook)
    client.be(cast.people["ingvild"]).post(f"/webhooks/{webhook.pk}/pause/")
    url = f"/webhooks/deliveries/{row.pk}/resend/"
    assert "Send again" not in text(client.get(row.get_absolute_url()))
    for answer in (client.get(url), client.post(url)):
        assert answer.status_code == 422
        assert "Resume it first" in text(answer)
    api = f"/api/webhooks/deliveries/{row.pk}/resend"
    assert Program(cast, "ingvild").post(api).status_code == 422
    row.refresh_from_db()
    assert (row.state, row.status) == ("delivered", 200)


def test_what_is_sent_again_shows_no_answer_of_last_time(client, cast, receiver):
    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    happen(cast)
    told()
    [row] = rows_of(webhook)
    client.be(cast.people["ingvild"]).post(f"/webhooks/deliveries/{row.pk}/resend/")
    row.refresh_from_db()
    assert (row.state, row.status, row.answer, row.tried_at) == ("waiting", None, "", None)
    page = text(client.get(row.get_absolute_url()))
    assert "Nothing yet." in page
    assert "thanks" not in page


def test_to_send_a_later_one_now_says_that_the_first_is_tried_first(client, cast, receiver):
    receiver.answers["/ok"] = 500
    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    happen(cast)
    happen(cast, "Second")
    told()
    first, second = rows_of(webhook)
    client.be(cast.people["ingvild"])
    said = "still waits, and is tried first"
    assert said in text(client.get(f"/webhooks/deliveries/{second.pk}/resend/"))
    assert said not in text(client.get(f"/webhooks/deliveries/{first.pk}/resend/"))


def test_deliveries_are_listed_narrowed_and_sent_again(client, cast, receiver):
    clock = Clock()
    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    happen(cast)
    told(clock)
    receiver.answers["/ok"] = 500
    happen(cast, "Second")
    told(clock)
    client.be(cast.people["ingvild"])
    url = f"/webhooks/{webhook.pk}/deliveries/"
    assert client.get(url).context["page"].total == 2
    assert client.get(f"{url}?state=waiting").context["page"].total == 1
    assert client.get(f"{url}?kind=suppliers.supplier_add").context["page"].total == 2
    first, second = rows_of(webhook)
    receiver.answers.clear()
    assert client.post(f"/webhooks/deliveries/{second.pk}/resend/").status_code == 302
    assert client.post(f"/webhooks/deliveries/{first.pk}/resend/").status_code == 302
    assert told(clock) == {"delivered": 2}
    assert client.post(f"/webhooks/deliveries/{first.pk}/skip/").status_code == 422


def test_a_retired_one_is_gone_for_good_with_what_waited(client, cast, receiver):
    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    receiver.answers["/ok"] = 500
    happen(cast)
    told()
    client.be(cast.people["ingvild"]).post(f"/webhooks/{webhook.pk}/retire/")
    webhook.refresh_from_db()
    assert (webhook.state, webhook.sealed) == ("retired", "")
    assert rows_of(webhook)[0].state == "skipped"
    assert client.get("/webhooks/").context["page"].total == 0
    assert client.get(webhook.get_absolute_url()).status_code == 200
    assert client.post(f"/webhooks/{webhook.pk}/resume/").status_code == 422
    make_webhook(cast)


def test_what_somebody_else_has_changed_is_not_written_over(client, cast):
    webhook = make_webhook(cast)
    given = {"version": "1", "name": "Mine", "address": ADDRESS, "covers": "own"}
    client.be(cast.people["ingvild"]).post(f"/webhooks/{webhook.pk}/change/", given)
    assert client.post(f"/webhooks/{webhook.pk}/change/", given).status_code == 409


def test_old_deliveries_are_erased_and_what_waits_is_kept(cast, receiver):
    from datetime import timedelta

    from django.utils import timezone

    from samsyn.jobs.registry import run_now

    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    happen(cast)
    told()
    receiver.answers["/ok"] = 500
    happen(cast, "Second")
    happen(cast, "Third")
    told()
    first, second, third = rows_of(webhook)
    long_ago = timezone.now() - timedelta(days=31)
    Delivery.unscoped.filter(pk__in=[first.pk, second.pk]).update(created_at=long_ago)
    Delivery.unscoped.filter(pk=third.pk).update(created_at=timezone.now())
    assert run_now("webhooks_forget", actor=cast.job) == {"erased": 1}
    assert [row.pk for row in rows_of(webhook)] == [second.pk, third.pk]


def test_the_job_is_wanted_only_when_there_is_something_to_send(cast, receiver):
    from samsyn.webhooks.jobs import is_something_to_send

    assert not is_something_to_send()
    make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    told()
    assert not is_something_to_send()
    happen(cast)
    assert is_something_to_send()
    told()
    assert not is_something_to_send()
