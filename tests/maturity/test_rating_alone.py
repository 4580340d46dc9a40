"""Everyone rates alone: without an account, once per seat, and nobody learns who said what."""

from __future__ import annotations

import json

import pytest

from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.maturity.links import door_open, door_token, rater_of, seat_open, seat_token
from samsyn.maturity.models import DialogueStep, Participant, Rating
from samsyn.maturity.selectors import raters, standings
from samsyn.maturity.services.preparing import links_renew, participants_invite
from samsyn.maturity.services.rating import RatingGiven, paper_enter, ratings_withdraw
from samsyn.messages.mail import as_mail
from samsyn.messages.models import Message
from tests.cast import NOON
from tests.maturity.builders import agree, area_of, give, make_dialogue, rate, reveal


@pytest.fixture
def dialogue(cast):
    return make_dialogue(cast, DialogueStep.RATING)


def risk(cast, dialogue):
    return next(r for r in standings(actor=cast.ingvild, dialogue=dialogue) if r.area.key == "risk")


def test_a_dialogue_begins_with_the_six_areas(dialogue):
    keys = [area.key for area in dialogue.areas.all()]
    assert keys == ["risk", "classification", "incidents", "procurement", "competence", "followup"]


def test_the_door_opens_a_dialogue_and_a_seat_rates_it(dialogue):
    assert door_open(door_token(dialogue)) == dialogue
    (seat,) = rate(dialogue, 2)
    assert raters(dialogue) == 1
    assert Rating.unscoped.get(rater=seat.rater).level == 2


@pytest.mark.parametrize("token", ["", "x", "1-abc.sig", "1-a-b-c.sig", "é" * 50, "1-2-3-4-5.x"])
def test_a_link_that_is_not_ours_opens_nothing(dialogue, token):
    for open_it in (door_open, seat_open):
        with pytest.raises(NotFound):
            open_it(token)


def test_a_door_is_no_seat_and_a_seat_no_door(dialogue):
    with pytest.raises(NotFound):
        seat_open(door_token(dialogue))
    with pytest.raises(NotFound):
        door_open(seat_token(dialogue, "staff"))


def test_a_seat_that_rates_twice_has_changed_its_mind(dialogue):
    (seat,) = rate(dialogue, 1)
    give(seat, 3)
    assert [r.level for r in Rating.unscoped.all()] == [3]


def test_new_links_close_the_old_ones_and_keep_what_was_rated(cast, dialogue):
    old = door_token(dialogue)
    rate(dialogue, 2)
    links_renew(actor=cast.ingvild, dialogue=dialogue)
    with pytest.raises(NotFound):
        door_open(old)
    assert raters(dialogue) == 1


def test_where_ratings_fell_is_not_told_before_the_meeting_shows_it(cast, dialogue):
    rate(dialogue, 1, 2, 2)
    assert risk(cast, dialogue).answered == 3
    assert risk(cast, dialogue).spread is None


