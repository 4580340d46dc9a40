"""Answering from a letter, with a signed link and no account."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache

import pytest
from django.core.signing import TimestampSigner
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from samsyn.audit.models import Entry
from samsyn.findings import answering
from samsyn.findings.answer_links import SALT, answer_token, contact_actor
from samsyn.findings.models import Finding, FindingEvent
from samsyn.findings.telling import finding_tell
from samsyn.kernel.errors import NotAllowed
from samsyn.messages.mail import as_mail
from samsyn.messages.models import Message
from samsyn.messages.services import message_resend
from samsyn.organisations.models import Contact
from tests.cast import NOON, make_finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast):
    """Two findings of Fjellvik's in one letter in English, and one of Elvdal's in another."""
    Contact.unscoped.filter(organisation=cast.fjellvik).update(language="en")
    first = make_finding(cast.fjellvik, severity=3)
    second = make_finding(cast.fjellvik, report="scan_smb", port=445)
    make_finding(cast.elvdal, subject="198.18.4.1")
    finding_tell(actor=cast.astrid, operator=cast.samvakt, now=NOON)
    letter = Message.unscoped.get(organisation=cast.fjellvik)
    return letter, first, second


@lru_cache
def token_of(key):
    """Sign a letter's key once in a test: a signature is another one in the next second."""
    return answer_token(key)


def url_of(letter, finding=None, name="finding"):
    token = token_of(letter.key)
    if finding is None:
        return reverse("answer:letter", args=[token])
    return reverse(f"answer:{name}", args=[token, finding.pk])


def test_the_link_in_the_letter_leads_to_the_finding(client, told):
    letter, first, _second = told
    link = re.search(rf"/answer/\S+/{first.pk}/", as_mail(letter).body)[0]
    page = client.get(link)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Remote desktop open to the internet" in text
    assert first.case_number in text
    assert "Close port 3389" in text


def test_looking_changes_nothing(client, told):
    _letter, first, _second = told
    before = Entry.objects.count()
    for url in (url_of(told[0]), url_of(told[0], first), url_of(told[0], first, "thanks")):
        client.get(url)
        client.head(url)
    first.refresh_from_db()
    assert (first.state, first.answer_kind) == ("open", "")
    assert Entry.objects.count() == before


def test_one_tap_says_that_it_is_fixed(client, told):
    letter, first, _second = told
    answer = client.post(url_of(letter, first), {"answer": "fixed"})
    assert answer.headers["Location"] == url_of(letter, first, "thanks")
    first.refresh_from_db()
    assert (first.state, first.answer_kind) == ("fixed", "fixed")
    event = FindingEvent.unscoped.get(kind="answered")
    assert event.by == "contact drift@fjellvik.example"
    assert Entry.objects.latest("number").actor == "contact drift@fjellvik.example"


def test_afterwards_it_says_what_happens_next_and_offers_the_next_one(client, told):
    letter, first, second = told
    client.post(url_of(letter, first), {"answer": "fixed"})
    text = client.get(url_of(letter, first, "thanks")).content.decode()
    assert "the finding closes by itself" in text
    assert "Change the answer" in text
    assert url_of(letter, second) in text


def test_a_plan_takes_a_day(client, told):
    letter, first, _second = told
    day = timezone.localdate() + timedelta(days=3)
    client.post(url_of(letter, first), {"answer": "planned", "until": day.isoformat()})
    first.refresh_from_db()
    assert (first.answer_kind, first.answer_until) == ("planned", day)


@pytest.mark.parametrize("until", ["", "yesterday", "1999-01-01", "9999-12-31"])
def test_a_plan_without_a_sensible_day_is_asked_for_again(client, told, until):
    letter, first, _second = told
    page = client.post(
        url_of(letter, first), {"answer": "planned", "until": until, "note": "typed"}
    )
    assert page.status_code == 422
    assert "typed" in page.content.decode()
    first.refresh_from_db()
    assert first.answer_kind == ""


def test_one_tap_asks_for_help(client, cast, told):
    letter, first, _second = told
    thanks = client.post(url_of(letter, first), {"answer": "help"}).headers["Location"]
    assert "gets in touch" in client.get(thanks).content.decode()
    first.refresh_from_db()
    assert (first.state, first.answer_kind) == ("acknowledged", "help")
    assert Entry.objects.latest("number").actor == "contact drift@fjellvik.example"


