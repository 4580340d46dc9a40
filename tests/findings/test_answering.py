"""What an answer changes, what it refuses, and who speaks where two CSIRTs serve a member."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest

from samsyn.access.models import Membership
from samsyn.audit.models import Entry
from samsyn.findings.models import Finding, FindingEvent
from samsyn.findings.services import finding_acknowledge, finding_answer, findings_acknowledge
from samsyn.kernel.errors import Conflict, RuleViolation
from samsyn.organisations.models import Agreement
from tests.cast import NOON, TODAY, make_finding
from tests.organisations.boundary import second_operator

LATER = NOON + timedelta(hours=1)


def answer(cast, finding, given, who="jonas", **more):
    actor = getattr(cast, who)
    return finding_answer(actor=actor, finding=finding, answer=given, at=LATER, **more)


@pytest.mark.parametrize(
    ("state", "given", "then"),
    [
        ("open", "fixed", "fixed"),
        ("reopened", "help", "acknowledged"),
        ("acknowledged", "not_ours", "acknowledged"),
        ("fixed", "accepted", "acknowledged"),
        ("fixed", "fixed", "fixed"),
    ],
)
def test_an_answer_leads_to_a_state_since_when_it_was_given_unless_it_is_the_same(
    cast, state, given, then
):
    finding = make_finding(cast.fjellvik, state=state)
    answer(cast, finding, given, note="n" * 1100)
    kept = Finding.unscoped.get()
    assert (kept.state, kept.state_since) == (then, NOON if state == then else LATER)
    assert (kept.answer_kind, kept.answer_until, kept.answered_at) == (given, None, LATER)
    assert (finding.state, finding.answered_at) == (kept.state, LATER)
    event = FindingEvent.unscoped.get()
    assert (event.kind, event.answer_kind, event.at) == ("answered", given, LATER)
    assert event.note == "n" * 1000
    assert "Jonas" in event.by
    entry = Entry.objects.get(action="findings.finding_answer")
    assert entry.changes["answer_kind"] == ["", given]


def test_a_plan_says_by_when_and_the_next_answer_forgets_it(cast):
    finding = make_finding(cast.fjellvik)
    answer(cast, finding, "planned", until=TODAY)
    assert Finding.unscoped.get().answer_until == TODAY
    answer(cast, finding, "fixed")
    assert Finding.unscoped.get().answer_until is None


@pytest.mark.parametrize(
    ("given", "said", "field"),
    [("maybe", "one of the answers", "answer"), ("planned", "by when", "until")],
)
def test_what_is_no_answer_and_a_plan_without_a_day_are_refused_at_their_field(
    cast, given, said, field
):
    with pytest.raises(RuleViolation, match=said) as refused:
        answer(cast, make_finding(cast.fjellvik), given)
    assert refused.value.field == field
    assert Finding.unscoped.get().state == "open"


def test_a_closed_finding_takes_no_answer(cast):
    with pytest.raises(RuleViolation, match="already closed"):
        answer(cast, make_finding(cast.fjellvik, state="closed"), "fixed")
    assert not FindingEvent.unscoped.exists()


# Where two operators are the CSIRT of the owner.


@pytest.fixture
def two(cast):
    nordvakt, _sjovik = second_operator(cast)
    for member in (cast.fjellvik, cast.elvdal):
        Agreement.unscoped.create(
            organisation=member, operator=nordvakt, service="csirt", valid_from=TODAY
        )
    return cast


ACTS = {
    "one": lambda actor, finding: finding_acknowledge(actor=actor, finding=finding, at=LATER),
    "several": lambda actor, finding: findings_acknowledge(actor=actor, findings=[finding]),
    "answer": lambda actor, finding: finding_answer(
        actor=actor, finding=finding, answer="fixed", at=LATER
    ),
}


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("name", ["astrid", "nora", "ingvild"])
def test_neither_settles_what_the_member_has_not_been_told_and_its_own_people_do(
    two, name, told, act
):
    finding = make_finding(two.fjellvik, told_at=NOON if told else None)
    may = told or name == "ingvild"
    with nullcontext() if may else pytest.raises(RuleViolation, match="not been told"):
        ACTS[act](getattr(two, name), finding)
    assert (Finding.unscoped.get().state != "open") is may


@pytest.mark.parametrize(("name", "may"), [("ingvild", True), ("astrid", False), ("nora", False)])
def test_who_runs_it_for_the_owner_settles_it_by_a_role_at_home(two, name, may):
    finding = make_finding(two.elvdal, operated_by=two.fjellvik, subject="198.18.5.1")
    with nullcontext() if may else pytest.raises(RuleViolation, match="not been told"):
        ACTS["answer"](getattr(two, name), finding)


def test_a_role_elsewhere_settles_nothing(two):
    Membership.unscoped.create(person=two.people["astrid"], organisation=two.utmark, role="ciso")
    with pytest.raises(RuleViolation, match="not been told"):
        ACTS["answer"](two.astrid, make_finding(two.fjellvik))


@pytest.mark.parametrize("state", ["acknowledged", "fixed"])
def test_an_answer_to_what_has_been_answered_meanwhile_is_refused(cast, state):
    same = {"acknowledged": ("accepted", "false_alarm"), "fixed": ("fixed", "fixed")}
    first, second = same[state]
    finding = make_finding(cast.fjellvik, state=state, told_at=NOON)
    stale = Finding.unscoped.get(pk=finding.pk)
    answer(cast, finding, first, who="ingvild", note="The leader accepts it.")
    with pytest.raises(Conflict):
        answer(cast, stale, second)
    kept = Finding.unscoped.get()
    assert (kept.answer_kind, kept.state) == (first, state)
    assert FindingEvent.unscoped.count() == 1


def test_an_answer_to_what_has_been_closed_and_reopened_meanwhile_is_refused(cast):
    stale = make_finding(cast.fjellvik, state="reopened", told_at=NOON)
    Finding.unscoped.update(reopened_count=stale.reopened_count + 1)
    with pytest.raises(Conflict):
        answer(cast, stale, "false_alarm")


def test_whoever_reads_the_answer_may_give_another(cast):
    finding = make_finding(cast.fjellvik, state="acknowledged", told_at=NOON)
    answer(cast, finding, "accepted")
    answer(cast, Finding.unscoped.get(), "false_alarm")
    assert Finding.unscoped.get().answer_kind == "false_alarm"
