"""What is due, late, done and done on time, to the day; and who says so first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from samsyn.access.models import Membership
from samsyn.annual_wheel import selectors, services
from samsyn.annual_wheel.dues import dues_of
from samsyn.annual_wheel.measured import on_time, skipped
from samsyn.annual_wheel.models import Occurrence
from samsyn.annual_wheel.moving import occurrence_move
from samsyn.annual_wheel.rules import YEAR_DAYS
from samsyn.audit.models import Entry
from samsyn.kernel.errors import Conflict, NotAllowed, NotFound, RuleViolation
from tests.annual_wheel.builders import make_activity, make_feed, make_mark, make_occurrence
from tests.cast import NOON, TODAY, make_action, make_decision, make_finding

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 2, 23, tzinfo=UTC)  # where 3 March begins in Oslo


def anew(thing):
    return type(thing).unscoped.get(pk=thing.pk)


def turn_due(cast, due_on=TODAY, **fields):
    """Return the only turn of a new activity, due on a day."""
    turn = make_occurrence(cast)
    Occurrence.unscoped.filter(activity=turn.activity).exclude(pk=turn.pk).delete()
    values = {"due_on": due_on, "opens_on": due_on - 9 * DAY} | fields
    Occurrence.unscoped.filter(pk=turn.pk).update(**values)
    return anew(turn)


def complete(cast, turn, now=NOON, who="ingvild", **more):
    given = {"minutes": "We met."} | more
    return services.occurrence_complete(actor=getattr(cast, who), occurrence=turn, now=now, **given)


def skip(cast, turn, now=NOON, who="ingvild", **more):
    given = {"reason": "We were away."} | more
    return services.occurrence_skip(actor=getattr(cast, who), occurrence=turn, now=now, **given)


def reopen(cast, turn, who="ingvild"):
    return services.occurrence_reopen(actor=getattr(cast, who), occurrence=turn, now=NOON)


def share(cast, on):
    return on_time([cast.fjellvik.pk, cast.elvdal.pk], on).get(cast.fjellvik.pk)


def standing(cast, turn, today):
    for name in ("ahead", "open", "late", "done", "skipped"):
        rows = selectors.occurrence_list(actor=cast.liv, today=today, standing=name)
        if rows.filter(pk=turn.pk).exists():
            yield name


@pytest.mark.parametrize(
    ("days", "says"), [(-10, "ahead"), (-9, "open"), (0, "open"), (1, "late"), (400, "late")]
)
def test_a_turn_is_open_from_its_first_day_and_late_from_the_day_after_its_last(cast, days, says):
    assert list(standing(cast, turn_due(cast), TODAY + days * DAY)) == [says]


def test_what_is_done_or_skipped_is_never_late(cast):
    done, away = complete(cast, turn_due(cast)), skip(cast, turn_due(cast))
    for days in (-20, 0, 20):
        assert list(standing(cast, done, TODAY + days * DAY)) == ["done"]
        assert list(standing(cast, away, TODAY + days * DAY)) == ["skipped"]
    unsettled = selectors.occurrence_list(actor=cast.liv, today=TODAY, standing="unsettled")
    assert not unsettled.exists()
    assert not selectors.occurrence_list(actor=cast.liv, today=TODAY, standing="lost").exists()


@pytest.mark.parametrize(("moment", "part"), [(MIDNIGHT - DAY / 1440, 100.0), (MIDNIGHT, 0.0)])
def test_done_on_its_last_day_is_on_time_and_after_midnight_is_not(
    cast, in_their_zone, moment, part
):
    complete(cast, turn_due(cast), now=moment)
    assert share(cast, TODAY + 2 * DAY).value == part
    assert share(cast, TODAY + 2 * DAY).out_of == 1


def test_what_is_due_today_is_not_counted_until_tomorrow(cast):
    turn_due(cast)
    assert share(cast, TODAY) is None
    assert (share(cast, TODAY + DAY).value, share(cast, TODAY + DAY).out_of) == (0.0, 1)


def test_what_was_done_after_the_day_asked_for_counts_as_not_done_on_it(cast, in_their_zone):
    complete(cast, turn_due(cast, TODAY - 5 * DAY), now=MIDNIGHT)
    assert share(cast, TODAY).value == 0.0
    skip(cast, turn_due(cast, TODAY - 5 * DAY), now=MIDNIGHT)
    assert share(cast, TODAY).out_of == 2  # it was skipped only the day after
    assert share(cast, TODAY + DAY).out_of == 1


@pytest.mark.parametrize(("ago", "counts"), [(YEAR_DAYS - 1, True), (YEAR_DAYS, False)])
def test_only_what_was_due_in_the_last_year_counts(cast, ago, counts):
    turn_due(cast, TODAY - ago * DAY)
    assert (share(cast, TODAY) is not None) is counts


def test_what_is_skipped_has_a_figure_of_its_own_and_what_was_removed_none(cast):
    complete(cast, turn_due(cast, TODAY - DAY), now=NOON - DAY)
    skip(cast, turn_due(cast, TODAY - DAY))
    turn_due(cast, TODAY - DAY, state="removed")
    whose = [cast.fjellvik.pk, cast.elvdal.pk]
    counted = skipped(whose, TODAY)
    assert (counted[cast.fjellvik.pk].value, counted[cast.fjellvik.pk].out_of) == (1.0, 2)
    assert (share(cast, TODAY).value, share(cast, TODAY).out_of) == (100.0, 1)
    assert cast.elvdal.pk not in counted
    assert on_time([cast.elvdal.pk], TODAY) == {}


def test_the_second_of_two_who_settle_a_turn_is_told_and_the_first_stays(cast):
    turn = turn_due(cast)
    others = [anew(turn), anew(turn)]
    skip(cast, turn)
    for late, other in zip((complete, skip), others, strict=True):
        with pytest.raises(Conflict):
            late(cast, other, who="jonas")
    with pytest.raises(RuleViolation, match="done or skipped already"):
        complete(cast, anew(turn))
    kept = anew(turn)
    assert (kept.state, kept.skipped_reason, kept.done_at) == ("skipped", "We were away.", None)


def test_a_form_filled_from_an_older_version_is_refused(cast):
    turn = turn_due(cast)
    for deed in (complete, skip):
        with pytest.raises(Conflict):
            deed(cast, anew(turn), seen=turn.version + 1)
    assert complete(cast, turn, seen=turn.version).state == "done"


@pytest.mark.parametrize("settle", [complete, skip])
def test_what_was_said_by_mistake_is_taken_back_and_can_be_said_anew(cast, settle):
    turn = settle(cast, turn_due(cast))
    reopen(cast, turn)
    kept = anew(turn)
    assert (kept.state, kept.done_at, kept.done_by, kept.skipped_reason) == ("ahead", None, "", "")
    with pytest.raises(RuleViolation, match="neither done nor skipped"):
        reopen(cast, kept)
    assert complete(cast, kept, now=NOON + DAY).done_at == NOON + DAY
    actions = Entry.objects.filter(object_id=str(turn.pk)).values_list("action", flat=True)
    assert "annual_wheel.occurrence_reopen" in actions


def test_words_are_kept_without_blanks_and_refused_at_their_field(cast):
    turn = turn_due(cast)
    for deed, name in ((complete, "minutes"), (skip, "reason")):
        with pytest.raises(RuleViolation) as refused:
            deed(cast, turn, **{name: " \n "})
        assert refused.value.field == name
    assert complete(cast, turn, minutes="  We met. ").minutes == "We met."
    assert skip(cast, turn_due(cast), reason=" Away. ").skipped_reason == "Away."


def test_those_who_work_here_settle_and_move_and_only_who_leads_takes_back(cast):
    move = {"due_on": TODAY, "now": NOON, "today": TODAY}
    for name in ("ingvild", "jonas", "liv"):
        who = getattr(cast, name)
        occurrence_move(actor=who, occurrence=turn_due(cast), **move)
        assert skip(cast, turn_due(cast), who=name).state == "skipped"
    for name in ("revna", "egil", "sigrid", "astrid", "albin"):
        for deed in (complete, skip):
            with pytest.raises(NotAllowed):
                deed(cast, turn_due(cast), who=name)
        with pytest.raises(NotAllowed):
            occurrence_move(actor=getattr(cast, name), occurrence=turn_due(cast), **move)
    done = complete(cast, turn_due(cast))
    for name in ("jonas", "liv", "revna", "sigrid"):
        with pytest.raises(NotAllowed):
            reopen(cast, anew(done), who=name)


def test_a_stranger_finds_neither_wheel_activity_turn_nor_mark(cast):
    turn, mark = turn_due(cast), make_mark(cast)
    for who in (cast.sigrid, cast.astrid, cast.albin):
        for find, pk in (
            (selectors.wheel_organisation_get, cast.fjellvik.pk),
            (selectors.activity_get, turn.activity_id),
            (selectors.occurrence_get, turn.pk),
            (selectors.mark_get, mark.pk),
        ):
            with pytest.raises(NotFound):
                find(actor=who, pk=pk)
    assert selectors.wheel_organisation_get(actor=cast.revna, pk=cast.fjellvik.pk) == cast.fjellvik


def test_a_feed_is_ones_own_to_read_and_end(cast):
    feed = make_feed(cast)
    with pytest.raises(NotFound):
        selectors.feed_get(actor=cast.liv, pk=feed.pk)
    with pytest.raises(NotAllowed, match="somebody else"):
        services.feed_end(actor=cast.liv, feed=feed, now=NOON)
    assert selectors.feed_by_secret(feed.secret) == feed
    services.feed_end(actor=cast.ingvild, feed=feed, now=NOON)
    with pytest.raises(NotFound):
        selectors.feed_by_secret(feed.secret)


@pytest.mark.parametrize(("days", "moves"), [(-1, False), (0, True), (366, True), (367, False)])
def test_a_turn_moves_from_today_to_a_year_after_its_day(cast, days, moves):
    turn = turn_due(cast)
    given = {"actor": cast.jonas, "occurrence": turn, "now": NOON, "today": TODAY}
    if moves:
        occurrence_move(due_on=TODAY + days * DAY, **given)
        assert anew(turn).due_on == TODAY + days * DAY
    else:
        with pytest.raises(RuleViolation) as refused:
            occurrence_move(due_on=TODAY + days * DAY, **given)
        assert refused.value.field == "due_on"


def test_a_turn_moved_before_its_window_opens_on_that_day(cast):
    turn = turn_due(cast, TODAY + 60 * DAY)
    occurrence_move(actor=cast.jonas, occurrence=turn, due_on=TODAY + DAY, now=NOON, today=TODAY)
    kept = anew(turn)
    assert (kept.opens_on, kept.due_on, kept.is_moved) == (TODAY + DAY, TODAY + DAY, True)


def test_stopping_takes_what_is_ahead_and_leaves_what_is_late_or_due_today_as_it_is(cast):
    activity = make_activity(cast)
    turns = list(Occurrence.unscoped.filter(activity=activity).order_by("due_on")[:3])
    Occurrence.unscoped.filter(pk=turns[0].pk).update(due_on=TODAY - DAY, opens_on=TODAY - DAY)
    services.activity_stop(actor=cast.ingvild, activity=activity, now=NOON, today=TODAY)
    states = [anew(turn).state for turn in turns]
    assert states == ["ahead", "removed", "removed"]
    with pytest.raises(RuleViolation, match="stopped already"):
        services.activity_stop(actor=cast.ingvild, activity=activity, now=NOON, today=TODAY)
    services.activity_resume(actor=cast.ingvild, activity=activity, now=NOON, today=TODAY)
    with pytest.raises(RuleViolation, match="goes on already"):
        services.activity_resume(actor=cast.ingvild, activity=activity, now=NOON, today=TODAY)


def test_of_two_who_stop_and_change_an_activity_the_second_is_told(cast):
    activity = make_activity(cast)
    other = anew(activity)
    services.activity_stop(actor=cast.ingvild, activity=activity, now=NOON, today=TODAY)
    with pytest.raises(Conflict):
        services.activity_change(
            actor=cast.ingvild, activity=other, now=NOON, today=TODAY, title="Other"
        )
    assert anew(activity).title == "Test copies"


def test_a_change_of_nothing_changes_no_version(cast):
    activity = make_activity(cast)
    services.activity_change(
        actor=cast.ingvild, activity=activity, now=NOON, today=TODAY, title=activity.title
    )
    assert anew(activity).version == 1


def test_a_year_holds_its_first_and_last_day_and_no_other(cast):
    turn = turn_due(cast)
    for day, found in ((date(2026, 1, 1), True), (date(2026, 12, 31), True),
                       (date(2025, 12, 31), False), (date(2027, 1, 1), False)):  # fmt: skip
        Occurrence.unscoped.filter(pk=turn.pk).update(due_on=day)
        rows = selectors.year_of(
            actor=cast.liv, organisation=cast.fjellvik.pk, year=2026, today=TODAY
        )
        assert (turn in rows) is found, day


def test_what_is_mine_ends_with_the_role(cast):
    turn = turn_due(cast)

    def mine():
        rows = selectors.occurrence_list(actor=cast.ingvild, today=TODAY, mine=True)
        return rows.filter(pk=turn.pk).exists()

    assert mine()
    Membership.unscoped.filter(person=cast.people["ingvild"]).update(ended_on=TODAY - DAY)
    assert not mine()


@pytest.mark.parametrize(("days", "found"), [(-1, False), (0, True), (9, True), (10, False)])
def test_what_other_rooms_have_due_is_shown_on_both_ends_of_the_stretch(cast, days, found):
    day = TODAY + days * DAY
    make_action(cast.fjellvik, title="Work", due_on=day)
    make_action(cast.fjellvik, title="Check", state="done", effect_due_on=day)
    make_decision(cast.fjellvik, title="Runs out", decided_on=TODAY - 90 * DAY, valid_until=day)
    make_finding(cast.fjellvik, answer_kind="planned", answer_until=day, answered_at=NOON)
    dues = dues_of(
        actor=cast.ingvild, since=TODAY, until=TODAY + 9 * DAY, organisation=cast.fjellvik.pk
    )
    kinds = sorted(due.kind for due in dues)
    assert kinds == (["action", "check", "promise", "runs_out"] if found else [])
    assert {due.on for due in dues} <= {day}
    assert [due.is_late(day) for due in dues] == [False] * len(dues)
    assert all(due.is_late(day + DAY) for due in dues)


def test_what_others_have_due_is_not_shown_to_a_stranger(cast):
    make_action(cast.fjellvik, due_on=TODAY)
    make_decision(cast.fjellvik, valid_until=TODAY)
    assert dues_of(actor=cast.sigrid, since=TODAY - DAY, until=TODAY + DAY) == []


def test_two_that_were_skipped_count_as_two(cast):
    for _n in range(2):
        skip(cast, turn_due(cast, TODAY - DAY))
    counted = skipped([cast.fjellvik.pk], TODAY)[cast.fjellvik.pk]
    assert (counted.value, counted.out_of) == (2.0, 2)


def test_a_late_turn_moves_up_to_a_year_from_today(cast):
    turn = turn_due(cast, TODAY - 100 * DAY)
    given = {"actor": cast.jonas, "occurrence": turn, "now": NOON, "today": TODAY}
    with pytest.raises(RuleViolation, match="within a year"):
        occurrence_move(due_on=TODAY + 367 * DAY, **given)
    occurrence_move(due_on=TODAY + 366 * DAY, **given)
    assert list(standing(cast, turn, TODAY)) == ["open"]


def test_nothing_is_mine_without_a_role_here(cast):
    turn_due(cast)
    rows = selectors.occurrence_list(actor=cast.job, today=TODAY, mine=True)
    assert not rows.exists()


def test_what_was_removed_is_in_no_list(cast):
    turn = turn_due(cast, state="removed")
    rows = selectors.occurrence_list(actor=cast.ingvild, today=TODAY)
    assert not rows.filter(pk=turn.pk).exists()
    with pytest.raises(NotFound):
        selectors.occurrence_get(actor=cast.ingvild, pk=turn.pk)


def test_activities_that_go_on_are_told_from_those_that_have_stopped(cast):
    going, stopped = make_activity(cast), make_activity(cast, title="Stopped")
    services.activity_stop(actor=cast.ingvild, activity=stopped, now=NOON, today=TODAY)
    for is_active, found in ((True, [going]), (False, [stopped]), (None, [stopped, going])):
        rows = selectors.activity_list(actor=cast.liv, is_active=is_active)
        assert list(rows) == found


def test_calendars_fetch_what_is_coming_anew_when_an_activity_is_renamed(cast):
    late = turn_due(cast, TODAY - DAY)
    services.wheel_extend(actor=cast.ingvild, organisation=cast.fjellvik, now=NOON, today=TODAY)
    coming = Occurrence.unscoped.filter(activity=late.activity, due_on__gte=TODAY).first()
    services.activity_change(
        actor=cast.ingvild, activity=anew(late.activity), now=NOON, today=TODAY, title="Other"
    )
    assert anew(late.activity).title == "Other"
    assert anew(coming).version == coming.version + 1
    assert anew(late).version == late.version


def test_a_feed_is_made_for_oneself_and_found_among_others(cast):
    with pytest.raises(NotAllowed, match="somebody else"):
        services.feed_create(actor=cast.ingvild, person=cast.people["liv"], now=NOON)
    first, second = make_feed(cast), make_feed(cast)
    for feed in (first, second):
        assert selectors.feed_by_secret(feed.secret) == feed
    with pytest.raises(NotFound):
        selectors.feed_by_secret("no such secret")
    assert set(selectors.feed_list(actor=cast.ingvild)) == {first, second}
    assert not selectors.feed_list(actor=cast.liv).exists()
