"""Taking findings on: who may, what it changes, and what somebody else has done meanwhile."""

from __future__ import annotations

import pytest
from django.utils import timezone

from samsyn.audit.models import Entry
from samsyn.findings.models import Finding, FindingEvent
from samsyn.findings.services import finding_acknowledge, finding_answer, findings_acknowledge
from samsyn.kernel.errors import Conflict, NotAllowed, RuleViolation
from tests.cast import NOON, make_finding

STATES = ("open", "reopened", "acknowledged", "fixed", "closed")


def each_state(cast):
    return [
        make_finding(cast.fjellvik, state=state, subject=f"198.18.0.{number}")
        for number, state in enumerate(STATES)
    ]


def states():
    return list(Finding.unscoped.order_by("pk").values_list("state", flat=True))


def test_of_several_the_open_ones_are_taken_on_and_the_others_passed_over(cast):
    before = timezone.now()
    found = each_state(cast)
    findings_acknowledge(actor=cast.ingvild, findings=found)
    assert states() == ["acknowledged", "acknowledged", "acknowledged", "fixed", "closed"]
    changed = Finding.unscoped.filter(state_since__gte=before)
    assert set(changed) == set(found[:2])
    events = FindingEvent.unscoped.order_by("finding_id")
    assert [(e.finding_id, e.kind, e.note) for e in events] == [
        (each.pk, "acknowledged", "") for each in found[:2]
    ]
    assert all("Ingvild" in event.by for event in events)
    assert all(before <= event.at <= timezone.now() for event in events)


def test_each_that_is_taken_on_is_on_record_at_its_owner(cast):
    own = make_finding(cast.fjellvik)
    hosted = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    findings_acknowledge(actor=cast.ingvild, findings=[own, hosted])
    entries = Entry.objects.filter(action="findings.findings_acknowledge")
    assert {(e.organisation_id, e.object_id) for e in entries} == {
        (cast.fjellvik.pk, str(own.pk)),
        (cast.elvdal.pk, str(hosted.pk)),
    }
    assert {e.person_id for e in entries} == {cast.people["ingvild"].pk}


@pytest.mark.parametrize("name", ["ingvild", "astrid"])
def test_the_security_officer_and_the_csirt_take_findings_on(cast, name):
    finding = make_finding(cast.fjellvik, told_at=NOON)
    findings_acknowledge(actor=getattr(cast, name), findings=[finding])
    assert states() == ["acknowledged"]


@pytest.mark.parametrize(
    "name", ["jonas", "liv", "egil", "revna", "sigrid", "albin", "henrik", "ragna"]
)
def test_nobody_else_takes_any_on(cast, name):
    finding = make_finding(cast.fjellvik)
    with pytest.raises(NotAllowed):
        findings_acknowledge(actor=getattr(cast, name), findings=[finding])
    with pytest.raises(NotAllowed):
        finding_acknowledge(actor=getattr(cast, name), finding=finding, at=NOON)
    assert states() == ["open"]
    assert not FindingEvent.unscoped.exists()


def test_a_strangers_finding_among_several_lets_none_be_taken_on(cast):
    own, other = make_finding(cast.fjellvik), make_finding(cast.elvdal, subject="198.18.4.1")
    with pytest.raises(NotAllowed):
        findings_acknowledge(actor=cast.ingvild, findings=[own, other])
    assert states() == ["open", "open"]


@pytest.mark.parametrize("state", STATES)
def test_one_is_taken_on_only_while_it_is_open_and_with_a_word(cast, state):
    finding = make_finding(cast.fjellvik, state=state)
    if state not in {"open", "reopened"}:
        with pytest.raises(RuleViolation, match="Only an open"):
            finding_acknowledge(actor=cast.ingvild, finding=finding, at=NOON)
        assert states() == [state]
        return
    finding_acknowledge(actor=cast.ingvild, finding=finding, at=NOON, note="x" * 1100)
    kept = Finding.unscoped.get()
    assert (kept.state, kept.state_since) == ("acknowledged", NOON)
    assert FindingEvent.unscoped.get().note == "x" * 1000


# Between reading a finding and changing it, reports or somebody else may have changed it.


def closed_meanwhile(finding):
    Finding.unscoped.filter(pk=finding.pk).update(state="closed", state_since=NOON)


def test_what_has_been_closed_meanwhile_is_not_opened_again_by_taking_it_on(cast):
    finding = make_finding(cast.fjellvik)
    closed_meanwhile(finding)
    with pytest.raises(Conflict):
        finding_acknowledge(actor=cast.ingvild, finding=finding, at=NOON)
    assert states() == ["closed"]
    assert not FindingEvent.unscoped.exists()


@pytest.mark.parametrize("answer", ["fixed", "planned", "false_alarm"])
def test_nor_by_an_answer(cast, answer):
    finding = make_finding(cast.fjellvik)
    closed_meanwhile(finding)
    with pytest.raises(Conflict):
        finding_answer(actor=cast.jonas, finding=finding, answer=answer, at=NOON, until=NOON.date())
    kept = Finding.unscoped.get()
    assert (kept.state, kept.answer_kind) == ("closed", "")


def test_of_several_what_has_been_closed_meanwhile_is_passed_over(cast):
    first, second = make_finding(cast.fjellvik), make_finding(cast.fjellvik, subject="198.18.0.8")
    closed_meanwhile(first)
    findings_acknowledge(actor=cast.ingvild, findings=[first, second])
    assert states() == ["closed", "acknowledged"]
    assert [e.finding_id for e in FindingEvent.unscoped.all()] == [second.pk]


def test_the_second_of_two_who_take_it_on_is_told(cast):
    first = make_finding(cast.fjellvik)
    second = Finding.unscoped.get(pk=first.pk)
    finding_acknowledge(actor=cast.ingvild, finding=first, at=NOON)
    with pytest.raises(Conflict):
        finding_acknowledge(actor=cast.astrid, finding=second, at=NOON)
    assert FindingEvent.unscoped.count() == 1