def test_accepting_needs_a_word_on_why(client, told):
    letter, first, _second = told
    assert client.post(url_of(letter, first), {"answer": "accepted"}).status_code == 422
    client.post(url_of(letter, first), {"answer": "accepted", "note": "Old pump, not reachable"})
    first.refresh_from_db()
    assert first.answer_kind == "accepted"
    assert FindingEvent.unscoped.get(kind="answered").note == "Old pump, not reachable"


def test_the_day_that_the_form_suggests_does_not_stick_to_other_answers(client, told):
    letter, first, _second = told
    client.post(url_of(letter, first), {"answer": "not_ours", "until": "2030-01-01"})
    first.refresh_from_db()
    assert (first.answer_kind, first.answer_until) == ("not_ours", None)


def test_a_new_answer_replaces_the_old_one(client, told):
    letter, first, _second = told
    client.post(url_of(letter, first), {"answer": "fixed"})
    client.post(url_of(letter, first), {"answer": "false_alarm"})
    first.refresh_from_db()
    assert first.answer_kind == "false_alarm"
    assert FindingEvent.unscoped.filter(kind="answered").count() == 2


def test_an_answer_that_there_is_not_is_refused(client, told):
    letter, first, _second = told
    assert client.post(url_of(letter, first), {"answer": "delete"}).status_code == 422


def test_a_form_from_elsewhere_is_refused(told):
    from django.test import Client

    letter, first, _second = told
    page = Client(enforce_csrf_checks=True).post(url_of(letter, first), {"answer": "fixed"})
    assert page.status_code == 403
    first.refresh_from_db()
    assert first.answer_kind == ""


def test_a_closed_finding_asks_for_nothing(client, told):
    letter, first, _second = told
    type(first).unscoped.filter(pk=first.pk).update(state="closed")
    assert "There is nothing you need to do" in client.get(url_of(letter, first)).content.decode()
    assert client.post(url_of(letter, first), {"answer": "fixed"}).status_code == 422


def test_the_letter_lists_its_findings_and_no_others(client, cast, told):
    letter, first, second = told
    later = make_finding(cast.fjellvik, subject="198.18.0.99")
    text = client.get(url_of(letter)).content.decode()
    assert first.case_number in text
    assert second.case_number in text
    assert later.case_number not in text
    assert "Elvdal" not in text


def test_a_letter_with_one_finding_opens_it_at_once(client, cast, told):
    letter = Message.unscoped.get(organisation=cast.elvdal)
    assert client.get(url_of(letter)).status_code == 302


def test_a_finding_of_another_letter_is_not_found(client, cast, told):
    letter, _first, _second = told
    other = make_finding(cast.fjellvik, subject="198.18.0.99")
    theirs = type(other).unscoped.get(organisation=cast.elvdal)
    for finding in (other, theirs):
        assert client.get(url_of(letter, finding)).status_code == 404
        assert client.post(url_of(letter, finding), {"answer": "fixed"}).status_code == 404


def test_a_finding_that_has_moved_to_another_owner_is_not_found(client, cast, told):
    letter, first, _second = told
    type(first).unscoped.filter(pk=first.pk).update(organisation=cast.utmark)
    assert client.get(url_of(letter, first)).status_code == 404


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda t: t.upper()])
def test_a_changed_token_is_not_found(client, told, spoil):
    letter, first, _second = told
    token = spoil(answer_token(letter.key))
    for name, args in (("letter", [token]), ("finding", [token, first.pk])):
        page = client.get(reverse(f"answer:{name}", args=args))
        assert page.status_code == 404
        assert "Fjellvik" not in page.content.decode()


def test_a_signature_for_another_purpose_is_not_found(client, told):
    letter, first, _second = told
    token = TimestampSigner(salt="something.else", sep=".").sign(letter.key)
    assert client.get(reverse("answer:finding", args=[token, first.pk])).status_code == 404


class OldSigner(TimestampSigner):
    """Signs as 61 days ago."""

    def timestamp(self):
        from django.core.signing import b62_encode

        return b62_encode(int(timezone.now().timestamp()) - 61 * 86_400)


