"""What each room answers when an indicator asks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from samsyn.actions.models import ActionEvent
from samsyn.annual_wheel.models import Occurrence
from samsyn.findings.models import FindingEvent
from samsyn.kernel.measuring import MEASURES, Measured
from tests.annual_wheel.builders import make_activity
from tests.cast import NOON, TODAY, make_action, make_finding
from tests.maturity.builders import make_dialogue

DAY = timedelta(days=1)


def ask(key, cast, on=TODAY):
    found = MEASURES[key].answer([cast.fjellvik.pk, cast.elvdal.pk], on)
    return found.get(cast.fjellvik.pk)


def test_where_there_is_nothing_nobody_gets_a_zero(cast):
    assert {key: dict(m.answer([cast.fjellvik.pk], TODAY)) for key, m in MEASURES.items()} == {
        key: {} for key in MEASURES
    }


def test_actions_are_told_as_they_stood_on_the_day(cast):
    late = make_action(cast.fjellvik, due_on=date(2026, 2, 1), created_at=NOON - 60 * DAY,
                       state="done", state_since=NOON - DAY)  # fmt: skip
    ActionEvent.unscoped.create(action=late, at=NOON - 50 * DAY, kind="moved", to_state="planned")
    make_action(cast.fjellvik, due_on=date(2026, 5, 1), created_at=NOON - 60 * DAY,
                state_since=NOON - 60 * DAY)  # fmt: skip
    assert ask("actions.overdue", cast, TODAY - 10 * DAY) == Measured(50.0, 2)
    assert ask("actions.overdue", cast) == Measured(0.0, 1)
    assert ask("actions.overdue", cast, TODAY - 70 * DAY) is None


def test_an_effect_that_nobody_looked_at_counts_against(cast):
    make_action(cast.fjellvik, state="done", effect_due_on=TODAY - DAY)
    make_action(cast.fjellvik, state="confirmed", effect_result="yes", effect_checked_at=NOON - DAY)
    assert ask("actions.confirmed", cast) == Measured(50.0, 2)


def test_activities_are_on_time_only_by_their_day(cast):
    make_activity(cast)
    turns = list(Occurrence.unscoped.order_by("due_on"))
    on = turns[3].due_on
    states = [("done", -DAY), ("done", 2 * DAY), ("skipped", -DAY)]
    for turn, (state, moved) in zip(turns, states, strict=False):
        at = datetime.combine(turn.due_on, NOON.timetz()) + moved
        turn.state, turn.changed_at = state, at
        turn.done_at = at if state == "done" else None
        turn.skipped_reason = "x"
        turn.save()
    assert ask("annual_wheel.on_time", cast, on) == Measured(50.0, 2)
    assert ask("annual_wheel.skipped", cast, on) == Measured(1.0, 3)
    assert ask("annual_wheel.on_time", cast, turns[0].due_on + DAY) == Measured(100.0, 1)


def test_findings_are_answered_in_time_or_not(cast):
    for number, days in enumerate((3, 20, None)):
        finding = make_finding(cast.fjellvik, port=number + 1)
        at = NOON - 40 * DAY
        FindingEvent.unscoped.create(finding=finding, at=at, kind="told")
        if days:
            FindingEvent.unscoped.create(finding=finding, at=at + days * DAY, kind="answered")
    fresh = make_finding(cast.fjellvik, port=99)  # its fortnight is not over
    FindingEvent.unscoped.create(finding=fresh, at=NOON - 2 * DAY, kind="told")
    assert ask("findings.answered", cast) == Measured(33.3, 3)


@pytest.mark.parametrize(("late", "share"), [(timedelta(0), 100.0), (timedelta(hours=1), 0.0)])
def test_the_fourteenth_day_ends_at_midnight_where_people_are(cast, in_their_zone, late, share):
    """A letter half an hour after Oslo's midnight is of that day, though UTC's is a day earlier."""
    finding = make_finding(cast.fjellvik)
    told = datetime(2026, 1, 10, 23, 30, tzinfo=UTC)
    end = datetime(2026, 1, 25, 22, 59, tzinfo=UTC)  # of 25 January, a fortnight after the 11th
    FindingEvent.unscoped.create(finding=finding, at=told, kind="told")
    FindingEvent.unscoped.create(finding=finding, at=end + late, kind="answered")
    assert ask("findings.answered", cast) == Measured(share, 1)


def test_maturity_is_that_of_the_latest_closed_dialogue(cast):
    dialogue = make_dialogue(cast, "meeting")
    dialogue.step, dialogue.closed_at = "closed", NOON
    dialogue.save()
    areas = list(dialogue.areas.all())
    for number, area in enumerate(areas):
        area.agreed, area.reasons, area.target = 1 + number % 3, "x", 3
        area.save()
    assert ask("maturity.lowest", cast) == Measured(1.0)
    assert ask("maturity.median", cast) == Measured(2.0)
    assert ask("maturity.to_target", cast) == Measured(6.0, 6)
    assert ask("maturity.lowest", cast, TODAY - DAY) is None
