"""The year of an organisation: begun, changed, done, skipped."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from samsyn.access.models import Membership
from samsyn.annual_wheel import selectors, services
from samsyn.annual_wheel.content import templates
from samsyn.annual_wheel.jobs import extend
from samsyn.annual_wheel.models import Activity, Occurrence
from samsyn.annual_wheel.moving import occurrence_move
from samsyn.jobs.registry import quiet
from samsyn.kernel.errors import Conflict, NotAllowed, NotFound, RuleViolation
from tests.annual_wheel.builders import begin, make_activity
from tests.cast import NOON, TODAY, make_document

LATER = datetime(2026, 3, 9, 12, tzinfo=UTC)


def turns(activity, state=None):
    rows = Occurrence.unscoped.filter(activity=activity).order_by("due_on")
    return list(rows.filter(state=state) if state else rows.exclude(state="removed"))


def months(activity):
    return [turn.due_on.month for turn in turns(activity, "ahead")]


def test_the_pack_has_25_templates_that_all_fit_their_rhythm(cast):
    begin(cast, keys=[t.key for t in templates()])
    assert Activity.unscoped.count() == 25
    assert Occurrence.unscoped.filter(activity__frequency="quarterly").exists()


def test_beginning_makes_the_turns_of_the_next_year(cast):
    made = begin(cast, keys=["risk_register", "budget"])
    assert made.activities == 2
    register = Activity.unscoped.get(key="risk_register")
    assert register.title == "Gå gjennom risikoregisteret"
    assert len(turns(register)) == 13
    assert turns(register)[0].due_on == date(2026, 3, 16)  # the 15th is a Sunday
    assert months(Activity.unscoped.get(key="budget")) == [9]


def test_beginning_twice_makes_nothing_twice(cast):
    begin(cast)
    count = Occurrence.unscoped.count()
    assert begin(cast).activities == 0
    assert Occurrence.unscoped.count() == count


def test_what_was_changed_is_not_overwritten_by_beginning_again(cast):
    begin(cast, keys=["budget"])
    budget = Activity.unscoped.get()
    budget.title = "Our own"
    budget.save()
    begin(cast, keys=["budget", "kpi"])
    assert Activity.unscoped.get(key="budget").title == "Our own"


def test_unknown_templates_and_none_are_refused(cast):
    for keys in ([], ["nonsense"]):
        with pytest.raises(RuleViolation):
            begin(cast, keys=keys)


def test_a_change_moves_what_is_coming_and_leaves_what_is_done(cast):
    activity = make_activity(cast, frequency="quarterly", months=[3, 6, 9, 12])
    first, second, *_ = turns(activity)
    complete(cast, first)
    kept = second.uid
    services.activity_change(
        actor=cast.ingvild, activity=activity, now=NOON, today=TODAY, months=[2, 5, 8, 11]
    )
    first.refresh_from_db()
    assert (first.state, first.due_on.month) == ("done", 3)
    assert months(activity) == [5, 8, 11, 2]
    moved = Occurrence.unscoped.get(uid=kept)
    assert moved.due_on.month == 5
    assert moved.version > 1


def test_a_change_takes_nothing_away_that_the_job_has_made_further_ahead(cast):
    activity = make_activity(cast)
    services.wheel_extend(actor=cast.ingvild, organisation=cast.fjellvik, now=NOON, today=TODAY)
    activity.refresh_from_db()
    before = [turn.uid for turn in turns(activity)]
    assert len(before) == 19
    services.activity_change(
        actor=cast.ingvild, activity=activity, now=NOON, today=TODAY, title="Otherwise"
    )
    assert [turn.uid for turn in turns(activity)] == before


def test_the_texts_of_a_template_are_in_the_organisations_language(cast):
    with translation.override("en"):
        begin(cast, keys=["budget"])
    budget = Activity.unscoped.get()
    assert budget.title == "Planlegg budsjett og ressurser"
    assert "artikkel" in budget.legal_ground


def test_a_yearly_activity_done_this_year_is_not_due_again_when_it_moves(cast):
    activity = make_activity(cast, frequency="yearly", months=[3])
    complete(cast, turns(activity)[0])
    services.activity_change(
        actor=cast.ingvild, activity=activity, now=NOON, today=TODAY, months=[10]
    )
    assert [t.due_on.year for t in turns(activity, "ahead")] == []


def test_a_stopped_activity_has_no_turns_ahead_and_can_go_on(cast):
    activity = make_activity(cast)
    say = {"actor": cast.ingvild, "activity": activity, "now": NOON, "today": TODAY}
    services.activity_stop(**say)
    assert turns(activity) == []
    assert Occurrence.unscoped.filter(state="removed").count() == 13
    services.activity_resume(**say)
    assert len(turns(activity)) == 13


def test_months_that_do_not_fit_are_refused(cast):
    with pytest.raises(RuleViolation, match="quarter"):
        make_activity(cast, frequency="quarterly", months=[1, 2, 3, 4])
    with pytest.raises(RuleViolation, match="month"):
        make_activity(cast, frequency="yearly", months=[])


def test_a_person_from_elsewhere_cannot_own_it(cast):
    with pytest.raises(RuleViolation, match="role"):
        make_activity(cast, owner_person=cast.people["sigrid"])


def test_two_who_change_at_once_are_told(cast):
    activity = make_activity(cast)
    say = {"actor": cast.ingvild, "now": NOON, "today": TODAY, "seen": 1}
    services.activity_change(activity=activity, title="One", **say)
    again = Activity.unscoped.get()
    with pytest.raises(Conflict):
        services.activity_change(activity=again, title="Two", **say)


def complete(cast, turn, **given):
    return services.occurrence_complete(
        actor=cast.ingvild, occurrence=turn, now=LATER, **{"minutes": "We met.", **given}
    )


def test_a_turn_is_done_with_minutes(cast):
    turn = turns(make_activity(cast))[0]
    complete(cast, turn)
    turn.refresh_from_db()
    assert (turn.state, turn.minutes, turn.done_at) == ("done", "We met.", LATER)
    assert turn.done_by.startswith("Ingvild")


def test_a_turn_is_done_with_evidence(cast, home):
    turn = turns(make_activity(cast))[0]
    make_document(cast.fjellvik, thing=turn)
    assert complete(cast, turn, minutes=" ").state == "done"


def test_a_turn_is_not_done_without_either(cast):
    with pytest.raises(RuleViolation, match="minutes"):
        complete(cast, turns(make_activity(cast))[0], minutes=" ")


def test_a_turn_is_skipped_only_with_a_reason(cast):
    turn = turns(make_activity(cast))[0]
    say = {"actor": cast.ingvild, "occurrence": turn, "now": LATER}
    with pytest.raises(RuleViolation, match="why"):
        services.occurrence_skip(reason="  ", **say)
    services.occurrence_skip(reason="The supplier was away.", **say)
    assert turns(turn.activity, "skipped") == [turn]


def test_what_is_settled_is_not_settled_again_but_can_be_taken_back(cast):
    turn = turns(make_activity(cast))[0]
    complete(cast, turn)
    with pytest.raises(RuleViolation):
        complete(cast, turn)
    services.occurrence_reopen(actor=cast.ingvild, occurrence=turn, now=LATER)
    assert turn.state == "ahead"
    with pytest.raises(RuleViolation):
        services.occurrence_reopen(actor=cast.ingvild, occurrence=turn, now=LATER)


def test_whoever_is_second_to_complete_is_told(cast):
    turn = turns(make_activity(cast))[0]
    other = Occurrence.unscoped.get(pk=turn.pk)
    complete(cast, turn)
    with pytest.raises(Conflict):
        complete(cast, other)


def test_a_technician_works_but_does_not_change_and_a_stranger_sees_nothing(cast):
    turn = turns(make_activity(cast))[0]
    services.occurrence_complete(actor=cast.jonas, occurrence=turn, now=LATER, minutes="Done.")
    with pytest.raises(NotAllowed):
        services.activity_stop(actor=cast.jonas, activity=turn.activity, now=NOON, today=TODAY)
    for stranger in (cast.sigrid, cast.astrid, cast.albin):
        with pytest.raises(NotFound):
            selectors.occurrence_get(actor=stranger, pk=turn.pk)


def test_the_job_makes_a_year_and_a_half_and_then_nothing(cast, monkeypatch):
    activity = make_activity(cast)
    noon = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # the night when clocks go forward
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    assert extend(actor=cast.job, progress=quiet)["made"] == 6
    assert turns(activity)[-1].due_on.isoformat()[:7] == "2027-09"
    assert extend(actor=cast.job, progress=quiet) == {
        "activities": 0, "made": 0, "moved": 0, "removed": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "found"), [("2026-03-02", "open"), ("2026-03-11", "late"), ("2026-02-20", "ahead")]
)
def test_the_list_knows_what_is_late_open_and_ahead(cast, day, found):
    turn = turns(make_activity(cast, from_day=1, to_day=10))[0]
    today = date.fromisoformat(day)
    for standing in ("late", "open", "ahead", "done", "skipped"):
        rows = selectors.occurrence_list(actor=cast.ingvild, today=today, standing=standing)
        assert rows.filter(pk=turn.pk).exists() is (standing == found)


def test_mine_is_what_my_role_or_i_myself_own(cast):
    make_activity(cast, title="Role", role="technician")
    make_activity(cast, title="Person", role="ciso", owner_person=cast.people["jonas"])
    make_activity(cast, title="Other", role="ciso")

    def mine(actor):
        rows = selectors.occurrence_list(actor=actor, today=TODAY, mine=True)
        return set(rows.values_list("activity__title", flat=True))

    assert mine(cast.jonas) == {"Role", "Person"}
    assert mine(cast.ingvild) == {"Other"}


def test_a_mark_of_the_year_is_added_and_removed(cast):
    mark = services.mark_add(
        actor=cast.ingvild, organisation=cast.fjellvik, kind="budget", title="Budsjett",
        from_month=11, to_month=1,
    )  # fmt: skip
    with pytest.raises(RuleViolation):
        services.mark_add(
            actor=cast.ingvild, organisation=cast.fjellvik, kind="budget", title="x",
            from_month=0, to_month=13,
        )  # fmt: skip
    services.mark_remove(actor=cast.ingvild, mark=mark)
    assert not selectors.mark_list(actor=cast.ingvild).exists()


def move(cast, turn, day, **given):
    return occurrence_move(
        actor=cast.ingvild, occurrence=turn, due_on=day, now=NOON, today=TODAY, **given
    )


def test_one_turn_moves_and_the_job_leaves_it_there(cast):
    activity = make_activity(cast)
    first, second = turns(activity)[:2]
    uid, version = first.uid, first.version
    move(cast, first, second.due_on)
    services.wheel_extend(actor=cast.ingvild, organisation=cast.fjellvik, now=NOON, today=TODAY)
    first.refresh_from_db()
    assert (first.due_on, first.uid, first.version) == (second.due_on, uid, version + 1)
    assert len(turns(activity, "ahead")) == len({t.month for t in turns(activity, "ahead")})


def test_a_moved_turn_falls_away_with_its_activity(cast):
    activity = make_activity(cast, frequency="yearly", months=[6])
    (turn,) = turns(activity, "ahead")
    move(cast, turn, date(2026, 7, 10))
    services.activity_stop(actor=cast.ingvild, activity=activity, now=NOON, today=TODAY)
    assert turns(activity, "ahead") == []


def test_a_turn_moves_neither_to_the_past_nor_beyond_a_year_nor_when_it_is_done(cast):
    turn = turns(make_activity(cast))[0]
    for day in (date(2026, 2, 28), date(2028, 1, 1)):
        with pytest.raises(RuleViolation):
            move(cast, turn, day)
    with pytest.raises(Conflict):
        move(cast, turn, date(2026, 4, 1), seen=turn.version + 7)
    complete(cast, turn)
    with pytest.raises(RuleViolation):
        move(cast, turn, date(2026, 4, 1))


def test_a_person_who_has_left_is_shown_as_gone(cast):
    activity = make_activity(cast, owner_person=cast.people["jonas"])
    assert not selectors.is_owner_gone(actor=cast.ingvild, activity=activity)
    Membership.unscoped.filter(person=cast.people["jonas"]).update(ended_on=TODAY)
    assert selectors.is_owner_gone(actor=cast.ingvild, activity=activity)
