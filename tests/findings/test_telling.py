"""Telling members of what is new: one letter each, never twice."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from samsyn.access.models import Membership
from samsyn.assets.services import resource_claim
from samsyn.audit.models import Entry
from samsyn.findings.beginning import telling_begin
from samsyn.findings.mailings import readers_once
from samsyn.findings.models import Finding, FindingEvent
from samsyn.findings.telling import finding_tell, finding_tell_plan
from samsyn.jobs.registry import run_now
from samsyn.kernel.errors import NotAllowed
from samsyn.messages.models import Message
from samsyn.organisations.models import Agreement, Assignment, Contact
from tests.cast import NOON, TODAY, make_finding, make_resource

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def tell(cast, at=NOON, **given):
    return finding_tell(actor=cast.astrid, operator=cast.samvakt, now=at, **given)


def letter_to(address):
    return Message.unscoped.get(to=address)


def test_each_member_gets_one_letter_with_its_own_findings_only(cast):
    mine = make_finding(cast.fjellvik)
    other = make_finding(cast.fjellvik, subject="198.18.0.11")
    theirs = make_finding(cast.elvdal, subject="198.18.4.1")
    told = tell(cast)
    assert (told.members, told.messages, told.findings) == (2, 2, 3)
    letter = letter_to("drift@fjellvik.example")
    assert letter.about == {
        "type": "findings.Finding",
        "ids": [mine.pk, other.pk],
        "lives": [0, 0],
    }
    for part in (letter.text, letter.html):
        assert mine.case_number in part
        assert other.case_number in part
        assert theirs.case_number not in part
        assert "Elvdal" not in part


def test_what_is_told_says_so_and_to_whom(cast):
    finding = make_finding(cast.fjellvik)
    tell(cast)
    finding.refresh_from_db()
    assert finding.told_at == NOON
    event = FindingEvent.unscoped.get()
    assert (event.kind, event.note) == ("told", "drift@fjellvik.example")
    assert "Astrid" in event.by


def test_run_again_it_sends_nothing(cast):
    make_finding(cast.fjellvik)
    tell(cast)
    told = tell(cast, at=LATER)
    assert (told.messages, told.findings) == (0, 0)
    assert Message.unscoped.count() == 1


def test_what_comes_back_after_it_was_told_is_told_again(cast):
    Contact.unscoped.update(language="en")
    make_finding(cast.fjellvik)
    tell(cast)
    Finding.unscoped.update(
        state="reopened", reopened_count=1, state_since=NOON + timedelta(hours=2)
    )
    assert tell(cast, at=LATER).findings == 1
    assert tell(cast, at=LATER + timedelta(days=1)).findings == 0
    assert FindingEvent.unscoped.filter(kind="told").count() == 2
    assert "has come back" in Message.unscoped.latest("pk").text


def test_what_a_report_of_the_same_day_reopens_after_the_letter_is_told_again(cast):
    make_finding(cast.fjellvik)
    tell(cast)
    midnight = NOON.replace(hour=0)  # what the fold writes: the day of the report
    Finding.unscoped.update(state="reopened", reopened_count=1, state_since=midnight)
    assert tell(cast, at=NOON + timedelta(hours=3)).findings == 1
    assert tell(cast, at=NOON + timedelta(hours=4)).findings == 0


def test_what_is_closed_or_taken_on_is_not_told(cast):
    for number, state in enumerate(("closed", "acknowledged", "fixed")):
        make_finding(cast.fjellvik, state=state, subject=f"198.18.0.{number}")
    assert tell(cast).findings == 0


def test_the_worst_comes_first_then_known_holes_then_the_oldest(cast):
    new = make_finding(cast.fjellvik, subject="198.18.0.1")
    old = make_finding(cast.fjellvik, subject="198.18.0.2", first_seen_at=NOON - timedelta(days=9))
    hole = make_finding(
        cast.fjellvik, subject="198.18.0.3", detail={"cves": ["CVE-2024-0001"], "product": "Gate"}
    )
    worst = make_finding(cast.fjellvik, subject="198.18.0.4", severity=4)
    tell(cast)
    letter = letter_to("drift@fjellvik.example")
    assert letter.about["ids"] == [worst.pk, hole.pk, old.pk, new.pk]
    assert "Gate, CVE-2024-0001" in letter.text


def test_what_cannot_wait_goes_in_a_letter_of_its_own_and_not_in_the_digest(cast):
    worst = make_finding(cast.fjellvik, severity=4)
    rest = make_finding(cast.fjellvik, subject="198.18.0.2")
    assert tell(cast, only_urgent=True).findings == 1
    urgent = Message.unscoped.get()
    assert (urgent.kind, urgent.about["ids"]) == ("urgent", [worst.pk])
    tell(cast, at=LATER)
    digest = Message.unscoped.get(kind="digest")
    assert digest.about["ids"] == [rest.pk]
    assert worst.case_number not in digest.text


def test_every_technical_contact_is_told_in_its_language(cast):
    Contact.unscoped.create(
        organisation=cast.fjellvik, purpose="technical", email="net@fjellvik.example", language="en"
    )
    Contact.unscoped.create(
        organisation=cast.fjellvik, purpose="management", email="liv@fjellvik.example"
    )
    make_finding(cast.fjellvik)
    make_finding(cast.elvdal, subject="198.18.4.1")
    assert tell(cast).messages == 3
    assert "Eksternt skrivebord åpent" in letter_to("drift@fjellvik.example").text
    assert "Remote desktop open" in letter_to("net@fjellvik.example").text
    assert "Fjärrskrivbord öppet" in letter_to("drift@elvdal.example").text
    assert 'lang="sv"' in letter_to("drift@elvdal.example").html


def test_who_runs_it_for_the_owner_is_told_too_and_each_is_told_of_the_other(cast):
    Contact.unscoped.update(language="en")
    finding = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    told = tell(cast)
    assert (told.members, told.messages, told.findings) == (2, 2, 1)
    host = letter_to("drift@fjellvik.example")
    assert "Elvdal: on equipment that you run for them" in host.text
    owner = letter_to("drift@elvdal.example")
    assert "run for you by Fjellvik" in owner.text
    assert host.about["ids"] == owner.about["ids"] == [finding.pk]
    event = FindingEvent.unscoped.get()
    assert "drift@fjellvik.example" in event.note
    assert "drift@elvdal.example" in event.note


def test_a_host_without_an_agreement_is_not_told(cast):
    make_finding(cast.elvdal, operated_by=cast.utmark, subject="198.18.5.1")
    Contact.unscoped.create(
        organisation=cast.utmark, purpose="technical", email="it@utmark.example"
    )
    assert tell(cast).messages == 1
    assert not Message.unscoped.filter(to="it@utmark.example").exists()


def test_a_unit_that_took_a_part_of_its_parents_range_does_not_silence_the_parent(cast):
    Contact.unscoped.create(
        organisation=cast.school, purpose="technical", email="it@school.example"
    )
    resource_claim(actor=cast.jonas, organisation=cast.school, kind="prefix", value="198.18.0.0/25")
    make_finding(cast.school)
    assert tell(cast).messages == 2
    for address in ("it@school.example", "drift@fjellvik.example"):
        assert "198.18.0.7" in letter_to(address).text


def test_a_unit_with_a_range_of_its_own_is_told_alone(cast):
    Contact.unscoped.create(
        organisation=cast.school, purpose="technical", email="it@school.example"
    )
    make_resource(cast.school, "prefix", "203.0.113.0/24")
    make_finding(cast.school, subject="203.0.113.7")
    assert tell(cast).messages == 1
    assert letter_to("it@school.example")


def test_a_unit_without_contact_is_told_through_what_it_is_a_part_of(cast):
    make_finding(cast.school)
    make_finding(cast.fjellvik, subject="198.18.0.2")
    assert tell(cast).messages == 1
    assert "Fjellvik school" in letter_to("drift@fjellvik.example").text


def test_a_company_without_contact_is_counted_and_waits(cast):
    finding = make_finding(cast.vann)
    told = tell(cast)
    assert [(s.organisation, s.findings) for s in told.nobody] == [("Fjellvik Vann", 1)]
    finding.refresh_from_db()
    assert finding.told_at is None
    Contact.unscoped.create(organisation=cast.vann, purpose="technical", email="drift@vann.example")
    assert tell(cast, at=LATER).findings == 1


def test_nobody_is_told_without_an_agreement_in_force(cast):
    make_finding(cast.fjellvik)
    make_finding(cast.utmark, subject="203.0.113.1")
    Agreement.unscoped.filter(organisation=cast.fjellvik).update(valid_until=TODAY)
    assert tell(cast).messages == 0


def test_an_analyst_tells_only_those_assigned_to_them(cast):
    make_finding(cast.fjellvik)
    make_finding(cast.elvdal, subject="198.18.4.1")
    agreement = Agreement.unscoped.get(organisation=cast.elvdal)
    Assignment.unscoped.create(
        organisation=cast.samvakt,
        person=cast.people["albin"],
        service="csirt",
        agreement=agreement,
    )
    told = finding_tell(actor=cast.albin, operator=cast.samvakt, now=NOON)
    assert told.members == 1
    assert Message.unscoped.get().to == "drift@elvdal.example"


def test_others_may_not_tell(cast):
    for actor in (cast.ingvild, cast.ragna, cast.henrik):
        with pytest.raises(NotAllowed):
            finding_tell(actor=actor, operator=cast.samvakt, now=NOON)


def test_a_plan_says_the_same_and_sends_nothing(cast):
    make_finding(cast.fjellvik)
    make_finding(cast.vann, subject="198.18.0.2")
    plan = finding_tell_plan(actor=cast.astrid, operator=cast.samvakt)
    assert Message.unscoped.count() == 0
    assert plan.for_trail() == tell(cast).for_trail()


def test_the_trail_has_an_entry_for_each_letter_and_not_for_each_finding(cast):
    for number in range(5):
        make_finding(cast.fjellvik, subject=f"198.18.0.{number}")
    before = Entry.objects.count()
    tell(cast)
    actions = list(Entry.objects.order_by("number").values_list("action", flat=True))[before:]
    assert actions == [
        "messages.message_enqueue",
        "findings.members_tell",
        "findings.finding_tell",
    ]


def test_a_failure_half_way_leaves_that_member_untold(cast):
    make_finding(cast.fjellvik)
    Contact.unscoped.filter(organisation=cast.fjellvik).update(email="not an address")
    assert "address" in tell(cast).failed[0].reason
    assert Message.unscoped.count() == 0
    assert Finding.unscoped.filter(told_at__isnull=False).count() == 0


def test_the_command_prints_its_counts(cast):
    make_finding(cast.fjellvik)
    out = StringIO()
    call_command("finding_tell", "--json", "--dry-run", "--as", "astrid", stdout=out)
    assert json.loads(out.getvalue())["messages"] == 1
    out = StringIO()
    call_command("finding_tell", "--json", "--as", "astrid", stdout=out)
    assert json.loads(out.getvalue()) == {
        "dry_run": False,
        "members": 1,
        "messages": 1,
        "findings": 1,
        "nobody": {},
        "failed": {},
    }


def test_the_job_tells_the_urgent_ones_only_when_asked(cast):
    make_finding(cast.fjellvik)
    telling_begin(actor=cast.astrid, operator=cast.samvakt, now=NOON)
    assert run_now("finding_tell", actor=cast.job, only_urgent=True)["findings"] == 0
    assert run_now("finding_tell", actor=cast.job)["findings"] == 1


def test_the_job_does_nothing_before_there_is_an_operator(db):
    from samsyn.access.actor import job_actor

    assert Membership.unscoped.count() == 0
    assert run_now("finding_tell", actor=job_actor("finding_tell")) == {}


def test_what_fails_for_one_member_keeps_no_other_from_its_letter(cast):
    make_finding(cast.fjellvik)
    tell(cast)
    Finding.unscoped.update(told_at=None)  # so that its letter counts as sent already
    make_finding(cast.elvdal, subject="198.18.4.1")
    told = tell(cast, at=LATER)
    assert (told.members, told.messages) == (1, 1)
    assert letter_to("drift@elvdal.example")
    assert list(told.for_trail()["failed"]) == ["Fjellvik"]


@pytest.mark.parametrize("address", ["drift@fjellvik.example", "drift@elvdal.example"])
def test_one_bad_address_silences_neither_the_good_ones_nor_the_host(cast, address):
    make_finding(cast.elvdal, subject="198.18.5.1", operated_by=cast.fjellvik)
    Contact.unscoped.create(
        organisation=cast.elvdal, purpose="technical", email="vakt@elvdal.example"
    )
    Contact.unscoped.filter(email=address).update(email="x:y@elvdal.example")
    told = tell(cast)
    good = {"drift@fjellvik.example", "drift@elvdal.example", "vakt@elvdal.example"} - {address}
    assert set(Message.unscoped.values_list("to", flat=True)) == good
    assert (told.messages, told.findings) == (2, 1)
    whose = "Fjellvik" if address == "drift@fjellvik.example" else "Elvdal"
    assert [f.organisations for f in told.failed] == [(whose,)]
    assert told.failed[0].reason.startswith("x:y@elvdal.example: ")
    note = FindingEvent.unscoped.get(kind="told").note
    assert set(note.split(", ")) == good


def test_an_address_written_in_two_ways_is_one_reader():
    emails = ("drift@a.example", "DRIFT@a.example", "vakt@a.example")
    found = readers_once(Contact(email=email) for email in emails)
    assert [contact.email for contact in found] == ["drift@a.example", "vakt@a.example"]
