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
from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.organisations.models import Agreement
from tests.benchmark.builders import KEY, close, give, join, make_member, make_round
from tests.cast import NOON, TODAY, make_organisation
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
