"""Makes members that contribute to a round, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from samsyn.benchmark import services
from samsyn.benchmark.models import Round
from samsyn.indicators.services import indicators_begin, measurement_add
from samsyn.organisations.models import Agreement, Organisation
from tests.cast import NOON, TODAY, Cast, make_organisation

KEY = "training_completion"


def make_member(
    cast: Cast, name: str, *, value: float | None = None, **fields: Any
) -> Organisation:
    """Make a member of the sector, with a share of staff trained if one is given."""
    made = make_organisation(name, **fields)
    if "parent" not in fields:
        Agreement.unscoped.create(
            organisation=made, operator=cast.samvakt, service="csirt", valid_from="2025-01-01"
        )
    if value is not None:
        give(cast, made, value)
    return made


def give(cast: Cast, organisation: Organisation, value: float) -> None:
    """Let an organisation measure its share of staff trained."""
    from samsyn.indicators.models import Indicator

    indicators_begin(actor=cast.job, organisation=organisation, keys=[KEY], now=NOON)
    indicator = Indicator.unscoped.get(organisation=organisation, key=KEY)
    measurement_add(
        actor=cast.job, indicator=indicator, on=TODAY, value=value, now=NOON, today=TODAY
    )


def join(cast: Cast, *members: Organisation) -> Round:
    """Let members take part in the round of the cast's half-year."""
    for member in members:
        services.round_join(actor=cast.job, organisation=member, now=NOON, today=TODAY)
    return Round.unscoped.get()


def make_round(cast: Cast, values: Sequence[float] = (60, 70, 80, 90)) -> Round:
    """Make an open round with Fjellvik (75) and one member for each value."""
    give(cast, cast.fjellvik, 75)
    others = [make_member(cast, f"Member {n}", value=value) for n, value in enumerate(values)]
    return join(cast, cast.fjellvik, *others)


def close(cast: Cast, found: Round) -> Round:
    """Close a round on the cast's day, as the operator's analyst does."""
    return services.round_close(actor=cast.astrid, found=found, now=NOON, on=TODAY)
