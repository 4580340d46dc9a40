"""What a dialogue is prepared with, how many there may be, and that its screen sees each change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.actions.models import Action
from samsyn.actions.selectors import actions_from
from samsyn.kernel.errors import RuleViolation
from samsyn.maturity.models import Dialogue, DialogueStep
from samsyn.maturity.room import ROOM
from samsyn.maturity.selectors import standing_mark
from samsyn.maturity.services.meeting import plan_decide, proposal_change, proposal_decline
from samsyn.maturity.services.preparing import (
    area_add,
    area_remove,
    participants_invite,
    targets_set,
)
from samsyn.messages.models import Message, MessageKind
from tests.cast import NOON, TODAY
from tests.maturity.builders import agree, area_of, make_dialogue, propose, rate, reveal


def anew(dialogue):
    return Dialogue.unscoped.get(pk=dialogue.pk)


def test_a_dialogue_keeps_what_it_was_prepared_with(cast):
    kept = anew(make_dialogue(cast, facilitator=" Ingvild ", language="sv", is_by_aspect=True))
    assert (kept.facilitator, kept.language, kept.is_by_aspect) == ("Ingvild", "sv", True)
    plain = anew(make_dialogue(cast))
    assert (plain.language, plain.is_by_aspect) == (cast.fjellvik.language, False)
    assert (plain.step, plain.closed_at, plain.previous) == ("prepared", None, None)
    assert len({kept.nonce, plain.nonce, ""}) == 3  # each has links of its own


@pytest.mark.parametrize("wrong", [{"title": "  "}, {"title": "x" * 121}, {"language": "xx"}])
def test_a_dialogue_without_a_name_or_in_no_language_is_refused(cast, wrong):
    with pytest.raises(RuleViolation):
        make_dialogue(cast, **wrong)
    assert not Dialogue.unscoped.exists()


def test_dialogues_of_the_last_year_count_and_those_of_others_do_not(cast):
    most = ROOM.limits["dialogues"].most
    rows = {"title": "x", "held_on": TODAY}
    Dialogue.unscoped.bulk_create(
        Dialogue(organisation=cast.elvdal, created_at=timezone.now(), **rows) for _n in range(most)
    )
    old = timezone.now() - timedelta(days=365, seconds=1)
    Dialogue.unscoped.bulk_create(
        Dialogue(organisation=cast.fjellvik, created_at=old, **rows) for _n in range(most)
    )
    assert make_dialogue(cast).pk
    Dialogue.unscoped.update(created_at=timezone.now())
    with pytest.raises(RuleViolation, match="in a year"):
        make_dialogue(cast)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_an_own_area_has_a_name_of_one_line(cast, name):
    dialogue = make_dialogue(cast)
    with pytest.raises(RuleViolation):
        area_add(actor=cast.ingvild, dialogue=dialogue, name=name)
    assert dialogue.areas.count() == 6


def test_the_meetings_screen_sees_each_change(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    proposal = propose(cast, dialogue)
    who = cast.ingvild
    for change in (
        lambda: rate(dialogue, 2),
        lambda: reveal(cast, dialogue),
        lambda: agree(cast, dialogue, 2),
        lambda: propose(cast, dialogue),
        lambda: proposal_change(actor=who, proposal=proposal, what="Other", horizon="mid"),
        lambda: proposal_decline(actor=who, proposal=proposal),
        lambda: area_add(actor=who, dialogue=anew(dialogue), name="Water"),
        lambda: area_remove(actor=who, area=area_of(dialogue, "own-1")),
        lambda: targets_set(actor=who, dialogue=anew(dialogue), targets={}),
        lambda: participants_invite(
            actor=who, dialogue=anew(dialogue), people="bo@x.example", group="staff", now=NOON
        ),
        lambda: plan_decide(
            actor=who, dialogue=anew(dialogue), decided_by="Liv", decided_on=TODAY, now=NOON
        ),
    ):
        before = standing_mark(dialogue)
        change()
        assert standing_mark(dialogue) != before


def test_an_action_of_the_plan_leads_back_to_its_dialogue(cast):
    dialogue = make_dialogue(cast, DialogueStep.MEETING)
    propose(cast, dialogue)
    plan_decide(actor=cast.liv, dialogue=dialogue, decided_by="Liv", decided_on=TODAY, now=NOON)
    found = actions_from(actor=cast.liv, kind=Dialogue._meta.label, pk=dialogue.pk)
    assert list(found) == [Action.unscoped.get()]


def test_an_invitation_is_of_the_house_and_the_hour_it_was_written(cast):
    dialogue = make_dialogue(cast)
    (invited,) = participants_invite(
        actor=cast.ingvild, dialogue=dialogue, people="bo@x.example", group="leadership", now=NOON
    )
    letter = Message.unscoped.get()
    assert (letter.organisation, letter.kind) == (cast.fjellvik, MessageKind.INVITATION)
    assert (letter.to, letter.language) == ("bo@x.example", dialogue.language)
    assert (invited.group, invited.invited_at) == ("leadership", NOON)


def test_invitations_of_other_houses_leave_room_for_ours(cast):
    dialogue = make_dialogue(cast)
    most = ROOM.limits["invitations_a_day"].most
    given = {"dialogue": dialogue, "group": "staff", "now": NOON}
    participants_invite(actor=cast.ingvild, people="bo@x.example", **given)
    letter = Message.unscoped.get()
    own = {"id", "key", "dedupe_key", "organisation_id"}
    same = {f.attname: getattr(letter, f.attname) for f in letter._meta.concrete_fields}
    same = {name: value for name, value in same.items() if name not in own}
    Message.unscoped.bulk_create(
        Message(dedupe_key=f"{n}", organisation=cast.elvdal, **same) for n in range(most)
    )
    assert participants_invite(actor=cast.ingvild, people="kim@x.example", **given)
