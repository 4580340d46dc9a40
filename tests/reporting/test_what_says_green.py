"""What makes an area green, watched or an act: day by day, and only from what may be seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from samsyn.access.models import Membership
from samsyn.access.permissions import Role
from samsyn.annual_wheel.models import Occurrence
from samsyn.assets.models import Resource
from samsyn.reporting.models import Meeting
from samsyn.reporting.picture import picture_of, state_sentence
from samsyn.reporting.rules import digest
from samsyn.reporting.services.meetings import meeting_freeze
from samsyn.reporting.services.targets import target_decide
from samsyn.reporting.services.telling import area_word_write
from tests.annual_wheel.builders import make_activity
from tests.cast import NOON, TODAY, make_action, make_decision, make_document, make_finding
from tests.maturity.builders import agree, make_dialogue
from tests.reporting.builders import decide, make_meeting, make_proposal, make_target

DAY = timedelta(days=1)
CONFIRMED = {"state": "confirmed", "effect_result": "yes", "effect_checked_at": NOON}


def picture(cast, today=TODAY, who="ingvild"):
    return picture_of(actor=getattr(cast, who), organisation=cast.fjellvik, today=today)


def area(cast, key, **given):
    return next(each for each in picture(cast, **given).areas if each.key == key)


def told(cast, key, **given):
    return [fact.text for fact in area(cast, key, **given).facts]


def asked(cast, **given):
    return [line.text for line in picture(cast, **given).questions]


def changed(cast, **given):
    return [line.text for line in picture(cast, **given).changes]


def judge(cast, key, judged, text="So it is."):
    area_word_write(
        actor=cast.ingvild, organisation=cast.fjellvik, area=key, text=text, judged=judged, now=NOON
    )


def close(dialogue, held_on=TODAY):
    dialogue.step, dialogue.held_on = "closed", held_on
    dialogue.save()


def freeze(cast, **fields):
    return meeting_freeze(actor=cast.ingvild, meeting=make_meeting(cast, **fields), now=NOON)


@pytest.mark.parametrize(("due", "light"), [(0, "good"), (1, "good"), (-1, "watch")])
def test_an_action_is_late_from_the_day_after_its_day(cast, due, light):
    make_action(cast.fjellvik, area="risk", due_on=TODAY + due * DAY)
    facts = area(cast, "programme").facts
    assert next(fact.light for fact in facts if "action" in fact.text) == light


@pytest.mark.parametrize(
    ("late", "total", "light"),
    [(2, 2, "watch"), (3, 9, "act"), (3, 10, "watch"), (0, 1, "good"), (4, 12, "act")],
)
def test_three_late_ones_that_are_a_third_ask_for_an_act(cast, late, total, light):
    for n in range(total):
        make_action(cast.fjellvik, due_on=TODAY - DAY if n < late else TODAY)
    (work,) = [fact for fact in area(cast, "programme").facts if "/" in fact.value]
    assert (work.value, work.light) == (f"{late}/{total}", light)


@pytest.mark.parametrize("closed", [CONFIRMED, {"state": "declined"}])
def test_what_is_closed_is_neither_late_nor_under_way(cast, closed):
    make_action(cast.fjellvik, due_on=TODAY - 100 * DAY, **closed)
    assert told(cast, "programme") == []
    assert area(cast, "programme").light == "unknown"


def test_actions_of_another_organisation_are_not_ours(cast):
    make_action(cast.elvdal, due_on=TODAY - DAY)
    make_action(cast.vann, due_on=TODAY - DAY)
    assert told(cast, "programme") == []


def test_an_action_of_a_finding_or_an_audit_is_told_where_it_comes_from(cast):
    make_action(cast.fjellvik, source="finding", area="risk")
    make_action(cast.fjellvik, source="audit", area="risk", due_on=TODAY - DAY)
    assert told(cast, "audits") == ["1 of 1 actions is late."]
    assert "1 action is under way, and it is not late." in told(cast, "protection")
    assert told(cast, "risks") == []


def test_an_action_whose_owner_has_left_is_watched_and_asked_about(cast):
    make_action(cast.fjellvik, owner_person=cast.people["jonas"])
    assert not any("nobody" in text for text in told(cast, "programme"))
    Membership.unscoped.filter(person=cast.people["jonas"]).update(ended_on=TODAY - DAY)
    assert "1 action has nobody who owns it." in told(cast, "programme")
    assert any("somebody who has left" in text for text in asked(cast))


@pytest.mark.parametrize(("due", "late"), [(0, 0), (-1, 1)])
def test_an_activity_is_late_from_the_day_after_its_day(cast, due, late):
    turn = Occurrence.unscoped.filter(activity=make_activity(cast)).first()
    Occurrence.unscoped.exclude(pk=turn.pk).delete()
    Occurrence.unscoped.filter(pk=turn.pk).update(due_on=TODAY + due * DAY, opens_on=TODAY - DAY)
    (text,) = told(cast, "programme")
    assert text.startswith("0 of 1 activities of the last 12 months are done")
    assert ("1 late" in text) is bool(late)


@pytest.mark.parametrize(("ago", "counts"), [(365, True), (366, False)])
def test_activities_of_the_last_year_count_with_both_its_ends(cast, ago, counts):
    turn = Occurrence.unscoped.filter(activity=make_activity(cast)).first()
    Occurrence.unscoped.exclude(pk=turn.pk).delete()
    Occurrence.unscoped.filter(pk=turn.pk).update(
        due_on=TODAY - ago * DAY, state="done", done_at=NOON
    )
    assert bool(told(cast, "programme")) is counts
    assert not area(cast, "programme", today=TODAY - ago * DAY - DAY).facts


@pytest.mark.parametrize("state", ["skipped", "removed"])
def test_what_was_skipped_or_removed_is_not_owed(cast, state):
    activity = make_activity(cast)
    Occurrence.unscoped.filter(activity=activity).update(
        state=state, due_on=TODAY - DAY, skipped_reason="We were away."
    )
    assert told(cast, "programme") == []


@pytest.mark.parametrize(("days", "light"), [(365, "unknown"), (366, "watch")])
def test_a_policy_is_old_after_a_year_and_never_green_by_itself(cast, home, days, light):
    make_document(cast.fjellvik, kind="policy", effective_on=TODAY - days * DAY)
    (fact,) = area(cast, "external_requirements").facts
    assert (fact.value, fact.light) == ("1", light)
    make_document(cast.fjellvik, b"%PDF-1.7 new", kind="policy", effective_on=TODAY)
    (fact,) = area(cast, "external_requirements").facts
    assert (fact.value, fact.light) == ("2", "unknown")


@pytest.mark.parametrize(
    ("severity", "days", "light"),
    [(4, 30, "watch"), (4, 31, "act"), (3, 300, "watch"), (2, 300, "good")],
)
def test_a_critical_finding_left_for_more_than_thirty_days_asks_for_an_act(
    cast, severity, days, light
):
    make_finding(cast.fjellvik, severity=severity, first_seen_at=NOON - days * DAY)
    assert area(cast, "protection").light == light


def test_no_finding_is_good_only_where_something_is_looked_at(cast):
    Resource.unscoped.all().delete()  # Fjellvik runs one of Elvdal's too
    assert told(cast, "protection") == []
    assert area(cast, "protection").light == "unknown"


def test_a_solved_finding_is_no_longer_open(cast):
    make_finding(cast.fjellvik, severity=4, state="closed", first_seen_at=NOON - 90 * DAY)
    assert area(cast, "protection").light == "good"


@pytest.mark.parametrize(
    ("level", "target", "light"),
    [(2, 3, "watch"), (1, 3, "act"), (3, 3, "good"), (3, None, "good"), (2, None, "watch")],
)
def test_a_level_is_held_against_the_agreed_target(cast, level, target, light):
    dialogue = make_dialogue(cast, "meeting")
    agree(cast, dialogue, level, key="incidents")
    close(dialogue)
    if target:
        draft = make_target(cast, levels={"incidents": target})
        assert picture(cast).levels[0].target is None  # a draft is no target
        target_decide(actor=cast.liv, target=draft, decided_by="Liv", decided_on=TODAY, now=NOON)
    seen = picture(cast)
    assert [(each.today, each.target) for each in seen.levels] == [(level, target)]
    (fact,) = next(each for each in seen.areas if each.key == "incidents").facts
    assert (fact.value, fact.light) == (f"{level}/4", light)


def test_a_dialogue_that_is_not_closed_says_nothing_yet(cast):
    dialogue = make_dialogue(cast, "meeting")
    agree(cast, dialogue, 1)
    assert picture(cast).levels == []
    assert any("first maturity dialogue" in text for text in asked(cast))


@pytest.mark.parametrize(("days", "is_asked"), [(365, False), (366, True)])
def test_the_next_dialogue_is_asked_for_after_a_year(cast, days, is_asked):
    dialogue = make_dialogue(cast, "meeting")
    agree(cast, dialogue, 2)
    close(dialogue, TODAY - days * DAY)
    assert any("When is the next?" in text for text in asked(cast)) is is_asked


@pytest.mark.parametrize("judged", ["good", "watch", "act", "unknown"])
def test_where_nothing_is_kept_the_cisos_word_is_what_is_known(cast, judged):
    judge(cast, "risks", judged)
    assert area(cast, "risks").light == judged
    assert area(cast, "risks").words_from.startswith("Ingvild")


def test_a_good_word_does_not_cover_a_bad_fact(cast):
    make_finding(cast.fjellvik, severity=4, first_seen_at=NOON - 60 * DAY)
    judge(cast, "protection", "good")
    assert area(cast, "protection").light == "act"


def test_good_facts_beside_the_matter_are_not_green(cast):
    make_action(cast.fjellvik, area="risk", due_on=TODAY)
    assert area(cast, "risks").light == "unknown"
    assert area(cast, "risks").missing
    judge(cast, "risks", "good")
    assert area(cast, "risks").light == "good"


def test_an_auditor_and_a_leader_see_the_same_state(cast):
    make_finding(cast.fjellvik, severity=4, first_seen_at=NOON - 60 * DAY)
    make_action(cast.fjellvik, due_on=TODAY - DAY)
    lights = [[each.light for each in picture(cast, who=who).areas]
              for who in ("liv", "ingvild", "revna")]  # fmt: skip
    assert lights[0] == lights[1] == lights[2]
    assert "act" in lights[0]


@pytest.mark.parametrize(("days", "is_asked"), [(-1, False), (0, True), (60, True), (61, False)])
def test_a_decision_is_asked_about_in_its_last_sixty_days(cast, days, is_asked):
    make_decision(
        cast.fjellvik, title="The old till", decided_on=TODAY - 90 * DAY,
        valid_until=TODAY + days * DAY,
    )  # fmt: skip
    assert any("The old till" in text for text in asked(cast)) is is_asked


@pytest.mark.parametrize(("days", "is_asked"), [(0, False), (-1, True)])
def test_an_effect_is_asked_about_from_the_day_after_its_check(cast, days, is_asked):
    make_action(cast.fjellvik, state="done", effect_due_on=TODAY + days * DAY)
    assert any("whether it helped" in text for text in asked(cast)) is is_asked


def test_management_is_asked_of_its_own_work_and_not_of_others(cast):
    late = {"due_on": TODAY - DAY}
    make_action(cast.fjellvik, title="By role", owner_role="leader", **late)
    make_action(cast.fjellvik, title="By name", owner_person=cast.people["liv"], **late)
    make_action(cast.fjellvik, title="Not theirs", owner_role="ciso", **late)
    make_action(cast.fjellvik, title="Not late", owner_role="leader", due_on=TODAY)
    found = {text.split("”")[0].strip("“") for text in asked(cast) if "is ours" in text}
    assert found == {"By role", "By name"}


def test_at_most_three_of_a_kind_and_seven_questions_are_asked(cast):
    for n in range(5):
        make_action(cast.fjellvik, title=f"A{n}", owner_role="leader", due_on=TODAY - DAY)
    assert sum("is ours" in text for text in asked(cast)) == 3
    assert len(asked(cast)) == 7


def test_an_activity_of_managements_own_is_asked_about_when_it_is_late(cast):
    for role in (Role.LEADER, Role.CISO):
        make_activity(cast, title=f"Of the {role}", role=role)
    Occurrence.unscoped.update(due_on=TODAY)
    assert not any("annual wheel" in text for text in asked(cast))
    (text,) = [text for text in asked(cast, today=TODAY + DAY) if "annual wheel" in text]
    assert "Of the leader" in text


def test_questions_of_areas_that_need_an_act_come_before_those_to_watch(cast):
    judge(cast, "incidents", "watch")
    judge(cast, "awareness", "act")
    seen = picture(cast)
    usual = {each.question: each.light for each in seen.areas}
    order = [usual[line.text] for line in seen.questions if line.text in usual]
    assert order[0] == "act"
    assert order == sorted(order, key=["act", "unknown", "watch"].index)


def test_what_changed_counts_from_the_last_frozen_meeting(cast):
    assert picture(cast).since == "2 Dec 2025"  # ninety days, where none has been held
    freeze(cast, held_on=TODAY - 10 * DAY)
    make_meeting(cast, held_on=TODAY - DAY)
    assert picture(cast).since == "20 Feb 2026"
    for days in (11, 10):
        make_decision(cast.fjellvik, decided_on=TODAY - days * DAY)
    assert "1 decision was taken." in changed(cast)


@pytest.mark.parametrize(("days", "is_told"), [(90, True), (91, False)])
def test_work_is_told_from_the_first_day_of_the_time_since(cast, in_their_zone, days, is_told):
    moment = datetime(2026, 3, 1, 23, tzinfo=UTC) - days * DAY  # midnight in Oslo
    make_action(cast.fjellvik, created_at=moment, state_since=NOON)
    make_action(cast.fjellvik, created_at=NOON - 300 * DAY, state="done", state_since=moment,
                effect_due_on=date(2027, 1, 1))  # fmt: skip
    make_action(cast.fjellvik, created_at=NOON - 300 * DAY, state_since=moment, **CONFIRMED)
    said = {"1 action was proposed.", "1 action was done.", "1 action was seen to have helped."}
    assert (said & set(changed(cast))) == (said if is_told else set())


def test_an_area_is_better_or_worse_than_when_management_last_met(cast):
    judge(cast, "incidents", "act")
    judge(cast, "awareness", "good")
    judge(cast, "audits", "watch")
    assert {each.trend for each in picture(cast).areas} == {"first"}
    freeze(cast)
    judge(cast, "incidents", "watch")
    judge(cast, "awareness", "act")
    moved = {each.key: each.trend for each in picture(cast).areas}
    assert (moved["incidents"], moved["awareness"], moved["audits"]) == ("better", "worse", "same")
    assert sum("than last time" in text for text in changed(cast)) == 2


def test_the_sentence_counts_what_is_and_leaves_out_what_is_not(cast):
    assert state_sentence(["act", "watch", "watch", "good"], []) == (
        "Of our 4 areas: 1 needs action, 2 are to be watched, 1 in order."
    )
    waiting = make_proposal(cast)
    decided = decide(cast, make_proposal(cast))
    text = state_sentence(["unknown"], [waiting, decided])
    assert text == "Of our 1 areas: 1 we know too little of. 1 decision waits for you."


def test_the_state_of_another_meeting_is_not_ours(cast):
    freeze(cast)
    assert digest(Meeting.unscoped.get().pack) == Meeting.unscoped.get().digest
    sigrid = picture_of(actor=cast.sigrid, organisation=cast.elvdal, today=TODAY)
    assert {each.trend for each in sigrid.areas} == {"first"}
