"""Rounds: joined, withdrawn from, closed and frozen; nobody sees another's values."""

from __future__ import annotations

import json

import pytest

from samsyn.audit.models import Entry
from samsyn.benchmark import services
from samsyn.benchmark.models import Contribution, Round
from samsyn.benchmark.selectors import rounds_seen
from samsyn.benchmark.wording import comparisons_of, says
from samsyn.kernel.errors import NotAllowed, NotFound, RuleViolation
from tests.benchmark.builders import KEY, close, give, join, make_member, make_round
from tests.cast import NOON, TODAY

FIGURE = f"indicator:{KEY}"


def test_a_member_sees_itself_beside_the_quartiles_of_a_closed_round(cast):
    close(cast, make_round(cast))
    (seen,) = rounds_seen(actor=cast.liv, organisation=cast.fjellvik)
    (row,) = comparisons_of(seen.round, seen.own)
    assert (row.own, row.group.low, row.group.median, row.group.high) == (75, 70, 75, 80)
    assert says(row) == "among the middle half"


def test_an_open_round_tells_its_number_and_nothing_else(cast):
    found = make_round(cast)
    (seen,) = rounds_seen(actor=cast.liv, organisation=cast.fjellvik)
    assert (seen.contributors, seen.is_told, seen.own, seen.round.figures) == (5, False, {}, {})
    assert [c.figures for c in Contribution.unscoped.all()] == [{}] * 5
    services.round_withdraw(actor=cast.liv, organisation=cast.fjellvik, today=TODAY)
    assert not Contribution.unscoped.filter(organisation=cast.fjellvik).exists()
    closed = close(cast, found)
    assert closed.published[FIGURE].lacking == 1


def test_whoever_withdraws_in_time_is_in_no_figure(cast):
    found = make_round(cast, values=(60, 70, 80, 90, 100))
    services.round_withdraw(actor=cast.liv, organisation=cast.fjellvik, today=TODAY)
    group = close(cast, found).published[FIGURE].quartiles
    assert (group.low, group.median, group.high) == (70, 80, 90)  # without Fjellvik's 75
    (seen,) = rounds_seen(actor=cast.liv, organisation=cast.fjellvik)
    assert (seen.is_joined, seen.is_told) == (False, False)


def test_a_closed_round_is_frozen(cast):
    found = close(cast, make_round(cast))
    before = found.figures
    for act in (
        lambda: services.round_withdraw(actor=cast.liv, organisation=cast.fjellvik, today=TODAY),
        lambda: join(cast, make_member(cast, "Latecomer", value=1)),
        lambda: close(cast, found),
    ):
        with pytest.raises(RuleViolation, match="closed"):
            act()
    assert Round.unscoped.get().figures == before


def test_one_owner_with_most_of_the_contributions_withholds_a_figure(cast):
    companies = [
        make_member(cast, f"Fjellvik AS {n}", parent="Fjellvik", kind="company", value=50 + n)
        for n in range(3)
    ]
    found = make_round(cast, values=(60, 70))
    join(cast, *companies)
    assert close(cast, found).published[FIGURE].lacking == 2  # four of six are Fjellvik's


def test_nobodys_values_reach_the_operator_or_the_trail(cast):
    make_round(cast, values=(61.7, 62.7, 63.7, 64.7))
    close(cast, Round.unscoped.get())
    (seen,) = rounds_seen(actor=cast.astrid, organisation=cast.samvakt)
    assert seen.is_told
    assert seen.own == {}
    assert not Contribution.objects.visible_to(cast.astrid).exists()
    told = json.dumps(list(Entry.objects.filter(action__startswith="benchmark").values("changes")))
    assert "61.7" not in told
    assert list(Contribution.objects.visible_to(cast.liv)) == list(
        Contribution.unscoped.filter(organisation=cast.fjellvik)
    )


def test_only_what_means_the_same_is_compared(cast):
    from samsyn.indicators.models import Indicator

    found = make_round(cast)
    Indicator.unscoped.filter(organisation=cast.fjellvik).update(direction="down")
    assert close(cast, found).published[FIGURE].contributors == 4


def test_only_a_members_own_people_join_and_only_the_operators_close(cast):
    give(cast, cast.fjellvik, 75)
    for actor in (cast.jonas, cast.astrid, cast.sigrid):
        with pytest.raises(NotAllowed):
            services.round_join(actor=actor, organisation=cast.fjellvik, now=NOON, today=TODAY)
    found = join(cast, cast.fjellvik)
    with pytest.raises(NotAllowed):
        services.round_close(actor=cast.ingvild, found=found, now=NOON, on=TODAY)
    with pytest.raises(RuleViolation, match="already"):
        join(cast, cast.fjellvik)
    with pytest.raises(RuleViolation, match="Only members"):
        join(cast, cast.utmark)
    with pytest.raises(NotFound):
        services.round_withdraw(actor=cast.sigrid, organisation=cast.elvdal, today=TODAY)
    with pytest.raises(NotAllowed):
        rounds_seen(actor=cast.sigrid, organisation=cast.fjellvik)


def test_closing_costs_the_same_however_many_contribute(cast, django_assert_max_num_queries):
    found = make_round(cast, values=tuple(range(20)))
    with django_assert_max_num_queries(22):
        close(cast, found)
