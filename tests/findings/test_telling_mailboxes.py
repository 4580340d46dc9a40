"""One mailbox gets one letter about a finding, the worst first, and the subject says critical."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from samsyn.findings.letters import subject_of
from samsyn.findings.models import Finding, FindingEvent
from samsyn.findings.telling import finding_tell, finding_tell_plan
from samsyn.findings.telling_rounds import letters_previewed
from samsyn.messages.models import Message
from samsyn.messages.sealing import Body, unseal
from samsyn.organisations.models import Contact
from tests.cast import NOON, make_finding
from tests.findings.test_telling_letters import compose

pytestmark = pytest.mark.django_db


def share_mailbox(cast, second="Drift@Elvdal.example"):
    """Let Fjellvik, which runs things for Elvdal, be reached in Elvdal's mailbox."""
    Contact.unscoped.filter(organisation=cast.fjellvik).update(email=second)


def tell(cast):
    return finding_tell(actor=cast.astrid, operator=cast.samvakt, now=NOON)


def test_owner_and_host_with_one_mailbox_get_one_letter_about_a_finding(cast):
    share_mailbox(cast)
    finding = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    told = tell(cast)
    assert (told.members, told.messages, told.findings, told.failed) == (1, 1, 1, ())
    letter = Message.unscoped.get()
    assert (letter.organisation, letter.about["ids"]) == (cast.elvdal, [finding.pk])
    assert FindingEvent.unscoped.get().note == "drift@elvdal.example"


def test_the_hosts_letter_to_a_shared_mailbox_tells_only_of_the_rest(cast):
    share_mailbox(cast)
    shared = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    own = make_finding(cast.fjellvik)
    assert tell(cast).messages == 2
    told = {m.organisation: m.about["ids"] for m in Message.unscoped.all()}
    assert told == {cast.elvdal: [shared.pk], cast.fjellvik: [own.pk]}


def test_another_mailbox_of_the_host_is_told_all(cast):
    share_mailbox(cast)
    Contact.unscoped.create(
        organisation=cast.fjellvik, purpose="technical", email="vakt@fjellvik.example"
    )
    finding = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    assert tell(cast).messages == 2
    assert Message.unscoped.get(to="vakt@fjellvik.example").about["ids"] == [finding.pk]


def test_who_shares_a_mailbox_is_counted_as_it_is_told(client, cast):
    share_mailbox(cast)
    make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    page = client.be(cast.people["astrid"]).get(reverse("findings:tell")).content.decode()
    assert "Send to 1 member<" in "".join(page.split("\n")).replace("  ", "")
    plan = finding_tell_plan(actor=cast.astrid, operator=cast.samvakt)
    assert plan.for_trail() == tell(cast).for_trail()


def test_the_worst_comes_first_also_when_it_is_anothers(cast):
    own = make_finding(cast.fjellvik, severity=2)
    theirs = make_finding(
        cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1", severity=4, report="scan_smb"
    )
    text = compose(cast, [theirs, own]).text
    assert text.index(theirs.case_number) < text.index(own.case_number)


def test_equally_bad_the_receivers_own_comes_first(cast):
    theirs = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    own = make_finding(cast.fjellvik)
    text = compose(cast, [theirs, own]).text
    assert text.index(own.case_number) < text.index(theirs.case_number)


def test_what_there_is_no_room_for_is_the_least_bad_whosever_it_is(cast):
    many = [
        make_finding(cast.fjellvik, report=f"scan_kind_{n}", severity=2, port=n + 1)
        for n in range(11)
    ]
    worst = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1", severity=3)
    letter = compose(cast, [worst, *many])
    assert worst.case_number in letter.text
    assert many[8].case_number in letter.text
    assert many[9].case_number not in letter.text


