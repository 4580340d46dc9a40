"""Who takes part in a round, who is counted when it is closed, and who is told of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.audit.models import Entry
from samsyn.benchmark import selectors, services
from samsyn.benchmark.figures import figures_of
from samsyn.benchmark.models import Contribution, Round
from samsyn.indicators.models import Indicator
from samsyn.indicators.services import indicators_begin, measurement_add
from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.organisations.models import Agreement, Organisation
from tests.benchmark.builders import KEY, close, give, join, make_member, make_round
from tests.cast import NOON, TODAY, make_organisation
from tests.maturity.builders import agree, make_dialogue
from tests.organisations.boundary import second_operator

FIGURE = f"indicator:{KEY}"
YESTERDAY = timezone.localdate() - timedelta(days=1)


def leave(organisation):
    Agreement.unscoped.filter(organisation=organisation).update(valid_until=YESTERDAY)


def seen(actor, organisation):
    return selectors.rounds_seen(actor=actor, organisation=organisation)


# Joining.


def test_who_is_first_opens_the_round_of_the_half_year_and_the_next_joins_it(cast):
    mine = services.round_join(actor=cast.liv, organisation=cast.fjellvik, now=NOON, today=TODAY)
    assert (mine.joined_at, mine.joined_by, mine.figures) == (NOON, cast.liv.label, {})
    found = Round.unscoped.get()
    assert (found.organisation, found.key, found.opened_at) == (cast.samvakt, "2026-H1", NOON)
    later = NOON + timedelta(hours=1)
    services.round_join(actor=cast.sigrid, organisation=cast.elvdal, now=later, today=TODAY)
    assert Round.unscoped.get().opened_at == NOON
    assert Contribution.unscoped.filter(round=found).count() == 2


def test_the_half_year_after_is_another_round(cast):
    join(cast, cast.fjellvik)
    services.round_join(
        actor=cast.liv, organisation=cast.fjellvik, now=NOON, today=TODAY.replace(month=7)
    )
    assert set(Round.unscoped.values_list("key", flat=True)) == {"2026-H1", "2026-H2"}


def test_an_operator_takes_part_in_no_round_though_another_serves_it(cast):
    nordvakt, _sjovik = second_operator(cast)
    Agreement.unscoped.create(
        organisation=cast.samvakt, operator=nordvakt, service="csirt", valid_from=TODAY
    )
    with pytest.raises(RuleViolation, match="Only members"):
        join(cast, cast.samvakt)
    assert not Round.unscoped.exists()


def test_a_company_takes_part_by_the_agreement_of_its_owner(cast):
    assert join(cast, cast.vann).organisation == cast.samvakt


def test_joining_and_withdrawing_are_on_record_at_the_member(cast):
    services.round_join(actor=cast.liv, organisation=cast.fjellvik, now=NOON, today=TODAY)
    services.round_withdraw(actor=cast.liv, organisation=cast.fjellvik, today=TODAY)
    entries = Entry.objects.filter(action__startswith="benchmark").order_by("number")
    assert [entry.action for entry in entries] == [
        "benchmark.round_join",
        "benchmark.round_withdraw",
    ]
    assert {entry.organisation_id for entry in entries} == {cast.fjellvik.pk}


# Withdrawing, and having left.


def test_who_has_not_joined_has_nothing_to_withdraw(cast):
    with pytest.raises(RuleViolation, match="do not take part"):
        services.round_withdraw(actor=cast.sigrid, organisation=cast.elvdal, today=TODAY)
    join(cast, cast.fjellvik)
    with pytest.raises(NotFound, match="does not take part"):
        services.round_withdraw(actor=cast.sigrid, organisation=cast.elvdal, today=TODAY)


def test_who_has_left_the_sector_still_sees_its_round_and_withdraws_from_it(cast):
    join(cast, cast.fjellvik, cast.elvdal)
    leave(cast.fjellvik)
    (shown,) = seen(cast.liv, cast.fjellvik)
    assert (shown.is_joined, shown.is_told, shown.contributors) == (True, False, 2)
    services.round_withdraw(actor=cast.liv, organisation=cast.fjellvik, today=TODAY)
    assert [c.organisation for c in Contribution.unscoped.all()] == [cast.elvdal]
    assert seen(cast.liv, cast.fjellvik) == []


def test_nor_is_it_kept_in_a_round_by_a_new_operator_of_its_own(cast):
    join(cast, cast.fjellvik)
    leave(cast.fjellvik)
    nordvakt, sjovik = second_operator(cast)
    Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=nordvakt, service="csirt", valid_from=TODAY
    )
    services.round_join(actor=cast.job, organisation=sjovik, now=NOON, today=TODAY)
    services.round_withdraw(actor=cast.liv, organisation=cast.fjellvik, today=TODAY)
    assert [c.organisation for c in Contribution.unscoped.all()] == [sjovik]


def test_of_two_rounds_it_withdraws_from_the_one_that_is_open(cast):
    close(cast, join(cast, cast.fjellvik))
    leave(cast.fjellvik)
    nordvakt, _sjovik = second_operator(cast)
    Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=nordvakt, service="csirt", valid_from=TODAY
    )
    services.round_join(actor=cast.liv, organisation=cast.fjellvik, now=NOON, today=TODAY)
    assert selectors.round_now(organisation=cast.fjellvik, today=TODAY).organisation == nordvakt
    services.round_withdraw(actor=cast.liv, organisation=cast.fjellvik, today=TODAY)
    (kept,) = Contribution.unscoped.filter(organisation=cast.fjellvik)
    assert kept.round.organisation == cast.samvakt


def test_who_has_left_is_not_read_when_the_round_is_closed(cast):
    found = make_round(cast, values=(60, 70, 80, 90, 100))
    leave(cast.fjellvik)  # with 75
    closed = close(cast, found)
    group = closed.published[FIGURE].quartiles
    assert (closed.contributors, group.low, group.median, group.high) == (5, 70, 80, 90)
    assert not Contribution.unscoped.filter(organisation=cast.fjellvik).exists()
    entry = Entry.objects.get(action="benchmark.round_close", organisation_id=cast.fjellvik.pk)
    assert entry.object_type == "benchmark.Contribution"
    assert seen(cast.liv, cast.fjellvik) == []


def test_who_leaves_after_the_closing_keeps_what_it_was_told(cast):
    close(cast, make_round(cast))
    leave(cast.fjellvik)
    (shown,) = seen(cast.liv, cast.fjellvik)
    assert (shown.is_told, shown.own) == (True, {FIGURE: 75})


# Who is told.


def test_who_did_not_take_part_is_told_the_number_and_no_more(cast):
    close(cast, make_round(cast))
    (shown,) = seen(cast.sigrid, cast.elvdal)
    assert (shown.contributors, shown.is_joined, shown.is_told, shown.own) == (5, False, False, {})


def test_one_operators_rounds_are_nothing_to_another_nor_to_its_members(cast):
    join(cast, cast.fjellvik)
    nordvakt, _sjovik = second_operator(cast)
    assert seen(cast.nora, nordvakt) == []
    found = Round.unscoped.get()
    assert selectors.round_get(actor=cast.astrid, pk=found.pk) == found
    with pytest.raises(NotFound, match="No such round"):
        selectors.round_get(actor=cast.nora, pk=found.pk)
    with pytest.raises(NotFound):
        selectors.round_keyed(actor=cast.nora, operator=nordvakt, key="2026-H1")
    kept = selectors.round_keyed(actor=cast.astrid, operator=cast.samvakt, key="2026-H1")
    assert kept == found
    with pytest.raises(NotFound, match="no such round"):
        selectors.round_keyed(actor=cast.astrid, operator=cast.samvakt, key="2026-H2")


def test_the_number_of_an_open_round_is_of_that_round_alone(cast):
    join(cast, cast.fjellvik, cast.elvdal)
    services.round_join(
        actor=cast.liv, organisation=cast.fjellvik, now=NOON, today=TODAY.replace(month=7)
    )
    rounds = seen(cast.astrid, cast.samvakt)
    assert [(each.round.key, each.contributors, each.is_told) for each in rounds] == [
        ("2026-H2", 1, False),
        ("2026-H1", 2, False),
    ]


def test_a_members_benchmark_is_opened_by_who_may_see_it_and_an_operator_has_none(cast):
    get = selectors.benchmark_organisation_get
    assert get(actor=cast.liv, pk=cast.fjellvik.pk) == cast.fjellvik
    for actor, organisation in (
        (cast.egil, cast.fjellvik),
        (cast.astrid, cast.fjellvik),
        (cast.sigrid, cast.fjellvik),
        (cast.astrid, cast.samvakt),
        (cast.job, cast.samvakt),
    ):
        with pytest.raises(NotFound):
            get(actor=actor, pk=organisation.pk)


# What is contributed.


def test_all_below_one_owner_are_one_group(cast):
    groups = selectors.groups_of([cast.vann.pk, cast.school.pk, cast.fjellvik.pk, cast.elvdal.pk])
    assert groups == {
        cast.vann.pk: cast.fjellvik.pk,
        cast.school.pk: cast.fjellvik.pk,
        cast.fjellvik.pk: cast.fjellvik.pk,
        cast.elvdal.pk: cast.elvdal.pk,
    }


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ({}, True),
        ({"unit": "days"}, False),
        ({"direction": "down"}, False),
        ({"measure": "other"}, False),
        ({"is_retired": True}, False),
        ({"key": "our_own"}, False),
    ],
)
def test_an_indicator_counts_only_while_it_means_what_it_means_to_all(cast, changed, counts):
    give(cast, cast.fjellvik, 75)
    give(cast, cast.elvdal, 60)
    Indicator.unscoped.filter(organisation=cast.fjellvik).update(**changed)
    found = figures_of([cast.fjellvik.pk, cast.elvdal.pk], on=TODAY)
    assert found.get(cast.fjellvik.pk) == ({FIGURE: 75} if counts else None)
    assert found[cast.elvdal.pk] == {FIGURE: 60}


def test_what_is_read_is_of_those_who_are_asked_about_and_measured_lately(cast):
    give(cast, cast.fjellvik, 75)
    assert figures_of([cast.elvdal.pk], on=TODAY) == {}
    assert figures_of([cast.fjellvik.pk], on=TODAY - timedelta(days=1)) == {}
    assert figures_of([cast.fjellvik.pk], on=TODAY + timedelta(days=3000)) == {}


def test_of_a_dialogue_the_shared_areas_count_that_were_agreed_in_the_latest_closed(cast):
    dialogue = make_dialogue(cast, "meeting")
    agree(cast, dialogue, 3)
    agree(cast, dialogue, 2, key="incidents")
    changed = dialogue.areas.get(key="incidents")
    assert figures_of([cast.fjellvik.pk], on=TODAY) == {}  # it is not closed
    type(dialogue).unscoped.filter(pk=dialogue.pk).update(step="closed", closed_at=NOON)
    assert figures_of([cast.fjellvik.pk], on=TODAY) == {
        cast.fjellvik.pk: {"area:risk": 3.0, "area:incidents": 2.0}
    }
    type(changed).unscoped.filter(pk=changed.pk).update(key="our_own")
    assert figures_of([cast.fjellvik.pk], on=TODAY) == {cast.fjellvik.pk: {"area:risk": 3.0}}
    assert figures_of([cast.fjellvik.pk], on=TODAY - timedelta(days=1)) == {}


def test_an_indicator_without_a_value_keeps_no_other_from_counting(cast):
    indicators_begin(
        actor=cast.job,
        organisation=cast.fjellvik,
        keys=["restore_success", KEY],
        now=NOON,
    )
    for key in ("restore_success", KEY):
        other = Indicator.unscoped.get(organisation=cast.fjellvik, key=key)
        measurement_add(actor=cast.job, indicator=other, on=TODAY, value=75, now=NOON, today=TODAY)
        assert figures_of([cast.fjellvik.pk], on=TODAY)[cast.fjellvik.pk][f"indicator:{key}"] == 75


def test_a_round_says_when_and_by_whom_it_was_closed(cast):
    found = close(cast, make_round(cast))
    kept = Round.unscoped.get()
    assert (kept.closed_at, kept.closed_by, kept.contributors) == (NOON, cast.astrid.label, 5)
    assert kept.figures == found.figures
    entry = Entry.objects.get(action="benchmark.round_close")
    assert entry.organisation_id == cast.samvakt.pk


def test_an_organisation_that_nobody_serves_is_in_no_round(cast):
    make_organisation("Havn")
    make_member(cast, "Vik")
    assert not selectors.operators_of(organisation=cast.utmark.pk).exists()
    assert selectors.round_now(organisation=cast.utmark, today=TODAY) is None


# Two operators and two half-years beside one another.

SUMMER = TODAY.replace(month=7)


@pytest.fixture
def beside(cast):
    """Fjellvik and Elvdal in the first half-year, Elvdal in the second, Sjovik at Nordvakt."""
    _nordvakt, sjovik = second_operator(cast)
    for member, today in (
        (cast.fjellvik, TODAY),
        (cast.elvdal, TODAY),
        (cast.elvdal, SUMMER),
        (sjovik, TODAY),
    ):
        services.round_join(actor=cast.job, organisation=member, now=NOON, today=today)
    rounds = {(r.organisation.name, r.key): r for r in Round.unscoped.all()}
    first, second = rounds["Samvakt", "2026-H1"], rounds["Samvakt", "2026-H2"]
    return cast, first, second, rounds["Nordvakt", "2026-H1"]


def test_the_round_of_now_is_of_that_half_year_and_of_ones_own_sector(beside):
    cast, first, second, third = beside
    now = selectors.round_now
    sjovik = Organisation.unscoped.get(name="Sjovik")
    assert now(organisation=cast.fjellvik, today=TODAY) == first
    assert now(organisation=cast.fjellvik, today=SUMMER) == second
    assert now(organisation=sjovik, today=TODAY) == third
    assert now(organisation=sjovik, today=SUMMER) is None
    assert now(organisation=cast.utmark, today=TODAY) is None


def test_an_organisation_sees_what_it_has_joined_and_nothing_of_others(beside):
    cast, first, second, third = beside
    assert [(s.round, s.is_joined) for s in seen(cast.job, cast.fjellvik)] == [
        (second, False),
        (first, True),
    ]
    assert [(s.round, s.contributors) for s in seen(cast.job, cast.samvakt)] == [
        (second, 1),
        (first, 2),
    ]
    for each in (first, second, third):
        assert selectors.round_get(actor=cast.job, pk=each.pk) == each
    mine = selectors.contribution_of
    found = mine(actor=cast.job, organisation=cast.elvdal, found=second)
    assert (found.organisation, found.round) == (cast.elvdal, second)
    with pytest.raises(NotFound):
        mine(actor=cast.job, organisation=cast.fjellvik, found=second)


def test_closing_one_round_reads_and_changes_no_other(beside):
    cast, first, second, third = beside
    for organisation, value in ((cast.fjellvik, 75), (cast.elvdal, 60)):
        give(cast, organisation, value)
    assert close(cast, first).contributors == 2
    kept = Contribution.unscoped.exclude(round=first)
    assert [c.figures for c in kept] == [{}, {}]
    assert {c.round for c in kept} == {second, third}


def test_who_has_gone_to_another_operator_is_not_read_by_the_one_before(beside):
    cast, first, _second, third = beside
    leave(cast.fjellvik)
    Agreement.unscoped.create(
        organisation=cast.fjellvik,
        operator=third.organisation,
        service="csirt",
        valid_from=TODAY,
    )
    assert close(cast, first).contributors == 1
    assert not Contribution.unscoped.filter(organisation=cast.fjellvik).exists()
    entry = Entry.objects.get(action="benchmark.round_close", organisation_id=cast.fjellvik.pk)
    assert entry.changes["joined_by"] == [cast.job.label, None]


def test_of_two_operators_it_is_the_round_of_the_first(beside):
    cast, first, _second, third = beside
    Agreement.unscoped.create(
        organisation=cast.vann, operator=third.organisation, service="csirt", valid_from=TODAY
    )
    assert selectors.round_now(organisation=cast.vann, today=TODAY) == first
    services.round_join(actor=cast.job, organisation=cast.vann, now=NOON, today=TODAY)
    assert Contribution.unscoped.get(organisation=cast.vann).round == first
    with pytest.raises(RuleViolation, match="already"):
        services.round_join(actor=cast.job, organisation=cast.vann, now=NOON, today=TODAY)


def test_a_closed_round_keeps_its_number_and_one_that_nobody_is_in_has_none(beside):
    cast, first, second, _third = beside
    close(cast, first)
    Contribution.unscoped.all().delete()
    assert [(s.round, s.contributors) for s in seen(cast.astrid, cast.samvakt)] == [
        (second, 0),
        (first, 2),
    ]
