"""Sent is not delivered: what a letter told that did not arrive counts as not told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from samsyn.audit.models import Entry
from samsyn.findings import undelivered
from samsyn.findings.measured import answered_in_time
from samsyn.findings.models import Finding, FindingEvent
from samsyn.findings.telling import finding_tell, finding_tell_plan
from samsyn.findings.undelivered import letter_settle, letters_settle
from samsyn.kernel.errors import NotAllowed
from samsyn.messages.models import Message
from samsyn.organisations.models import Contact
from tests.cast import NOON, TODAY, make_finding

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
DAY = NOON + timedelta(days=1)


def tell(cast, at=NOON, **given):
    return finding_tell(actor=cast.astrid, operator=cast.samvakt, now=at, **given)


def refuse(address, state="failed"):
    """Let the mail server refuse the letter to an address for good."""
    blocks = {"blocks_address": state != "given_up", "problem": "recipient_refused"}
    Message.unscoped.filter(to=address).update(state=state, **blocks)


def settle(cast, at=LATER):
    return letters_settle(actor=cast.job, now=at)


def second_contact(cast, purpose="technical", email="vakt@fjellvik.example"):
    return Contact.unscoped.create(organisation=cast.fjellvik, purpose=purpose, email=email)


@pytest.mark.parametrize("state", ["failed", "given_up", "returned"])
def test_what_a_letter_told_that_did_not_arrive_counts_as_not_told(cast, state):
    mine = make_finding(cast.fjellvik)
    theirs = make_finding(cast.elvdal, subject="198.18.4.1")
    tell(cast)
    refuse("drift@fjellvik.example", state)
    assert settle(cast) == 1
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.told_at, mine.told_reopened) == (None, None)
    assert theirs.told_at == NOON
    event = FindingEvent.unscoped.get(kind="undelivered")
    assert (event.finding, event.at, event.note) == (mine, LATER, "drift@fjellvik.example")
    assert Entry.objects.filter(action="findings.letter_settle").count() == 1
    assert settle(cast) == 0


def test_another_letter_to_the_same_organisation_keeps_it_told(cast):
    second_contact(cast)
    finding = make_finding(cast.fjellvik)
    tell(cast)
    refuse("drift@fjellvik.example")
    settle(cast)
    finding.refresh_from_db()
    assert finding.told_at == NOON
    refuse("vakt@fjellvik.example")
    settle(cast, DAY)
    finding.refresh_from_db()
    assert finding.told_at is None


def test_the_hosts_letter_does_not_keep_the_owner_told(cast):
    finding = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    tell(cast)
    refuse("drift@elvdal.example")
    settle(cast)
    finding.refresh_from_db()
    assert finding.told_at is None


def test_what_was_answered_meanwhile_stays_told(cast):
    finding = make_finding(cast.fjellvik)
    tell(cast)
    Finding.unscoped.update(answer_kind="planned", answered_at=LATER, state="acknowledged")
    refuse("drift@fjellvik.example", "returned")
    settle(cast, DAY)
    finding.refresh_from_db()
    assert finding.told_at == NOON


def test_a_letter_of_an_earlier_life_takes_nothing_back_from_this_one(cast):
    finding = make_finding(cast.fjellvik)
    tell(cast)
    Finding.unscoped.update(state="reopened", reopened_count=1)
    tell(cast, at=DAY)
    Message.unscoped.filter(created_at=NOON).update(state="returned")
    settle(cast, DAY)
    finding.refresh_from_db()
    assert (finding.told_at, finding.told_reopened) == (DAY, 1)


def test_the_next_contact_takes_over_and_the_refusing_one_gets_no_more(cast):
    second_contact(cast, purpose="24-7")
    make_finding(cast.fjellvik)
    tell(cast)
    refuse("drift@fjellvik.example")
    settle(cast)
    assert tell(cast, at=DAY).messages == 1
    assert Message.unscoped.get(created_at=DAY).to == "vakt@fjellvik.example"
    assert Finding.unscoped.get().told_at == DAY


def test_the_parent_takes_over_for_a_unit(cast):
    Contact.unscoped.create(
        organisation=cast.school, purpose="technical", email="it@school.example"
    )
    make_finding(cast.school)
    tell(cast)
    refuse("it@school.example")
    settle(cast)
    assert tell(cast, at=DAY).messages == 1
    assert Message.unscoped.get(created_at=DAY).to == "drift@fjellvik.example"


def test_where_nobody_takes_over_a_person_is_shown_who_waits(client, cast):
    make_finding(cast.fjellvik)
    tell(cast)
    refuse("drift@fjellvik.example")
    settle(cast)
    told = tell(cast, at=DAY)
    assert (told.messages, told.findings) == (0, 0)
    assert [(s.organisation, s.findings, s.is_refused) for s in told.nobody] == [
        ("Fjellvik", 1, True)
    ]
    page = client.be(cast.people["astrid"]).get(reverse("findings:tell")).content.decode()
    assert "its addresses have refused letters or sent them back" in page


def test_the_host_gets_no_second_letter_when_the_owner_is_told_again(cast):
    Contact.unscoped.create(organisation=cast.elvdal, purpose="24-7", email="vakt@elvdal.example")
    finding = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    own = make_finding(cast.fjellvik)
    tell(cast)
    refuse("drift@elvdal.example")
    settle(cast)
    plan = finding_tell_plan(actor=cast.astrid, operator=cast.samvakt)
    assert plan.for_trail() == tell(cast, at=DAY).for_trail()
    letter = Message.unscoped.get(created_at=DAY)
    assert (letter.to, letter.about["ids"]) == ("vakt@elvdal.example", [finding.pk])
    own.refresh_from_db()
    assert own.told_at == NOON


def test_an_owner_that_takes_no_mail_is_not_told_by_the_hosts_letter(cast):
    make_finding(cast.elvdal, subject="198.18.4.1")
    tell(cast)
    refuse("drift@elvdal.example")
    settle(cast)
    finding = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    assert tell(cast, at=DAY).messages == 1
    finding.refresh_from_db()
    assert finding.told_at is None
    assert tell(cast, at=DAY + timedelta(days=1)).messages == 0


def test_a_letter_that_could_not_leave_is_written_anew_to_the_same_address(cast):
    make_finding(cast.fjellvik)
    tell(cast)
    Message.unscoped.update(state="given_up", problem="no_connection")
    settle(cast)
    assert tell(cast, at=DAY).messages == 1
    assert Message.unscoped.get(created_at=DAY).to == "drift@fjellvik.example"


def test_a_letter_that_is_sent_after_all_counts_as_told_again(cast):
    make_finding(cast.fjellvik)
    tell(cast)
    refuse("drift@fjellvik.example")
    settle(cast)
    Message.unscoped.update(state="sent", sent_at=DAY, blocks_address=False)
    assert settle(cast, DAY) == 1
    finding = Finding.unscoped.get()
    assert (finding.told_at, finding.told_reopened) == (DAY, 0)
    assert Message.unscoped.get().undone_at is None
    assert settle(cast, DAY) == 0


def test_a_telling_that_came_to_nothing_is_not_counted_among_the_unanswered(cast):
    make_finding(cast.fjellvik)
    tell(cast)
    over = TODAY + timedelta(days=30)
    assert answered_in_time([cast.fjellvik.pk], over)[cast.fjellvik.pk].value == 0
    refuse("drift@fjellvik.example")
    settle(cast)
    assert answered_in_time([cast.fjellvik.pk], over) == {}


def test_who_may_not_send_may_not_settle(cast):
    make_finding(cast.fjellvik)
    tell(cast)
    refuse("drift@fjellvik.example")
    for actor in (cast.ingvild, cast.ragna, cast.henrik):
        with pytest.raises(NotAllowed):
            letter_settle(actor=actor, letter=Message.unscoped.get(), now=LATER)


def test_a_person_says_that_a_letter_came_back_and_everything_says_so(client, cast):
    finding = make_finding(cast.fjellvik)
    tell(cast)
    Message.unscoped.update(state="sent", sent_at=NOON)
    letter = Message.unscoped.get()
    client.be(cast.people["astrid"])
    assert "This message came back" in client.get(letter.get_absolute_url()).content.decode()
    client.post(reverse("messages:return", args=[letter.pk]))
    finding.refresh_from_db()
    assert finding.told_at is None
    contact = Contact.unscoped.get(organisation=cast.fjellvik)
    for url, said in (
        (letter.get_absolute_url(), "Not counted as told since"),
        (finding.get_absolute_url(), "The letter did not arrive"),
        (contact.get_absolute_url(), "Letters do not arrive here"),
        ("/", "1 letter did not arrive"),
    ):
        assert said in client.get(url, follow=True).content.decode(), url
    listed = client.get(f"{reverse('messages:outbox')}?state=unreached").content.decode()
    assert letter.subject in listed
    client.post(reverse("messages:restore", args=[letter.pk]))
    assert "Letters do not arrive" not in client.get(contact.get_absolute_url()).content.decode()
    assert tell(cast, at=DAY).messages == 1


def test_what_fails_for_one_letter_keeps_no_other_from_being_settled(cast, monkeypatch):
    make_finding(cast.fjellvik)
    theirs = make_finding(cast.elvdal, subject="198.18.4.1")
    tell(cast)
    for letter in Message.unscoped.all():
        refuse(letter.to)
    right = undelivered._untell

    def fails_for_one(actor, letter, now):
        if letter.organisation == cast.fjellvik:
            raise ValueError
        right(actor, letter, now)

    monkeypatch.setattr(undelivered, "_untell", fails_for_one)
    assert settle(cast) == 1
    theirs.refresh_from_db()
    assert theirs.told_at is None
    monkeypatch.undo()
    assert settle(cast) == 1
