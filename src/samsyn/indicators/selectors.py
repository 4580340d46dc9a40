from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import CharField, Max, Q, QuerySet
from django.db.models.functions import Cast, Substr
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.indicators.models import Indicator, Measurement
from samsyn.indicators.rules import (
    IndicatorLight,
    IndicatorTrend,
    LightReason,
    ValuePoint,
    before_of,
    is_fresh,
    trend_of,
    verdict_of,
)
from samsyn.indicators.wording import light_word
from samsyn.kernel.errors import NotFound
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import organisation_where

POINTS_DAYS = 3 * 366  # how far back a list looks: two periods of what is measured yearly
HAND, SAMSYN = "hand", "samsyn"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorStanding:
    """How an indicator stands on a day, with the last value of each month behind it."""

    indicator: Indicator
    value: float | None
    out_of: int | None
    light: IndicatorLight
    reason: LightReason
    trend: IndicatorTrend
    word: str  # the light and why, in the reader's language
    measured_on: date | None
    before: ValuePoint | None
    points: tuple[ValuePoint, ...]

    @property
    def pk(self) -> int:
        """The indicator's id."""
        return self.indicator.pk

    @property
    def owner_id(self) -> int:
        """The id of the organisation whose indicator it is."""
        return self.indicator.owner_id

    def get_absolute_url(self) -> str:
        """Return the indicator's page."""
        return self.indicator.get_absolute_url()


def indicator_list(
    *,
    actor: Actor,
    organisation: int | None = None,
    search: str = "",
    how: str = "",
    is_retired: bool | None = False,
) -> QuerySet[Indicator]:
    """Return indicators, by name.

    Args:
        actor: sees those of its organisations.
        organisation: id of the organisation.
        search: part of the name or the definition.
        how: ``samsyn`` for what Samsyn measures, ``hand`` for the others.
        is_retired: None for all.

    """
    rows: QuerySet[Indicator] = Indicator.objects.visible_to(actor)
    rows = rows.select_related("organisation", "owner_person")
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(definition__icontains=search))
    if how:
        rows = rows.filter(measure="") if how == HAND else rows.exclude(measure="")
    return rows if is_retired is None else rows.filter(is_retired=is_retired)


def indicator_get(*, actor: Actor, pk: int) -> Indicator:
    """Return one indicator.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found = indicator_list(actor=actor, is_retired=None).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such indicator."))
    return found


def measurement_list(*, actor: Actor, indicator: Indicator) -> QuerySet[Measurement]:
    """Return the measurements of an indicator, the newest first."""
    rows: QuerySet[Measurement] = Measurement.objects.visible_to(actor)
    return rows.filter(indicator=indicator).select_related("indicator")


def measurement_get(*, actor: Actor, pk: int) -> Measurement:
    """Return one measurement.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    rows = Measurement.objects.visible_to(actor).select_related("indicator__organisation")
    found: Measurement | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such measurement."))
    return found


def standing(*, actor: Actor, organisation: Organisation, on: date) -> list[IndicatorStanding]:
    """Return how each indicator of an organisation stands on a day, by name; three queries.

    Args:
        actor: sees the organisation's indicators.
        organisation: whose they are.
        on: what was measured later is left out.

    """
    return standings(indicator_list(actor=actor, organisation=organisation.pk), on=on)


def standing_list(
    *,
    actor: Actor,
    on: date,
    organisation: int | None = None,
    light: str = "",
    trend: str = "",
    how: str = "",
    search: str = "",
    is_retired: bool = False,
) -> list[IndicatorStanding]:
    """Return how indicators stand on a day, narrowed also by light and trend; three queries."""
    rows = indicator_list(
        actor=actor, organisation=organisation, search=search, how=how, is_retired=is_retired
    )
    return [
        found
        for found in standings(rows, on=on)
        if (not light or found.light == light) and (not trend or found.trend == trend)
    ]


def standings(indicators: Iterable[Indicator], *, on: date) -> list[IndicatorStanding]:
    """Return how indicators that somebody may see stand on a day."""
    found = list(indicators)
    points = _points([each.pk for each in found], on)
    return [standing_of(each, points[each.pk], on=on) for each in found]


def standing_of(indicator: Indicator, points: list[ValuePoint], *, on: date) -> IndicatorStanding:
    """Return how an indicator stands, from its measurements up to a day, the oldest first."""
    last = points[-1] if points else None
    before = before_of(points, frequency=indicator.frequency)
    verdict = verdict_of(
        last.value if last else None,
        target=indicator.target,
        band=indicator.band,
        direction=indicator.direction,
        is_fresh=last is not None and is_fresh(last.on, on=on, frequency=indicator.frequency),
    )
    value, earlier = last.value if last else None, before.value if before else None
    return IndicatorStanding(
        indicator=indicator,
        value=value,
        out_of=last.out_of if last else None,
        light=verdict.light,
        reason=verdict.reason,
        trend=trend_of(value, earlier, direction=indicator.direction),
        word=light_word(verdict),
        measured_on=last.on if last else None,
        before=before,
        points=tuple(points),
    )


def _points(indicators: list[int], on: date) -> dict[int, list[ValuePoint]]:
    """Return the last measurement of each month, by indicator, the oldest first; two queries.

    First which days those are, from the index alone, then their values: a year of nights is
    thirty times as many rows.
    """
    rows = Measurement.unscoped.filter(  # scope: of indicators that were found in scope
        indicator__in=indicators, on__lte=on, on__gt=on - timedelta(days=POINTS_DAYS)
    )
    # The month as its letters: TruncMonth calls back into Python for each row of SQLite.
    month = Substr(Cast("on", CharField()), 1, 7)
    last = rows.order_by().annotate(month=month).values("indicator", "month")
    days = set(last.annotate(last=Max("on")).values_list("indicator", "last"))
    named = rows.filter(on__in={day for _pk, day in days}).order_by("on").values_list(
        "indicator", "on", "value", "out_of", "source"
    )  # fmt: skip
    found: dict[int, list[ValuePoint]] = defaultdict(list)
    for pk, day, value, out_of, source in named:
        if (pk, day) in days:
            found[pk].append(ValuePoint(day, value, out_of, source))
    return found


def keys_begun(*, actor: Actor, organisation: int) -> set[str]:
    """Return the templates that an organisation has begun with, retired ones too."""
    rows = indicator_list(actor=actor, organisation=organisation, is_retired=None).exclude(key="")
    return set(rows.order_by().values_list("key", flat=True))


def to_measure(*, actor: Actor) -> list[Indicator]:
    """Return the indicators that Samsyn measures, in organisations where the actor may."""
    allowed = actor.organisations_with(Permission.INDICATORS_MEASURE)
    rows = indicator_list(actor=actor, how=SAMSYN).filter(organisation__in=allowed)
    return list(rows.order_by("measure", "pk"))


def indicators_organisation_get(*, actor: Actor, pk: int) -> Organisation:
    """Return an organisation whose indicators the actor may see.

    Raises:
        NotFound: there is none with this id, or the actor may not see its indicators.

    """
    return organisation_where(actor=actor, pk=pk, permission=Permission.INDICATORS_VIEW)
