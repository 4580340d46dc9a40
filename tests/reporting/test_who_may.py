"""Who prepares, asks, answers and decides; and who only reads, or finds nothing at all."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest

from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, NotFound
from samsyn.organisations.models import Agreement, Assignment
from samsyn.reporting import selectors
from samsyn.reporting.services import meetings, proposing, targets, telling
from tests.cast import NOON, TODAY
from tests.reporting.builders import SAID, make_meeting, make_proposal, make_question, make_target

LEADS = {
    "write words": lambda c, who: telling.area_word_write(
        actor=who, organisation=c.fjellvik, area="risks", text="Two are bad.", now=NOON
    ),
    "answer": lambda c, who: telling.question_answer(
        actor=who, question=make_question(c), answer="Two days.", now=NOON
    ),
    "propose": lambda c, who: proposing.proposal_make(
        actor=who, organisation=c.fjellvik, now=NOON, **SAID
    ),
    "change a proposal": lambda c, who: proposing.proposal_change(
        actor=who, proposal=make_proposal(c), title="Other"
    ),
    "withdraw": lambda c, who: proposing.proposal_withdraw(
        actor=who, proposal=make_proposal(c), now=NOON, reason="Solved."
    ),
    "write the target": lambda c, who: targets.target_write(
        actor=who, organisation=c.fjellvik, until_year=2031, text="Calm.", now=NOON
    ),
    "prepare a meeting": lambda c, who: meetings.meeting_prepare(
        actor=who, organisation=c.fjellvik, title="Review", held_on=TODAY
    ),
    "change a meeting": lambda c, who: meetings.meeting_change(
        actor=who, meeting=make_meeting(c), place="Room 2"
    ),
    "add a point": lambda c, who: meetings.item_add(
        actor=who, meeting=make_meeting(c), title="The harbour"
    ),
    "write minutes": lambda c, who: meetings.item_write(
        actor=who, item=make_meeting(c).items.first(), minutes="Done."
    ),
    "freeze": lambda c, who: meetings.meeting_freeze(
        actor=who, meeting=make_meeting(c), now=NOON
    ),
}  # fmt: skip
ASKS = {
    "ask": lambda c, who: telling.question_ask(
        actor=who, organisation=c.fjellvik, text="How long?", now=NOON
    )
}
DECIDES = {
    "decide": lambda c, who: proposing.proposal_decide(
        actor=who, proposal=make_proposal(c), outcome="approved", decided_by="Liv",
        decided_on=TODAY, now=NOON,
    ),
    "agree on the target": lambda c, who: targets.target_decide(
        actor=who, target=make_target(c), decided_by="Liv", decided_on=TODAY, now=NOON
    ),
}  # fmt: skip
EVERYBODY = ("ingvild", "liv", "revna", "jonas", "egil", "sigrid", "astrid", "henrik", "albin")


def who_can(cast, deed):
    """Return those for whom a deed works; it is undone by nobody, so each begins anew."""
    found = []
    for name in EVERYBODY:
        with suppress(NotAllowed):
            deed(cast, getattr(cast, name))
            found.append(name)
    return found


@pytest.mark.parametrize("deed", LEADS)
def test_only_the_ciso_prepares_what_management_reads(cast, deed):
    assert who_can(cast, LEADS[deed]) == ["ingvild"]


@pytest.mark.parametrize("deed", [*ASKS, *DECIDES])
def test_management_asks_and_decides_and_so_may_its_ciso(cast, deed):
    assert who_can(cast, (ASKS | DECIDES)[deed]) == ["ingvild", "liv"]


def test_an_auditor_reads_all_and_changes_nothing(cast):
    meeting, proposal, target = make_meeting(cast), make_proposal(cast), make_target(cast)
    question = make_question(cast)
    assert selectors.organisation_led(actor=cast.revna, pk=cast.fjellvik.pk) == cast.fjellvik
    for found, thing in (
        (selectors.meeting_get, meeting),
        (selectors.proposal_get, proposal),
        (selectors.target_get, target),
        (selectors.question_get, question),
        (selectors.item_get, meeting.items.first()),
    ):
        assert found(actor=cast.revna, pk=thing.pk) == thing


@pytest.mark.parametrize("name", ["jonas", "egil", "sigrid", "astrid", "henrik", "albin", "ragna"])
def test_others_find_nothing_by_any_road(cast, name):
    who, meeting = getattr(cast, name), make_meeting(cast)
    for find, thing in (
        (selectors.organisation_led, cast.fjellvik),
        (selectors.meeting_get, meeting),
        (selectors.proposal_get, make_proposal(cast)),
        (selectors.target_get, make_target(cast)),
        (selectors.question_get, make_question(cast)),
        (selectors.item_get, meeting.items.first()),
    ):
        with pytest.raises(NotFound):
            find(actor=who, pk=thing.pk)
    whose = {"actor": who, "organisation": cast.fjellvik.pk}
    assert selectors.meeting_next(**whose) is None
    assert selectors.target_draft(**whose) is None
    assert not selectors.proposals_waiting(**whose)
    assert not selectors.question_list(**whose).exists()
    assert selectors.item_list(actor=who, meeting=meeting) == []
    assert not selectors.organisations_led(actor=who).filter(pk=cast.fjellvik.pk).exists()


def test_a_leader_has_one_page_and_who_serves_several_chooses(cast):
    assert selectors.organisation_own(actor=cast.liv) == cast.fjellvik
    assert selectors.organisation_own(actor=cast.jonas) is None
    for member in (cast.fjellvik, cast.elvdal):
        Agreement.unscoped.create(
            organisation=member, operator=cast.samvakt, service="ciso", valid_from=date(2025, 1, 1)
        )
    Assignment.unscoped.create(
        organisation=cast.samvakt, person=cast.people["ragna"], service="ciso"
    )
    led = selectors.organisations_led(actor=cast.ragna)
    assert {cast.fjellvik, cast.elvdal} <= set(led)
    assert selectors.organisation_own(actor=cast.ragna) is None


def test_an_agreement_that_has_ended_closes_the_page(cast):
    agreement = Agreement.unscoped.create(
        organisation=cast.elvdal, operator=cast.samvakt, service="ciso", valid_from=date(2025, 1, 1)
    )
    Assignment.unscoped.create(
        organisation=cast.samvakt, person=cast.people["ragna"], service="ciso", agreement=agreement
    )
    assert selectors.organisation_led(actor=cast.ragna, pk=cast.elvdal.pk)
    Agreement.unscoped.filter(pk=agreement.pk).update(valid_until=date(2025, 12, 31))
    with pytest.raises(NotFound):
        selectors.organisation_led(actor=cast.ragna, pk=cast.elvdal.pk)


@pytest.mark.parametrize(
    ("deed", "does"),
    [
        ("area_word_write", LEADS["write words"]),
        ("question_ask", lambda c, _who: make_question(c)),
        ("question_answer", LEADS["answer"]),
        ("proposal_withdraw", LEADS["withdraw"]),
        ("proposal_decide", DECIDES["decide"]),
        ("target_decide", DECIDES["agree on the target"]),
        ("item_write", LEADS["write minutes"]),
        ("meeting_freeze", LEADS["freeze"]),
    ],
)
def test_each_deed_is_on_record_with_who_did_it(cast, deed, does):
    does(cast, cast.ingvild)
    entry = Entry.objects.filter(action=f"reporting.{deed}").latest("number")
    assert entry.organisation_id == cast.fjellvik.pk
    assert entry.actor.startswith(("Ingvild", "Liv"))


def test_a_frozen_pack_is_not_copied_into_the_trail(cast):
    frozen = LEADS["freeze"](cast, cast.ingvild)
    entry = Entry.objects.filter(action="reporting.meeting_freeze").latest("number")
    assert frozen.pack["minutes"]["participants"] == ["Liv", "Ingvild"]
    assert "participants" not in str(entry.changes.get("pack", ""))
