"""Preparing, changing and freezing a meeting: its days, its points, and the second who writes."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from samsyn.actions.services import action_propose
from samsyn.kernel.errors import Conflict, RuleViolation
from samsyn.reporting import selectors
from samsyn.reporting.models import AgendaItem, Meeting
from samsyn.reporting.packs import pack_of
from samsyn.reporting.rules import digest
from samsyn.reporting.services.meetings import (
    POINTS_MOST,
    item_add,
    item_write,
    meeting_change,
    meeting_freeze,
)
from samsyn.reporting.services.proposing import proposal_withdraw
from tests.cast import NOON, TODAY, make_action, make_decision
from tests.reporting.builders import decide, make_meeting, make_proposal

DAY = timedelta(days=1)


def change(cast, meeting, **values):
    return meeting_change(actor=cast.ingvild, meeting=meeting, **values)


def freeze(cast, meeting, now=NOON):
    return meeting_freeze(actor=cast.ingvild, meeting=meeting, now=now)


def write(cast, item, minutes="We agreed."):
    return item_write(actor=cast.ingvild, item=item, minutes=minutes)


def anew(thing):
    return type(thing).unscoped.get(pk=thing.pk)


def whose(cast):
    return {"actor": cast.liv, "organisation": cast.fjellvik.pk}


def test_a_meeting_keeps_what_was_said_of_it(cast):
    more = {"begins_at": time(9, 30), "place": "Room 2", "chair": "Liv", "preparation": "Be short."}
    kept = anew(make_meeting(cast, title="  Review ", **more))
    assert {name: getattr(kept, name) for name in more} == more
    assert (kept.title, kept.state, kept.names) == ("Review", "prepared", ["Liv", "Ingvild"])
    assert (kept.pack, kept.digest, kept.frozen_at) == ({}, "", None)


def test_a_meeting_is_not_prepared_as_frozen(cast):
    meeting = make_meeting(cast, state="frozen", digest="x", pack={"pictures": {}})
    assert (anew(meeting).state, anew(meeting).digest) == ("prepared", "")
    change(cast, meeting, state="frozen", digest="x", title="Other")
    assert (anew(meeting).state, anew(meeting).title) == ("prepared", "Other")


def test_without_a_language_it_is_the_organisations(cast):
    assert make_meeting(cast, language="").language == cast.fjellvik.language
    assert make_meeting(cast, language="sv").language == "sv"


@pytest.mark.parametrize("wrong", [{"title": " "}, {"title": "x" * 121}, {"language": "xx"}])
def test_a_meeting_without_a_name_or_in_no_language_is_refused(cast, wrong):
    with pytest.raises(RuleViolation):
        make_meeting(cast, **wrong)
    assert not Meeting.unscoped.exists()


def test_the_second_of_two_who_change_a_meeting_is_told(cast):
    first = make_meeting(cast)
    second = anew(first)
    change(cast, first, place="Room 2")
    with pytest.raises(Conflict):
        change(cast, second, place="Room 3")
    assert anew(first).place == "Room 2"


def test_a_meeting_is_frozen_on_its_day_or_later_and_not_before(cast):
    meeting = make_meeting(cast, held_on=TODAY + DAY)
    with pytest.raises(RuleViolation, match="not been held"):
        freeze(cast, meeting)
    assert freeze(cast, meeting, now=NOON + DAY).is_frozen
    assert freeze(cast, make_meeting(cast, held_on=TODAY - 400 * DAY)).is_frozen


def test_without_anybody_there_it_is_refused_at_the_participants(cast):
    with pytest.raises(RuleViolation, match="who took part") as refused:
        freeze(cast, make_meeting(cast, participants=""))
    assert refused.value.field == "participants"


def test_who_froze_it_and_when_is_kept_with_a_mark_of_the_whole(cast):
    kept = anew(freeze(cast, make_meeting(cast)))
    assert (kept.frozen_at, kept.digest) == (NOON, digest(kept.pack))
    assert kept.frozen_by.startswith("Ingvild")
    assert set(kept.pack["pictures"]) == {"en", "nb", "sv"}


def test_who_freezes_a_meeting_that_another_has_changed_meanwhile_is_told(cast):
    read = make_meeting(cast)
    change(cast, anew(read), participants="Liv")
    with pytest.raises(Conflict):
        freeze(cast, read)
    assert not anew(read).is_frozen


def test_what_is_written_while_another_freezes_the_meeting_is_refused(cast):
    meeting = make_meeting(cast)
    item = selectors.item_list(actor=cast.ingvild, meeting=meeting)[0]
    stale = anew(meeting)
    freeze(cast, meeting)
    for late in (
        lambda: write(cast, item),
        lambda: item_add(actor=cast.ingvild, meeting=stale, title="More"),
        lambda: change(cast, stale, place="Elsewhere"),
        lambda: freeze(cast, stale),
    ):
        with pytest.raises(RuleViolation, match="is frozen"):
            late()
    assert anew(item).minutes == ""
    assert not AgendaItem.unscoped.filter(title="More").exists()


def test_an_agenda_is_full_at_forty_points(cast):
    meeting = make_meeting(cast)
    while meeting.items.count() < POINTS_MOST:
        item_add(actor=cast.ingvild, meeting=meeting, title="One more")
    with pytest.raises(RuleViolation, match="at most 40 points"):
        item_add(actor=cast.ingvild, meeting=meeting, title="One too many")


def test_a_point_is_kept_as_it_was_given_and_comes_last(cast):
    meeting = make_meeting(cast)
    given = {"title": " The harbour ", "about": " Since May. ", "planned_minutes": 25}
    item_add(actor=cast.ingvild, meeting=meeting, **given)
    last = selectors.item_list(actor=cast.liv, meeting=meeting)[-1]
    assert (last.title, last.about, last.planned_minutes) == ("The harbour", "Since May.", 25)
    with pytest.raises(RuleViolation):
        item_add(actor=cast.ingvild, meeting=meeting, title=" ")


def test_minutes_are_kept_and_can_be_emptied_but_not_endless(cast):
    item = make_meeting(cast).items.first()
    assert anew(write(cast, item, "  We agreed. ")).minutes == "We agreed."
    with pytest.raises(RuleViolation, match="At most 8000"):
        write(cast, item, "x" * 8001)
    assert anew(write(cast, anew(item), "")).minutes == ""


def test_the_next_meeting_is_the_first_to_come_and_the_last_the_newest_frozen(cast):
    assert selectors.meeting_next(**whose(cast)) is None
    assert selectors.meeting_last(**whose(cast)) is None
    late, soon = make_meeting(cast, held_on=TODAY + 9 * DAY), make_meeting(cast)
    old = freeze(cast, make_meeting(cast, held_on=TODAY - 9 * DAY))
    assert selectors.meeting_next(**whose(cast)) == soon
    assert selectors.meeting_last(**whose(cast)) == old
    freeze(cast, soon)
    assert selectors.meeting_next(**whose(cast)) == late
    assert selectors.meeting_last(**whose(cast)) == soon
    assert selectors.meeting_next(actor=cast.sigrid, organisation=cast.elvdal.pk) is None


def test_meetings_are_listed_newest_first_with_how_much_was_decided(cast):
    old = make_meeting(cast, held_on=TODAY - 9 * DAY)
    today = make_meeting(cast)
    decide(cast, make_proposal(cast))
    decide(cast, make_proposal(cast), "declined", text="Too dear.")
    make_proposal(cast)
    found = [(m, m.decided) for m in selectors.meeting_list(**whose(cast))]
    assert found == [(today, 2), (old, 0)]
    freeze(cast, old)
    assert list(selectors.meeting_list(**whose(cast), state="frozen")) == [old]
    assert not selectors.meeting_list(actor=cast.liv, organisation=cast.elvdal.pk).exists()


def test_the_pack_holds_what_waits_and_what_this_meeting_decided(cast):
    other = make_meeting(cast, held_on=TODAY - DAY)
    before = decide(cast, make_proposal(cast, title="Before"), decided_on=TODAY - DAY)
    assert before.meeting == other
    meeting = make_meeting(cast)
    decide(cast, make_proposal(cast, title="Decided"))
    make_proposal(cast, title="Waits")
    gone = make_proposal(cast, title="Withdrawn")
    proposal_withdraw(actor=cast.ingvild, proposal=gone, now=NOON, reason="Solved.")
    for pack in (
        pack_of(actor=cast.liv, meeting=meeting, language="en", today=TODAY),
        pack_of(actor=cast.liv, meeting=freeze(cast, meeting), language="en", today=TODAY),
    ):
        shown = {each.title: each.outcome for each in pack.picture.proposals}
        assert shown == {"Decided": "approved", "Waits": ""}


def test_the_minutes_name_place_chair_points_and_agreed_work(cast):
    meeting = make_meeting(cast, place="Room 2", chair="Liv")
    write(cast, meeting.items.first())
    given = {"actor": cast.ingvild, "organisation": cast.fjellvik, "thing": meeting, "now": NOON}
    action_propose(title="Order the cameras", due_on=date(2026, 5, 1), **given)
    action_propose(title="Call the vendor", **given)
    frozen = anew(freeze(cast, anew(meeting)))
    minutes = pack_of(actor=cast.liv, meeting=frozen, language="en", today=TODAY).minutes
    assert (minutes.place, minutes.chair, minutes.day) == ("Room 2", "Liv", TODAY)
    assert minutes.points[0].minutes == "We agreed."
    assert {(task.title, task.due_on) for task in minutes.tasks} == {
        ("Order the cameras", "2026-05-01"), ("Call the vendor", ""),
    }  # fmt: skip


def test_what_was_agreed_before_the_meeting_is_not_in_its_pack(cast):
    frozen = freeze(cast, make_meeting(cast, preparation="Do not mention the mayor."))
    assert "mayor" not in str(anew(frozen).pack)


def test_the_ways_to_lists_are_gone_from_a_frozen_pack_and_those_to_one_thing_stay(cast):
    make_action(cast.fjellvik)
    make_decision(cast.fjellvik, title="The old till", valid_until=TODAY + DAY)
    frozen = anew(freeze(cast, make_meeting(cast)))
    picture = pack_of(actor=cast.liv, meeting=frozen, language="en", today=TODAY).picture
    urls = [line.url for line in (*picture.changes, *picture.questions)]
    urls += [fact.url for area in picture.areas for fact in area.facts]
    assert any(url.startswith("/decisions/") for url in urls)
    assert not any("?" in url for url in urls)


def test_a_language_that_was_not_frozen_shows_one_that_was(cast):
    frozen = anew(freeze(cast, make_meeting(cast)))
    first = next(iter(frozen.pack["pictures"].values()))
    pack = pack_of(actor=cast.liv, meeting=frozen, language="fi", today=TODAY)
    assert pack.picture.sentence == first["sentence"]
    assert pack.is_whole