def test_after_sixty_days_the_link_says_so_without_detail(client, told):
    letter, first, _second = told
    token = OldSigner(salt=SALT, sep=".").sign(letter.key)
    page = client.get(reverse("answer:finding", args=[token, first.pk]))
    assert page.status_code == 410
    assert "This link does not work any more" in page.content.decode()
    assert "Fjellvik" not in page.content.decode()


def test_when_the_address_is_no_contact_any_more_the_link_is_dead(client, told):
    letter, first, _second = told
    Contact.unscoped.filter(email=letter.to).delete()
    assert client.get(url_of(letter, first)).status_code == 410
    assert client.post(url_of(letter, first), {"answer": "fixed"}).status_code == 410


def test_guessing_is_slowed_down_but_a_good_link_still_opens(client, told, monkeypatch):
    monkeypatch.setattr(answering, "WRONG_MOST", 3)
    letter, first, _second = told
    wrong = reverse("answer:letter", args=["guess"])
    assert [client.get(wrong).status_code for _ in range(5)] == [404, 404, 404, 429, 429]
    assert client.get(url_of(letter, first)).status_code == 200


def test_a_flood_of_answers_is_stopped(client, told, monkeypatch):
    monkeypatch.setattr(answering, "ANSWERS_MOST", 2)
    letter, first, _second = told
    codes = [client.post(url_of(letter, first), {"answer": "fixed"}).status_code for _ in range(3)]
    assert codes == [302, 302, 429]


def test_the_page_speaks_the_contacts_language(client, cast, told):
    letter = Message.unscoped.get(organisation=cast.elvdal)
    finding = type(told[1]).unscoped.get(organisation=cast.elvdal)
    page = client.get(url_of(letter, finding), headers={"accept-language": "en"})
    assert page.headers["Content-Language"] == "sv"
    assert 'lang="sv"' in page.content.decode()
    assert "Fjärrskrivbord" in page.content.decode()


def test_the_page_is_kept_nowhere_and_tells_nobody_its_address(client, told):
    letter, first, _second = told
    page = client.get(url_of(letter, first))
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_word_keeps_no_control_signs(client, told):
    letter, first, _second = told
    client.post(url_of(letter, first), {"answer": "not_ours", "note": "a\x1b[31mb\r\nc\u202e"})
    assert FindingEvent.unscoped.get(kind="answered").note == "a[31mb\nc"


def test_the_reader_of_a_letter_may_answer_and_nothing_else(cast, told):
    letter, _first, _second = told
    Message.unscoped.update(state="failed")
    letter.refresh_from_db()
    with pytest.raises(NotAllowed):
        message_resend(actor=contact_actor(letter), message=letter)


def test_who_runs_it_answers_for_the_owner(client, cast):
    finding = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    finding_tell(actor=cast.astrid, operator=cast.samvakt, now=NOON)
    letter = Message.unscoped.get(to="drift@fjellvik.example")
    client.post(url_of(letter, finding), {"answer": "fixed"})
    finding.refresh_from_db()
    assert finding.answer_kind == "fixed"


def test_what_a_report_closes_while_it_is_answered_stays_closed_and_the_words_are_kept(
    client, told
):
    letter, first, _second = told

    def closed_first(execute, sql, params, many, context):
        if "answer_kind" in sql and sql.startswith("UPDATE"):
            execute(
                f"UPDATE findings_finding SET state = 'closed' WHERE id = {first.pk}",
                (),
                many,
                context,
            )
        return execute(sql, params, many, context)

    given = {"answer": "fixed", "note": "Closed at the firewall."}
    with connection.execute_wrapper(closed_first):
        page = client.post(url_of(letter, first), given)
    assert page.status_code == 422
    assert "Somebody else has changed it meanwhile." in page.content.decode()
    assert "Closed at the firewall." in page.content.decode()
    first.refresh_from_db()
    assert (first.state, first.answer_kind) == ("open", "")  # the test's own change is undone too
    Finding.unscoped.filter(pk=first.pk).update(state="closed")
    assert client.post(url_of(letter, first), given).status_code == 422