def test_it_is_shown_from_three_on(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    rate(dialogue, 1, 4)
    rate(dialogue, 1, 2, 2, key="incidents")
    reveal(cast, dialogue)
    reveal(cast, dialogue, "incidents")
    rows = {r.area.key: r for r in standings(actor=cast.ingvild, dialogue=dialogue)}
    assert rows["risk"].spread is None
    assert rows["incidents"].spread.counts == (1, 2, 0, 0)


def test_what_was_shown_takes_no_more_ratings(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    seats = rate(dialogue, 1, 2, 2)
    reveal(cast, dialogue)
    with pytest.raises(RuleViolation):
        give(seats[0], 4)
    with pytest.raises(RuleViolation):
        rate(dialogue, 3)


def test_groups_are_shown_only_when_each_is_large_enough(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    rate(dialogue, 3, 3, 4, group="leadership")
    rate(dialogue, 1, 2)
    reveal(cast, dialogue)
    assert risk(cast, dialogue).spread.answered == 5
    assert risk(cast, dialogue).groups == {}


def test_leadership_and_staff_stand_beside_each_other(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    rate(dialogue, 3, 3, 4, group="leadership")
    rate(dialogue, 1, 2, 1)
    reveal(cast, dialogue)
    groups = risk(cast, dialogue).groups
    assert {name: spread.middle for name, spread in groups.items()} == {"leadership": 3, "staff": 1}


def test_who_withdraws_is_gone_but_not_from_what_was_shown(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    seats = rate(dialogue, 1, 2, 2)
    give(seats[0], 4, key="incidents")
    reveal(cast, dialogue)
    ratings_withdraw(actor=cast.job, dialogue=dialogue, rater=seats[0].rater)
    assert risk(cast, dialogue).spread.answered == 3
    assert not Rating.unscoped.filter(area=area_of(dialogue, "incidents")).exists()


def test_a_paper_form_is_typed_in_and_belongs_to_nobody(cast, dialogue):
    for _n in range(2):
        given = {area_of(dialogue).pk: RatingGiven(level=2)}
        paper_enter(actor=cast.ingvild, dialogue=dialogue, group="staff", given=given)
    assert raters(dialogue) == 2


def test_an_empty_paper_form_is_refused(cast, dialogue):
    with pytest.raises(RuleViolation):
        paper_enter(actor=cast.ingvild, dialogue=dialogue, group="staff", given={})


def test_an_invitation_gives_everybody_the_same_way_in(cast, dialogue):
    people = "Anna Berg <anna@fjellvik.example>\nbo@fjellvik.example\n"
    participants_invite(
        actor=cast.ingvild, dialogue=dialogue, people=people, group="leadership", now=NOON
    )
    assert [p.name for p in Participant.unscoped.all()] == ["Anna Berg", "bo"]
    ways = {text.split("/rate/in/")[1].split("/")[0] for text in bodies()}
    assert ways == {door_token(dialogue)}


def bodies():
    return [as_mail(message).body for message in Message.unscoped.all()]


def test_nobody_is_invited_twice(cast, dialogue):
    for _n in range(2):
        participants_invite(
            actor=cast.ingvild, dialogue=dialogue, people="bo@x.example", group="staff", now=NOON
        )
    assert len(bodies()) == 1


@pytest.mark.parametrize("people", ["", "not an address", "<>", "a@b@c", "x" * 300 + "@y.example"])
def test_what_is_no_address_is_refused(cast, dialogue, people):
    with pytest.raises(RuleViolation):
        participants_invite(
            actor=cast.ingvild, dialogue=dialogue, people=people, group="staff", now=NOON
        )
    assert not bodies()


def test_no_trail_entry_tells_who_rated_or_what(dialogue):
    before = Entry.objects.count()
    (seat,) = rate(dialogue, 3, reason="The mayor never asks", evidence="Minutes of May")
    new = list(Entry.objects.filter(number__gt=before))
    assert len(new) == 1
    told = json.dumps([[e.actor, e.object_id, e.object_name, e.changes] for e in new])
    assert new[0].person_id is None
    for secret in (seat.rater, "mayor", "Minutes", '"level"'):
        assert secret not in told


def test_nothing_that_is_kept_leads_from_an_invitation_to_a_rating(cast, dialogue):
    participants_invite(
        actor=cast.ingvild, dialogue=dialogue, people="bo@x.example", group="staff", now=NOON
    )
    (seat,) = rate(dialogue, 3)
    kept = json.dumps(list(Message.unscoped.values("text", "html", "about", "key")), default=str)
    kept += json.dumps(list(Participant.unscoped.values()), default=str)
    assert seat.rater not in kept
    assert rater_of(dialogue.nonce) != seat.rater
    fields = {field.name for field in Rating._meta.get_fields()}
    assert not fields & {"participant", "person", "created_at", "given_at", "at"}


def test_agreeing_without_any_rating_works(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    agree(cast, dialogue, 2)
    assert risk(cast, dialogue).move.today == 2


def test_everybody_the_same_is_a_spread_of_nothing(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    rate(dialogue, 2, 2, 2, 2)
    reveal(cast, dialogue)
    assert risk(cast, dialogue).spread.apart == 0
