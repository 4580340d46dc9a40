"""Links that open something are not in the outbox, on its pages or in its database."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from samsyn.access.links import password_link
from samsyn.kernel.secret_links import masked, secrets_in, unmasked
from samsyn.maturity.links import door_url
from samsyn.messages.backends import OutboxBackend
from samsyn.messages.delivery import messages_deliver
from samsyn.messages.mail import as_mail
from samsyn.messages.models import Message
from samsyn.messages.sealing import seal, unseal
from tests.cast import NOON, make_finding
from tests.maturity.builders import make_dialogue
from tests.messages.builders import enqueue

TEXTS = [
    "",
    "Nothing here.",
    "See https://x.example/answer/abc:def-g_h/ and https://x.example/answer/abc/7/thanks/.",
    "http://x/rate/in/12-ab.cd/ http://x/rate/12-ab-staff-ef.gh/withdraw/",
    "http://x/wheel/feed/s3cret.ics",
    "http://x/accounts/password/reset/key/1-abc-def/",
    "A quotation: /answer/… and then /answer/real/",
    "<a href=\"http://x/answer/abc/7/\">Answer</a><a href='/rate/in/q.w/'>x</a>",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_was(text):
    assert unmasked(masked(text), secrets_in(text)) == text
    assert unseal(seal(text, text[::-1])).text == text
    assert unseal(seal(text[::-1], text)).html == text


@pytest.mark.parametrize("text", TEXTS[2:])
def test_nothing_of_a_secret_is_left(text):
    shown = masked(text)
    assert not any(secret in shown for secret in secrets_in(text) if secret != "…")
    assert secrets_in(text)


def test_what_was_sealed_under_another_secret_stays_closed(settings):
    body = seal(TEXTS[2], "")
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(ValueError, match="another secret"):
        unseal(body)


def test_a_body_that_was_altered_is_not_filled_in():
    body = seal(TEXTS[2], "")
    with pytest.raises(ValueError, match="another text"):
        unseal(type(body)("/answer/…/", "", body.sealed))


@pytest.fixture
def links(cast):
    """Every kind of link that mail carries, as the code makes it."""
    return {
        "/rate/in/": door_url(make_dialogue(cast, "rating")),
        "/reset/key/": password_link(cast.people["ingvild"]),
        "/wheel/feed/": "http://127.0.0.1:8000/wheel/feed/0123456789abcdef.ics",
        "/answer/": "http://127.0.0.1:8000/answer/abc:def:ghi/",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["/rate/in/", "/reset/key/", "/wheel/feed/", "/answer/"])
def test_the_database_and_the_pages_hold_no_link_and_the_mail_does(client, cast, links, kind):
    link = links[kind]
    (secret,) = secrets_in(link)
    page = f"<html><head></head><body><a href='{link}'>x</a></body></html>"
    message = enqueue(cast, text=f"Open {link}\n", html=page)
    kept = str(Message.unscoped.filter(pk=message.pk).values().get())
    assert secret not in kept
    client.be(cast.people["astrid"])
    for url in (message.get_absolute_url(), reverse("messages:body", args=[message.pk])):
        shown = client.get(url).content.decode()
        assert secret not in shown
        assert "…" in shown
    mail = as_mail(Message.unscoped.get(pk=message.pk))
    assert link in mail.body
    assert link in str(mail.alternatives[0][0])


@pytest.mark.django_db
def test_mail_of_django_is_sealed_too(client, cast):
    link = password_link(cast.people["liv"])
    OutboxBackend().send_messages([EmailMultiAlternatives("x", link, to=["liv@fjellvik.example"])])
    message = Message.unscoped.get()
    page = client.be(cast.people["henrik"]).get(message.get_absolute_url())
    assert "Links that only the receiver may use are not shown" in page.content.decode()
    assert secrets_in(link)[0] not in page.content.decode() + message.text


@pytest.mark.django_db
def test_a_letter_about_findings_is_sealed(client, cast):
    make_finding(cast.fjellvik)
    client.be(cast.people["astrid"]).post(reverse("findings:tell"))
    message = Message.unscoped.get()
    assert set(secrets_in(message.text + message.html)) == {"…"}
    assert secrets_in(as_mail(message).body)[0].startswith(message.key)


@pytest.mark.django_db
def test_in_a_demonstration_the_links_can_be_tried(client, cast, settings):
    settings.DEMONSTRATION = True
    message = enqueue(cast, text="http://x/answer/abc/")
    page = client.be(cast.people["astrid"]).get(message.get_absolute_url())
    assert "/answer/abc/" in page.content.decode()


@pytest.mark.django_db
def test_what_was_sent_keeps_no_link(cast, smtp):
    message = enqueue(cast, text="Open http://x/answer/abc/ now\n")
    assert messages_deliver(clock=lambda: NOON) == {"sent": 1}
    message.refresh_from_db()
    assert message.sealed == ""
    assert "/answer/abc/" in smtp.mails[0].get_body(("plain",)).get_content()


@pytest.mark.django_db
def test_a_message_whose_links_cannot_be_unsealed_is_refused_in_words(cast, settings, smtp):
    message = enqueue(cast, text="Open http://x/answer/abc/ now\n")
    settings.SECRET_KEY = "another" * 10
    assert messages_deliver(clock=lambda: NOON) == {"failed": 1}
    message.refresh_from_db()
    assert message.problem == "unreadable"


@pytest.mark.django_db
def test_the_migration_seals_what_waits_and_forgets_what_was_sent(cast):
    step = importlib.import_module("samsyn.messages.migrations.0002_message_sealed")
    waits, sent_one, plain = (enqueue(cast, dedupe_key=name) for name in "abc")
    text = "Open http://x/answer/abc/"
    Message.unscoped.filter(pk__in=[waits.pk, sent_one.pk]).update(text=text, sealed="")
    Message.unscoped.filter(pk=sent_one.pk).update(state="sent", sent_at=NOON)
    step.seal_links(apps, None)
    step.seal_links(apps, None)  # again changes nothing
    for message in (waits, sent_one, plain):
        message.refresh_from_db()
    assert waits.text == sent_one.text == "Open http://x/answer/…/"
    assert as_mail(waits).body == text
    assert sent_one.sealed == plain.sealed == ""
    step.unseal_links(apps, None)
    waits.refresh_from_db()
    assert waits.text == text
