"""Closing a dialogue: what it takes, what counts as the latest, and two who lead it at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from samsyn.access.permissions import Role
from samsyn.access.selectors import actor_of
from samsyn.actions.models import Action, Decision
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, NotFound, RuleViolation
from samsyn.maturity import selectors
from samsyn.maturity.measured import areas_of, lowest, middle, to_target
from samsyn.maturity.models import Dialogue, DialogueArea, DialogueStep
from samsyn.maturity.services import meeting, preparing
from tests.cast import NOON, TODAY, make_person
from tests.maturity.builders import agree, area_of, make_dialogue, propose, reveal

DAY = timedelta(days=1)
STEPS = ("prepared", "rating", "meeting", "closed")
ROADS = {
    ("prepared", "rating"), ("rating", "prepared"), ("rating", "meeting"), ("meeting", "rating"),
    ("meeting", "closed"), ("closed", "meeting"),
}  # fmt: skip


def move(cast, dialogue, step, now=NOON):
    return preparing.dialogue_move(actor=cast.ingvild, dialogue=dialogue, step=step, now=now)


def closed(cast, level=2, held_on=TODAY, now=NOON, **levels):
    dialogue = make_dialogue(cast, DialogueStep.MEETING, held_on=held_on)
    for key, each in ({"risk": level} | levels).items():
        agree(cast, dialogue, each, key=key)
    return move(cast, dialogue, "closed", now)


def anew(thing):
    return type(thing).unscoped.get(pk=thing.pk)


def latest(cast):
    return selectors.latest_closed(actor=cast.liv, organisation=cast.fjellvik.pk)


@pytest.mark.parametrize("begin", STEPS)
@pytest.mark.parametrize("end", STEPS)
def test_a_dialogue_goes_one_step_at_a_time(cast, begin, end):
    dialogue = make_dialogue(cast)
    agree_at = {"step": begin, "closed_at": NOON if begin == "closed" else None}
    Dialogue.unscoped.filter(pk=dialogue.pk).update(**agree_at)
    DialogueArea.unscoped.filter(dialogue=dialogue, key="risk").update(agreed=1, reasons="So.")
    if (begin, end) in ROADS:
        assert move(cast, anew(dialogue), end).step == end
    else:
        with pytest.raises(RuleViolation, match="cannot go there"):
            move(cast, anew(dialogue), end)
        assert anew(dialogue).step == begin


def test_one_agreed_level_is_enough_to_close_and_none_is_not(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    reveal(cast, dialogue)
    with pytest.raises(RuleViolation, match="at least one level"):
        move(cast, anew(dialogue), "closed")
    agree(cast, dialogue, 1)
    assert move(cast, anew(dialogue), "closed").closed_at == NOON


def test_a_meeting_that_is_opened_again_is_not_the_latest_until_it_is_closed_anew(cast):
    older = closed(cast, held_on=TODAY - 300 * DAY)
    newer = closed(cast)
    assert latest(cast) == newer
    opened = move(cast, newer, "meeting")
    assert (opened.closed_at, latest(cast)) == (None, older)
    again = move(cast, opened, "closed", NOON + DAY)
    assert (again.closed_at, latest(cast)) == (NOON + DAY, newer)


def test_the_latest_is_the_one_held_last_not_the_one_closed_last(cast):
    newer = closed(cast, held_on=TODAY)
    closed(cast, held_on=TODAY - DAY, now=NOON + DAY)
    assert latest(cast) == newer
    same_day = closed(cast, held_on=TODAY)
    assert latest(cast) == same_day


def test_anothers_dialogue_is_never_ours(cast):
    closed(cast)
    assert selectors.latest_closed(actor=cast.sigrid, organisation=cast.elvdal.pk) is None
    assert selectors.latest_closed(actor=cast.sigrid, organisation=cast.fjellvik.pk) is None
    assert not selectors.dialogue_list(actor=cast.sigrid).exists()


@pytest.mark.parametrize(
    "late",
    [
        lambda c, d: agree(c, d, 4),
        reveal,
        lambda c, d: meeting.area_show(actor=c.ingvild, area=area_of(d)),
        propose,
        lambda c, d: preparing.area_add(actor=c.ingvild, dialogue=d, name="Water"),
        lambda c, d: preparing.area_remove(actor=c.ingvild, area=area_of(d, "incidents")),
        lambda c, d: preparing.targets_set(
            actor=c.ingvild, dialogue=d, targets={area_of(d).pk: 4}
        ),
        lambda c, d: preparing.dialogue_change(actor=c.ingvild, dialogue=d, title="Other"),
        lambda c, d: preparing.links_renew(actor=c.ingvild, dialogue=d),
        lambda c, d: preparing.participants_invite(
            actor=c.ingvild, dialogue=d, people="bo@x.example", group="staff", now=NOON
        ),
        lambda c, d: meeting.plan_decide(
            actor=c.ingvild, dialogue=d, decided_by="Liv", decided_on=TODAY, now=NOON
        ),
    ],
)  # fmt: skip
def test_who_leads_on_after_another_has_closed_it_is_told_and_it_stays_closed(cast, late):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    agree(cast, dialogue, 2)
    propose(cast, dialogue)
    stale = anew(dialogue)
    move(cast, anew(dialogue), "closed")
    before = Entry.objects.count()
    with pytest.raises(RuleViolation):
        late(cast, stale)
    kept = anew(dialogue)
    assert (kept.step, kept.closed_at, kept.title) == ("closed", NOON, "Dialogue 2026")
    assert (area_of(kept).agreed, area_of(kept).target) == (2, None)
    assert not Decision.unscoped.exists()
    assert Entry.objects.count() == before


def test_an_area_read_before_the_dialogue_was_closed_is_not_agreed_on(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    agree(cast, dialogue, 2)
    area = area_of(dialogue)
    assert area.dialogue.step == "meeting"
    move(cast, anew(dialogue), "closed")
    with pytest.raises(RuleViolation, match="Start the meeting first"):
        meeting.area_agree(actor=cast.ingvild, area=area, agreed=4, reasons="All is well.")
    assert (anew(dialogue).step, area_of(dialogue).agreed) == ("closed", 2)


def test_of_two_who_move_a_dialogue_the_second_goes_on_from_where_it_is(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    agree(cast, dialogue, 2)
    stale = anew(dialogue)
    move(cast, anew(dialogue), "closed")
    with pytest.raises(RuleViolation, match="cannot go there"):
        move(cast, stale, "rating")
    assert anew(dialogue).step == "closed"


def test_two_who_change_different_things_keep_both(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    first, second = anew(dialogue), anew(dialogue)
    preparing.dialogue_change(actor=cast.ingvild, dialogue=first, closing="Well done.")
    meeting.timer_start(actor=cast.ingvild, dialogue=second, minutes=10, now=NOON)
    preparing.links_renew(actor=cast.ingvild, dialogue=anew(dialogue))
    kept = anew(dialogue)
    assert (kept.closing, kept.timer_ends_at) == ("Well done.", NOON + timedelta(minutes=10))
    assert kept.nonce != dialogue.nonce
    assert kept.version == dialogue.version + 3


def test_step_and_decision_are_not_given_with_a_change(cast):
    dialogue = make_dialogue(cast)
    preparing.dialogue_change(
        actor=cast.ingvild, dialogue=dialogue, step="closed", nonce="x", title="Other"
    )
    kept = anew(dialogue)
    assert (kept.step, kept.title) == ("prepared", "Other")
    assert kept.nonce != "x"


LEADS = {
    "prepare": lambda c, who, _d: preparing.dialogue_prepare(
        actor=who, organisation=c.fjellvik, title="Next", held_on=TODAY
    ),
    "change": lambda _c, who, d: preparing.dialogue_change(actor=who, dialogue=d, title="Other"),
    "move": lambda _c, who, d: preparing.dialogue_move(
        actor=who, dialogue=d, step="rating", now=NOON
    ),
    "invite": lambda _c, who, d: preparing.participants_invite(
        actor=who, dialogue=d, people="bo@x.example", group="staff", now=NOON
    ),
    "agree": lambda _c, who, d: meeting.area_agree(
        actor=who, area=area_of(d), agreed=1, reasons="So."
    ),
    "set targets": lambda _c, who, d: preparing.targets_set(
        actor=who, dialogue=d, targets={area_of(d).pk: 3}
    ),
    "propose": lambda _c, who, d: meeting.proposal_add(
        actor=who, area=area_of(d), what="Train", horizon="near"
    ),
}


@pytest.mark.parametrize("deed", LEADS)
def test_only_the_ciso_leads_a_dialogue(cast, deed):
    for name in ("liv", "revna", "jonas", "egil", "sigrid", "astrid", "albin", "henrik"):
        with pytest.raises(NotAllowed):
            LEADS[deed](cast, getattr(cast, name), make_dialogue(cast, DialogueStep.MEETING))
    LEADS[deed](cast, cast.ingvild, make_dialogue(cast, DialogueStep.MEETING))
    assert Entry.objects.filter(action__startswith="maturity.").exists()


def decide(cast, dialogue, who="liv", **fields):
    given = {"decided_by": " Liv ", "decided_on": TODAY, "now": NOON} | fields
    return meeting.plan_decide(actor=getattr(cast, who), dialogue=dialogue, **given)


def test_management_and_its_ciso_decide_the_plan_and_others_do_not(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    propose(cast, dialogue)
    for name in ("revna", "jonas", "egil", "sigrid", "astrid"):
        with pytest.raises(NotAllowed):
            decide(cast, anew(dialogue), name)
    assert decide(cast, anew(dialogue), "ingvild").decision


def test_a_plan_says_who_was_there_what_it_holds_and_how_long(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    preparing.dialogue_change(actor=cast.ingvild, dialogue=dialogue, present="Liv\nThe mayor")
    own = preparing.area_add(actor=cast.ingvild, dialogue=dialogue, name="Water")
    agree(cast, dialogue, 1, "It hangs on two.\nNo copy.")
    propose(cast, dialogue)
    propose(cast, dialogue, "Map the pumps", key=own.key, how="", who="", horizon="later")
    decision = decide(cast, anew(dialogue), valid_until=TODAY + 365 * DAY).decision
    assert (decision.decided_by, decision.present) == ("Liv", ["Liv", "The mayor"])
    assert decision.valid_until == TODAY + 365 * DAY
    assert decision.text == "Risk management: Do a risk analysis\nWater: Map the pumps"
    actions = {action.title: action for action in Action.unscoped.all()}
    risk, pumps = actions["Do a risk analysis"], actions["Map the pumps"]
    assert (risk.area, risk.why) == ("risk", "It hangs on two.\nNo copy.")
    assert risk.how == "In two hours.\nWho: The CISO"
    assert (pumps.area, pumps.how, pumps.horizon) == ("other", "", "later")


def test_a_plan_is_not_decided_ahead_and_nothing_is_left_of_the_attempt(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    propose(cast, dialogue)
    with pytest.raises(RuleViolation, match="has been taken"):
        decide(cast, anew(dialogue), decided_on=TODAY + DAY)
    assert not Action.unscoped.exists()
    assert anew(dialogue).decision is None
    assert decide(cast, anew(dialogue)).decision


def test_a_declined_proposal_can_be_taken_up_again_until_the_plan_is_decided(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    proposal = propose(cast, dialogue)
    for declined in (True, False, True):
        assert meeting.proposal_decline(actor=cast.ingvild, proposal=proposal).is_declined is (
            declined
        )
    with pytest.raises(RuleViolation, match="no proposal left"):
        decide(cast, anew(dialogue))
    meeting.proposal_decline(actor=cast.ingvild, proposal=proposal)
    decide(cast, anew(dialogue))
    with pytest.raises(RuleViolation, match="decided already"):
        meeting.proposal_decline(actor=cast.ingvild, proposal=anew(proposal))


@pytest.mark.parametrize("minutes", [0, 1, 180])
def test_the_clock_ends_after_its_minutes_and_none_stop_it(cast, minutes):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    ends_at = meeting.timer_start(
        actor=cast.ingvild, dialogue=dialogue, minutes=minutes, now=NOON
    ).timer_ends_at
    assert ends_at == (NOON + timedelta(minutes=minutes) if minutes else None)
    assert anew(dialogue).timer_ends_at == ends_at


def test_levels_before_are_of_closed_dialogues_of_earlier_days_the_oldest_first(cast):
    second, first = closed(cast, 2, TODAY - 200 * DAY), closed(cast, 1, TODAY - 400 * DAY)
    closed(cast, 4, TODAY)
    opened = make_dialogue(cast, DialogueStep.MEETING, held_on=TODAY - 100 * DAY)
    agree(cast, opened, 3)
    now = make_dialogue(cast, held_on=TODAY)
    found = selectors.levels_before(actor=cast.liv, dialogue=now)
    assert [(each, levels["risk"]) for each, levels in found] == [(first, 1), (second, 2)]


def test_figures_are_of_the_latest_dialogue_closed_by_the_day(cast, in_their_zone):
    closed(cast, 2, TODAY - 200 * DAY, incidents=4, now=NOON - 200 * DAY)
    last_minute = datetime.fromisoformat("2026-03-02T23:59:59+01:00")
    newer = closed(cast, 3, TODAY, incidents=1, competence=2, now=last_minute)
    preparing_targets(newer, risk=4, incidents=3, competence=1)
    asked = [cast.fjellvik.pk, cast.elvdal.pk]
    for day, low, mid in ((TODAY, 1.0, 2.0), (TODAY - DAY, 2.0, 3.0)):
        assert lowest(asked, day)[cast.fjellvik.pk].value == low
        assert middle(asked, day)[cast.fjellvik.pk].value == mid
        assert cast.elvdal.pk not in lowest(asked, day)
    left = to_target(asked, TODAY)[cast.fjellvik.pk]
    assert (left.value, left.out_of) == (3.0, 3)
    assert areas_of(asked, date(2025, 1, 1)) == {}


def preparing_targets(dialogue, **targets):
    for key, target in targets.items():
        DialogueArea.unscoped.filter(dialogue=dialogue, key=key).update(target=target)


def test_a_dialogue_of_a_company_is_its_own(cast):
    own = make_person("vigdis", cast.vann, Role.CISO)
    dialogue = make_dialogue(cast)
    with pytest.raises(NotFound):
        selectors.dialogue_get(actor=actor_of(own), pk=dialogue.pk)
