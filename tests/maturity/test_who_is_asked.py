"""Who is invited, where one wants to be, and that small groups give nobody away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samsyn.audit.models import Entry
from samsyn.kernel.errors import RuleViolation
from samsyn.maturity.content import aspect_names
from samsyn.maturity.models import Dialogue, DialogueStep, Participant, Rating
from samsyn.maturity.room import ROOM
from samsyn.maturity.selectors import participant_list, standings
from samsyn.maturity.services.meeting import proposal_change
from samsyn.maturity.services.preparing import (
    area_add,
    area_remove,
    dialogue_move,
    dialogue_prepare,
    participants_invite,
    targets_set,
)
from samsyn.maturity.services.rating import RatingGiven, paper_enter, ratings_withdraw
from samsyn.messages.models import Message
from tests.cast import NOON, TODAY
from tests.maturity.builders import agree, area_of, give, make_dialogue, propose, rate, reveal

DAY = timedelta(days=1)
ASPECT = next(iter(aspect_names()))


@pytest.fixture
def dialogue(cast):
    return make_dialogue(cast, DialogueStep.MEETING)


def invite(cast, dialogue, people, group="staff", now=NOON):
    return participants_invite(
        actor=cast.ingvild, dialogue=dialogue, people=people, group=group, now=now
    )


def row_of(cast, dialogue, key="risk"):
    return next(r for r in standings(actor=cast.liv, dialogue=dialogue) if r.area.key == key)


def paper(cast, dialogue, **given):
    said = {area_of(dialogue, key).pk: value for key, value in given.items()}
    return paper_enter(actor=cast.ingvild, dialogue=dialogue, group="staff", given=said)


def anew(thing):
    return type(thing).unscoped.get(pk=thing.pk)


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        ("Anna Berg <anna@x.example>", "Anna Berg", "anna@x.example"),
        ('  "Anna Berg"  < anna@x.example > ', "Anna Berg", "anna@x.example"),
        ("anna@x.example", "anna", "anna@x.example"),
        ("<anna@x.example>", "anna", "anna@x.example"),
    ],
)
def test_a_line_is_a_name_with_an_address_or_the_address_alone(cast, dialogue, line, name, email):
    (invited,) = invite(cast, dialogue, f"\n{line}\n \n")
    assert (invited.name, invited.email, invited.invited_at) == (name, email, NOON)


def test_the_same_person_twice_or_in_other_letters_is_invited_once(cast, dialogue):
    invite(cast, dialogue, "bo@x.example\nBO@x.example\nbo@x.example")
    assert invite(cast, dialogue, "Bo <bo@X.example>\nkim@x.example")[0].email == "kim@x.example"
    assert Message.unscoped.count() == 2


def test_one_wrong_line_invites_nobody(cast, dialogue):
    with pytest.raises(RuleViolation):
        invite(cast, dialogue, "bo@x.example\nnot an address")
    with pytest.raises(RuleViolation) as refused:
        invite(cast, dialogue, " \n ")
    assert refused.value.field == "people"
    assert not Participant.unscoped.exists()
    assert not Message.unscoped.exists()


def test_one_may_be_invited_to_two_dialogues_and_seen_in_each_by_those_of_the_house(cast, dialogue):
    other = make_dialogue(cast)
    for each in (dialogue, other):
        invite(cast, each, "bo@x.example", "leadership")
        (found,) = participant_list(actor=cast.liv, dialogue=each)
        assert (found.dialogue, found.group) == (each, "leadership")
    assert not participant_list(actor=cast.sigrid, dialogue=dialogue).exists()


def test_a_dialogue_is_full_and_so_is_a_day(cast, dialogue):
    most = ROOM.limits["participants"].most
    Participant.unscoped.bulk_create(
        Participant(dialogue=dialogue, name="x", email=f"p{n}@x.example", group="staff")
        for n in range(most - 1)
    )
    with pytest.raises(RuleViolation, match="at most") as refused:
        invite(cast, dialogue, "bo@x.example\nkim@x.example")
    assert refused.value.field == "people"
    assert len(invite(cast, dialogue, "bo@x.example\np1@x.example")) == 1


def test_invitations_of_the_last_day_count_and_older_ones_do_not(cast, dialogue):
    most = ROOM.limits["invitations_a_day"].most
    invite(cast, dialogue, "bo@x.example")
    letter = Message.unscoped.get()
    own = {"id", "key", "dedupe_key"}
    same = {f.attname: getattr(letter, f.attname) for f in letter._meta.concrete_fields}
    same = {name: value for name, value in same.items() if name not in own}
    Message.unscoped.bulk_create(Message(dedupe_key=f"{n}", **same) for n in range(most - 1))
    Message.unscoped.update(created_at=NOON - DAY + timedelta(seconds=1))
    with pytest.raises(RuleViolation, match="in a day"):
        invite(cast, dialogue, "kim@x.example")
    Message.unscoped.update(created_at=NOON - DAY)
    assert invite(cast, dialogue, "kim@x.example")


@pytest.mark.parametrize(
    ("leaders", "staff", "shown"),
    [(3, 3, True), (2, 3, False), (3, 2, False), (0, 6, False), (6, 0, False), (1, 5, False)],
)
def test_groups_are_shown_side_by_side_only_from_three_in_each(
    cast, dialogue, leaders, staff, shown
):
    rate(dialogue, *[3] * leaders, group="leadership")
    rate(dialogue, *[1] * staff, group="staff")
    reveal(cast, dialogue)
    row = row_of(cast, dialogue)
    assert row.answered == leaders + staff
    assert row.spread.counts == (staff, 0, leaders, 0)
    assert bool(row.groups) is shown


@pytest.mark.parametrize(("n", "shown"), [(2, False), (3, True)])
def test_words_and_aspects_are_shown_only_with_the_spread(cast, dialogue, n, shown):
    rate(dialogue, *[2] * n, reason=" It hangs on two. ", aspects={ASPECT: 1})
    rate(dialogue, 2, 2, key="incidents", reason="Two of us.")
    for key in ("risk", "incidents"):
        reveal(cast, dialogue, key)
    row = row_of(cast, dialogue)
    assert row.answered == n
    assert (bool(row.spread), bool(row.aspects)) == (shown, shown)
    assert row.words == (("It hangs on two.",) if shown else ())
    assert row_of(cast, dialogue, "incidents").words == ()


def test_nothing_but_the_number_is_told_until_an_area_is_shown(cast, dialogue):
    rate(dialogue, 1, 2, 3, 4, reason="So it is.")
    row = row_of(cast, dialogue)
    assert (row.answered, row.spread, row.words, row.groups, row.aspects) == (4, None, (), {}, {})
    reveal(cast, dialogue)
    assert row_of(cast, dialogue).spread.counts == (1, 1, 1, 1)
    assert row_of(cast, dialogue, "incidents").spread is None


def test_what_is_agreed_takes_no_more_ratings(cast, dialogue):
    (seat,) = rate(dialogue, 2)
    agree(cast, dialogue, 2)
    with pytest.raises(RuleViolation, match="closed"):
        give(seat, 3)
    assert Rating.unscoped.get().level == 2


@pytest.mark.parametrize("step", ["prepared", "closed"])
def test_outside_rating_and_meeting_no_rating_is_taken(cast, dialogue, step):
    agree(cast, dialogue, 2)
    Dialogue.unscoped.filter(pk=dialogue.pk).update(step=step)
    with pytest.raises(RuleViolation, match="takes no ratings now"):
        paper(cast, anew(dialogue), incidents=RatingGiven(level=2))
    assert not Rating.unscoped.exists()


def test_an_area_of_another_dialogue_is_not_rated_through_this_one(cast, dialogue):
    other = make_dialogue(cast, DialogueStep.MEETING)
    with pytest.raises(RuleViolation, match="not part of the dialogue"):
        paper_enter(
            actor=cast.ingvild, dialogue=dialogue, group="staff",
            given={area_of(other).pk: RatingGiven(level=2)},
        )  # fmt: skip


@pytest.mark.parametrize("wrong", [RatingGiven(level=0), RatingGiven(level=5),
                                   RatingGiven(level=2, aspects={"weather": 2}),
                                   RatingGiven(level=2, aspects={ASPECT: 5})])  # fmt: skip
def test_a_paper_form_with_one_wrong_level_enters_nothing(cast, dialogue, wrong):
    with pytest.raises(RuleViolation, match="from 1 to 4"):
        paper(cast, dialogue, risk=RatingGiven(level=2), incidents=wrong)
    assert not Rating.unscoped.exists()


def test_who_withdraws_takes_back_ones_own_and_nobody_elses(cast, dialogue):
    first, second = rate(dialogue, 1, 4)
    assert ratings_withdraw(actor=cast.job, dialogue=dialogue, rater=first.rater) == {
        "withdrawn": 1
    }
    assert Rating.unscoped.get().rater == second.rater


@pytest.mark.parametrize("target", [1, 4, None])
def test_a_target_is_one_to_four_or_open(cast, dialogue, target):
    area = area_of(dialogue)
    targets_set(actor=cast.ingvild, dialogue=dialogue, targets={area.pk: 2})
    targets_set(actor=cast.ingvild, dialogue=dialogue, targets={area.pk: target})
    assert anew(area).target == target


@pytest.mark.parametrize("target", [0, 5])
def test_a_target_outside_the_levels_changes_none(cast, dialogue, target):
    risk, incidents = area_of(dialogue), area_of(dialogue, "incidents")
    with pytest.raises(RuleViolation):
        targets_set(
            actor=cast.ingvild, dialogue=dialogue, targets={risk.pk: 3, incidents.pk: target}
        )
    assert (anew(risk).target, anew(incidents).target) == (None, None)


def test_targets_of_another_dialogue_are_not_set_through_this_one(cast, dialogue):
    other = area_of(make_dialogue(cast))
    targets_set(actor=cast.ingvild, dialogue=dialogue, targets={other.pk: 4})
    assert anew(other).target is None


def test_targets_come_along_next_time_and_agreed_levels_do_not(cast, dialogue):
    own = area_add(actor=cast.ingvild, dialogue=dialogue, name="Water", scope="The works.")
    targets = {area_of(dialogue).pk: 3, own.pk: 4}
    targets_set(actor=cast.ingvild, dialogue=dialogue, targets=targets)
    agree(cast, dialogue, 2)
    again = dialogue_prepare(
        actor=cast.ingvild, organisation=cast.fjellvik, title="Next", held_on=TODAY + 300 * DAY,
        previous=dialogue,
    )  # fmt: skip
    assert [(a.target, a.agreed) for a in (area_of(again), area_of(again, own.key))] == [
        (3, None), (4, None),
    ]  # fmt: skip
    assert area_of(again, own.key).own_scope == "The works."
    assert area_of(make_dialogue(cast)).target is None


def test_own_areas_get_keys_of_their_own_after_one_is_removed(cast, dialogue):
    first = area_add(actor=cast.ingvild, dialogue=dialogue, name="Water")
    second = area_add(actor=cast.ingvild, dialogue=dialogue, name="School")
    area_remove(actor=cast.ingvild, area=first)
    third = area_add(actor=cast.ingvild, dialogue=dialogue, name="Water")
    assert [first.key, second.key, third.key] == ["own-1", "own-2", "own-3"]
    assert third.place > second.place


def test_an_agreed_area_stays_also_when_nobody_rated_it(cast, dialogue):
    agree(cast, dialogue, 1)
    with pytest.raises(RuleViolation, match="it stays"):
        area_remove(actor=cast.ingvild, area=area_of(dialogue))


def test_a_proposal_is_written_anew_before_it_is_decided(cast, dialogue):
    proposal = propose(cast, dialogue)
    proposal_change(
        actor=cast.ingvild, proposal=proposal, what=" Exercise ", horizon="mid", who=" Liv "
    )
    kept = anew(proposal)
    assert (kept.what, kept.how, kept.who, kept.horizon) == ("Exercise", "", "Liv", "mid")
    with pytest.raises(RuleViolation):
        proposal_change(actor=cast.ingvild, proposal=kept, what=" ", horizon="mid")


def test_the_trail_tells_that_a_paper_form_was_entered_and_not_what_it_said(cast, dialogue):
    assert paper(cast, dialogue, risk=RatingGiven(level=4, reason="Secret words")) == {"areas": 1}
    entry = Entry.objects.get(action="maturity.paper_enter")
    assert entry.actor.startswith("Ingvild")
    assert "Secret words" not in str(entry.changes)
    dialogue_move(actor=cast.ingvild, dialogue=anew(dialogue), step="rating", now=NOON)
