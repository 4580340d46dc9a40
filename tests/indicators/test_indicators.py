"""Indicators: begun, measured, judged and corrected."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from samsyn.audit.models import Entry
from samsyn.indicators import services
from samsyn.indicators.models import Indicator, Measurement
from samsyn.indicators.selectors import indicator_get, standing, standing_list
from samsyn.kernel.errors import Conflict, NotAllowed, NotFound, RuleViolation
from samsyn.kernel.measuring import MEASURES
from samsyn.organisations.models import Agreement, Assignment
from tests.cast import NOON, TODAY, make_action, make_organisation
from tests.indicators.builders import make_indicator, make_measurement, measure


def begin(cast, *keys):
    return services.indicators_begin(
        actor=cast.ingvild, organisation=cast.fjellvik, keys=keys, now=NOON
    )


def test_templates_are_begun_once_in_the_language_of_the_organisation(cast):
    begin(cast, "restore_success", "actions_overdue")
    assert begin(cast, "restore_success").indicators == 0
    found = Indicator.unscoped.get(key="restore_success")
    assert (found.name, found.target, found.measure) == ("Vellykkede gjenopprettinger", 100, "")
    with pytest.raises(RuleViolation, match="no template"):
        begin(cast, "made_up")
    with pytest.raises(RuleViolation, match="at least one"):
        begin(cast)


def test_every_template_is_measured_in_a_unit_that_its_measure_has():
    from samsyn.indicators.content import templates

    for template in templates("en"):
        if template.measure:
            assert MEASURES[template.measure].unit == template.unit, template.key
    assert {t.measure for t in templates("en")} - {""} == set(MEASURES)


def test_a_standing_says_value_light_trend_and_why(cast):
    measure(cast, [80, 85, 92])
    (found,) = standing(actor=cast.liv, organisation=cast.fjellvik, on=TODAY)
    assert (found.value, found.light, found.trend) == (92, "amber", "better")
    assert found.word == "Amber: Close to the target"
    earlier = standing(actor=cast.liv, organisation=cast.fjellvik, on=TODAY - timedelta(days=32))
    assert (earlier[0].value, earlier[0].light) == (80, "red")
    later = standing(actor=cast.liv, organisation=cast.fjellvik, on=TODAY + timedelta(days=63))
    assert (later[0].light, later[0].reason) == ("grey", "stale")


def test_standings_cost_three_queries_however_many(cast, django_assert_num_queries):
    for number in range(12):
        measure(cast, [1, 2, 3], name=f"Indicator {number}")
    with django_assert_num_queries(4):  # and one for how far the person reaches
        found = standing(actor=cast.liv, organisation=cast.fjellvik, on=TODAY)
    assert len(found) == 12
    assert standing_list(actor=cast.liv, on=TODAY, light="red", trend="better")
    assert not standing_list(actor=cast.liv, on=TODAY, light="green")


def test_a_day_has_one_value_and_a_correction_tells_what_it_was(cast):
    made = make_measurement(cast, value=92)
    with pytest.raises(RuleViolation, match="Correct it"):
        make_measurement(cast, made.indicator, value=93)
    given = {"actor": cast.ingvild, "measurement": made, "value": 29.0, "now": NOON}
    with pytest.raises(RuleViolation, match="why"):
        services.measurement_correct(**given, note=" ")
    services.measurement_correct(**given, note="Digits turned round.")
    changes = Entry.objects.filter(action="indicators.measurement_correct").last().changes
    assert changes["value"] == [92.0, 29.0]
    with pytest.raises(Conflict):
        services.measurement_correct(**given, note="Again.", seen=1)


@pytest.mark.parametrize(
    ("given", "match"),
    [({"value": 101}, "unit"), ({"value": float("nan")}, "unit"),
     ({"value": 5, "on": TODAY + timedelta(days=1)}, "ahead")],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(cast, given, match):
    with pytest.raises(RuleViolation, match=match):
        services.measurement_add(
            actor=cast.ingvild, indicator=make_indicator(cast), now=NOON, today=TODAY,
            **({"on": TODAY} | given),
        )  # fmt: skip


def test_what_samsyn_measures_is_not_written_by_hand(cast):
    indicator = make_indicator(cast, measure="actions.overdue", target=10, direction="down")
    with pytest.raises(RuleViolation, match="by itself"):
        make_measurement(cast, indicator)
    with pytest.raises(RuleViolation, match="another unit"):
        services.indicator_change(actor=cast.ingvild, thing=indicator, unit="days")


def test_a_new_target_is_in_the_trail_and_the_unit_stays_once_measured(cast):
    made = make_measurement(cast)
    indicator = made.indicator
    services.indicator_change(actor=cast.ingvild, thing=indicator, target=98.0, seen=1)
    changes = Entry.objects.filter(action="indicators.indicator_change").last().changes
    assert changes["target"] == [95.0, 98.0]
    with pytest.raises(Conflict):
        services.indicator_change(actor=cast.ingvild, thing=indicator, target=97.0, seen=1)
    with pytest.raises(RuleViolation, match="this unit"):
        services.indicator_change(actor=cast.ingvild, thing=indicator, unit="count")


def test_a_night_measures_everybody_and_once_a_day(cast, django_assert_max_num_queries):
    begin(
        cast, "actions_overdue", "actions_without_owner", "effect_confirmed", "training_completion"
    )
    make_action(cast.fjellvik, due_on=date(2026, 3, 1))
    make_action(cast.fjellvik, due_on=date(2026, 4, 1), owner_person=cast.people["ingvild"])
    for _ in range(2):
        done = services.indicators_measure(actor=cast.job, on=TODAY, now=NOON)
        assert (done.measured, done.nothing) == (2, 1)  # no effect was to be checked yet
    found = {m.indicator.key: (m.value, m.out_of) for m in Measurement.unscoped.all()}
    assert found == {"actions_overdue": (50, 2), "actions_without_owner": (1, 2)}
    for number in range(20):
        other = make_organisation(f"Member {number}")
        make_action(other)
        services.indicators_begin(
            actor=cast.job, organisation=other, keys=["actions_overdue"], now=NOON
        )
    with django_assert_max_num_queries(14):
        assert services.indicators_measure(actor=cast.job, on=TODAY, now=NOON).measured == 22


def test_a_value_by_hand_survives_the_night(cast):
    indicator = make_indicator(cast)
    make_measurement(cast, indicator, value=40)
    services.indicator_change(actor=cast.ingvild, thing=indicator, measure="actions.overdue")
    make_action(cast.fjellvik)
    assert services.indicators_measure(actor=cast.job, on=TODAY, now=NOON).kept == 1
    assert Measurement.unscoped.get().value == 40


def test_a_retired_indicator_rests(cast):
    indicator = make_indicator(cast)
    services.indicator_retire(actor=cast.ingvild, thing=indicator)
    assert standing(actor=cast.ingvild, organisation=cast.fjellvik, on=TODAY) == []
    with pytest.raises(RuleViolation, match="retired"):
        make_measurement(cast, indicator)
    services.indicator_resume(actor=cast.ingvild, thing=indicator)
    assert make_measurement(cast, indicator).pk


def test_an_organisations_indicators_are_its_own(cast):
    indicator = make_indicator(cast)
    for stranger in (cast.sigrid, cast.astrid, cast.ragna):  # not its CSIRT either
        with pytest.raises(NotFound):
            indicator_get(actor=stranger, pk=indicator.pk)
    with pytest.raises(NotAllowed):
        services.indicator_change(actor=cast.jonas, thing=indicator, target=1)
    with pytest.raises(NotAllowed):
        services.measurement_add(
            actor=cast.revna, indicator=indicator, on=TODAY, value=1, now=NOON, today=TODAY
        )
    agreement = Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=cast.samvakt, service="ciso", valid_from="2025-01-01"
    )
    Assignment.unscoped.create(
        organisation=cast.samvakt, person=cast.people["ragna"], service="ciso", agreement=agreement
    )
    services.indicator_change(actor=cast.ragna, thing=indicator, target=90)


def test_an_owner_from_elsewhere_is_refused(cast):
    with pytest.raises(RuleViolation, match="no role"):
        make_indicator(cast, owner_person=cast.people["sigrid"])
    assert make_indicator(cast, owner_person=cast.people["jonas"]).owner_name == "Jonas"