def test_the_subject_about_one_critical_finding_says_critical(cast):
    finding = make_finding(cast.fjellvik, severity=4)
    said = f"{finding.case_number}, critical: Remote desktop open to the internet – Fjellvik"
    given = {"receiver": cast.fjellvik, "findings": [finding]}
    assert subject_of(**given) == said
    assert subject_of(**given, is_urgent=True) == f"Act today: {said}"


def test_two_spellings_of_one_mailbox_silence_nobody(cast):
    Contact.unscoped.create(organisation=cast.elvdal, purpose="24-7", email="DRIFT@elvdal.example")
    for place, subject in ((cast.elvdal, "198.18.4.1"), (cast.fjellvik, "198.18.0.1")):
        make_finding(place, subject=subject)
    Contact.unscoped.filter(organisation=cast.fjellvik).update(email="nobody")
    told = tell(cast)
    assert [m.to for m in Message.unscoped.all()] == ["drift@elvdal.example"]
    assert [f.organisations for f in told.failed] == [("Fjellvik",)]
    assert Finding.unscoped.get(organisation=cast.elvdal).told_at == NOON


def as_sent(message, letter):
    """Return a message as its preview has it: its links lead nowhere yet."""
    text = unseal(Body(message.text, message.html, message.sealed)).text
    return message.subject, re.sub(r"http\S+/answer/\S+", "#", text), letter.subject, letter.text


@pytest.mark.parametrize("is_shared", [False, True])
def test_the_preview_is_what_is_sent(cast, is_shared):
    if is_shared:
        share_mailbox(cast)
    make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1", severity=4)
    make_finding(cast.fjellvik)
    Contact.unscoped.create(
        organisation=cast.elvdal, purpose="technical", email="n@elvdal.example", language="nb"
    )
    given = {"actor": cast.astrid, "operator": cast.samvakt, "now": NOON}
    previews = [
        preview
        for place in (cast.elvdal, cast.fjellvik)
        for preview in letters_previewed(receiver=place, **given)
    ]
    assert tell(cast).messages == len(previews) == 3
    for preview in previews:
        message = Message.unscoped.get(
            to__iexact=preview.mailing.contact.email, organisation=preview.mailing.receiver
        )
        subject, text, *foreseen = as_sent(message, preview.letter)
        assert [subject, text] == foreseen
        assert message.file_text == preview.letter.file_text
        assert message.file_name == preview.letter.file_name


def test_one_letter_is_sent_from_its_preview_and_no_other(client, cast):
    make_finding(cast.fjellvik)
    make_finding(cast.elvdal, subject="198.18.4.1")
    url = reverse("findings:tell-preview", args=[cast.fjellvik.pk])
    client.be(cast.people["astrid"])
    page = client.get(url)
    assert "Send this letter to Fjellvik" in page.content.decode()
    client.post(url, {"mark": page.context["mark"]})
    assert [m.to for m in Message.unscoped.all()] == ["drift@fjellvik.example"]
    assert Finding.unscoped.get(organisation=cast.elvdal).told_at is None


def test_a_letter_that_has_changed_since_it_was_read_is_shown_again(client, cast):
    make_finding(cast.fjellvik)
    url = reverse("findings:tell-preview", args=[cast.fjellvik.pk])
    mark = client.be(cast.people["astrid"]).get(url).context["mark"]
    make_finding(cast.fjellvik, subject="198.18.0.99")
    page = client.post(url, {"mark": mark}, follow=True)
    assert "The letter has changed since you read it" in page.content.decode()
    assert not Message.unscoped.exists()


def test_who_shares_the_findings_is_named_and_told_with_it(client, cast):
    make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    own = make_finding(cast.fjellvik)
    url = reverse("findings:tell-preview", args=[cast.elvdal.pk])
    page = client.be(cast.people["astrid"]).get(url)
    assert page.context["others"] == ["Fjellvik"]
    client.post(url, {"mark": page.context["mark"]})
    assert Message.unscoped.count() == 2
    own.refresh_from_db()
    assert own.told_at is None
