"""Approving what is told, and seeing it in the outbox."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samsyn.findings import telling_views
from samsyn.findings.models import Finding
from samsyn.jobs.services import work_once
from samsyn.messages.models import Message
from samsyn.organisations.models import Contact
from tests.cast import make_finding

pytestmark = pytest.mark.django_db


def test_it_shows_who_gets_what_and_who_cannot_be_told(client, cast):
    make_finding(cast.fjellvik, severity=4)
    make_finding(cast.vann)
    text = client.be(cast.people["astrid"]).get(reverse("findings:tell")).content.decode()
    assert "Send to 1 member" in text
    assert "drift@fjellvik.example" in text
    assert "Fjellvik Vann: 1 finding" in text


def test_one_press_sends_and_leads_to_the_outbox(client, cast):
    make_finding(cast.fjellvik)
    client.be(cast.people["astrid"])
    page = client.post(reverse("findings:tell"), follow=True)
    assert page.redirect_chain == [(reverse("messages:outbox"), 302)]
    assert "1 letter is written" in page.content.decode()
    assert Message.unscoped.get().subject in page.content.decode()


def test_a_whole_sectors_letters_are_written_by_the_worker(client, cast, monkeypatch):
    monkeypatch.setattr(telling_views, "WAITED_FOR_MOST", 0)
    make_finding(cast.fjellvik)
    client.be(cast.people["astrid"])
    for said in ("The letters are being written.", "It is already under way."):
        assert said in client.post(reverse("findings:tell"), follow=True).content.decode()
    assert not Message.unscoped.exists()
    while work_once().job != "finding_tell":
        pass
    assert Message.unscoped.get().organisation == cast.fjellvik


def test_when_everybody_has_been_told_there_is_no_button(client, cast):
    text = client.be(cast.people["astrid"]).get(reverse("findings:tell")).content.decode()
    assert "Everybody has been told" in text
    assert "Send to" not in text


def test_a_preview_shows_the_letter_and_sends_nothing(client, cast):
    finding = make_finding(cast.fjellvik)
    url = reverse("findings:tell-preview", args=[cast.fjellvik.pk])
    text = client.be(cast.people["astrid"]).get(url).content.decode()
    assert finding.case_number in text
    assert "/answer/" not in text
    assert Message.unscoped.count() == 0
    assert Finding.unscoped.filter(told_at__isnull=False).count() == 0


def test_the_previewed_page_can_do_nothing(client, cast):
    make_finding(cast.fjellvik)
    url = reverse("findings:tell-preview-body", args=[cast.fjellvik.pk])
    page = client.be(cast.people["astrid"]).get(url)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_preview_has_each_language_that_is_spoken_there(client, cast):
    second = Contact.unscoped.create(
        organisation=cast.fjellvik, purpose="technical", email="n@fjellvik.example", language="sv"
    )
    make_finding(cast.fjellvik)
    url = reverse("findings:tell-preview", args=[cast.fjellvik.pk])
    client.be(cast.people["astrid"])
    assert "Eksternt skrivebord" in client.get(url).content.decode()
    assert "Fjärrskrivbord" in client.get(f"{url}?to={second.pk}").content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [("jonas", 404), ("sigrid", 404), ("ragna", 403), ("henrik", 403)],
)
def test_others_do_not_get_at_the_sending(client, cast, name, status):
    make_finding(cast.fjellvik)
    client.be(cast.people[name])
    for url in (
        reverse("findings:tell"),
        reverse("findings:tell-preview", args=[cast.fjellvik.pk]),
    ):
        assert client.get(url).status_code == status
    assert client.post(reverse("findings:tell")).status_code == status
    assert Message.unscoped.count() == 0


def test_a_stranger_is_asked_to_sign_in(client, cast):
    assert client.get(reverse("findings:tell")).status_code == 302


def kept_letter(client, cast):
    make_finding(cast.fjellvik)
    client.be(cast.people["astrid"]).post(reverse("findings:tell"))
    return Message.unscoped.get()


def test_a_kept_letter_can_be_tried_from_the_outbox_of_a_demonstration(client, cast, settings):
    settings.DEMONSTRATION = True
    letter = kept_letter(client, cast)
    for url in (letter.get_absolute_url(), reverse("messages:body", args=[letter.pk])):
        assert f"/answer/{letter.key}" in client.get(url).content.decode()


@pytest.mark.parametrize("state", ["kept", "waiting", "failed", "sent"])
def test_the_links_of_a_letter_are_the_readers_alone(client, cast, state):
    letter = kept_letter(client, cast)
    Message.unscoped.update(state=state, sent_at=letter.created_at)
    for url in (letter.get_absolute_url(), reverse("messages:body", args=[letter.pk])):
        text = client.get(url).content.decode()
        assert letter.key not in text
        assert "/answer/…" in text


def test_the_outbox_is_for_those_who_may_see_it(client, cast):
    letter = kept_letter(client, cast)
    for name, status in (("albin", 404), ("jonas", 404), ("sigrid", 404)):
        client.be(cast.people[name])
        assert client.get(letter.get_absolute_url()).status_code == status


def test_mail_about_an_account_is_closed_to_analysts(client, cast):
    letter = kept_letter(client, cast)
    Message.unscoped.update(kind="account", organisation=cast.samvakt, text="secret link")
    client.be(cast.people["astrid"])
    assert "secret link" not in client.get(letter.get_absolute_url()).content.decode()
    assert client.get(reverse("messages:body", args=[letter.pk])).status_code == 403
    client.be(cast.people["henrik"])
    assert "secret link" in client.get(letter.get_absolute_url()).content.decode()


def test_a_refused_letter_can_be_sent_again(client, cast, settings):
    letter = kept_letter(client, cast)
    settings.SENDS_MAIL = True
    Message.unscoped.update(state="failed", problem="recipient_refused", problem_code=550)
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "The mail server refused the receiver" in page
    client.post(reverse("messages:resend", args=[letter.pk]))
    letter.refresh_from_db()
    assert letter.state == "waiting"
