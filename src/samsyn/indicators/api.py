# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import Given, OneOf, TemplatesIn, seen, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, needs, opened
from samsyn.entities.api import Api
from samsyn.indicators import selectors, services
from samsyn.indicators.entity import INDICATOR
from samsyn.indicators.models import (
    MeasurementSource,
)
from samsyn.indicators.rules import IndicatorLight, IndicatorTrend
from samsyn.indicators.selectors import IndicatorStanding
from samsyn.kernel.limits import INT_LEAST, INT_MOST

Real = Annotated[float, Field(ge=INT_LEAST, le=INT_MOST)]


class IndicatorOut(Schema):
    """An indicator and how it stands; ``light`` is green, amber, red or grey.

    ``trend`` is better, worse, steady or unknown; ``measure`` names what Samsyn computes it
    by, empty for what is measured by hand or through this API.
    """

    id: int
    organisation_id: int
    key: str
    name: str
    definition: str
    unit: str
    direction: str
    target: float | None
    band: float
    measure: str
    frequency: str
    role: str
    owner_person_id: int | None
    is_retired: bool
    value: float | None
    out_of: int | None
    measured_on: date | None
    light: str
    reason: str
    trend: str
    version: int


class IndicatorQuery(Schema):
    """Which indicators are wanted; ``how`` is samsyn or hand."""

    organisation: Id | None = None
    light: Annotated[str, OneOf(IndicatorLight)] = ""
    trend: Annotated[str, OneOf(IndicatorTrend)] = ""
    how: Annotated[str, OneOf(("samsyn", "hand"))] = ""
    search: str = Field("", max_length=100)
    is_retired: bool = False
    on: Day | None = None


class MeasurementOut(Schema):
    """A value of an indicator on a day; ``source`` is hand, api or samsyn."""

    id: int
    on: date
    value: float
    out_of: int | None
    source: str
    noted_at: datetime
    note: str
    version: int


class IndicatorsBegun(Schema):
    """How many were begun."""

    indicators: int


class CorrectionIn(Given):
    """A value as it should have been, from ``version`` or what ``If-Match`` names, and why."""

    value: Real
    out_of: int | None = Field(None, ge=0, le=2_000_000_000)
    note: str = Field(min_length=1, max_length=2000)
    version: Id | None = None


class MeasurementIn(Given):
    """A value to be noted, of one day that has none yet."""

    on: Day
    value: float = Field(ge=INT_LEAST, le=INT_MOST)
    out_of: int | None = Field(None, ge=0, le=2_000_000_000)
    note: str = Field("", max_length=2000)


class IndicatorApi(Api):
    """Shows an indicator with its value and light; ``on`` asks for an earlier day."""

    def out(self) -> Any:
        return IndicatorOut

    def query(self) -> Any:
        return IndicatorQuery

    def rows(self, request: ProgramRequest, wanted: dict[str, Any]) -> Any:
        on = wanted.pop("on") or timezone.localdate()
        found = selectors.standing_list(actor=request.auth, on=on, **wanted)
        return [_shown(each) for each in found]

    def shown(self, thing: Any) -> Any:
        return _shown(selectors.standings([thing], on=timezone.localdate())[0])


router, measurements = Router(), Router()


@router.post("/begin", response=IndicatorsBegun, summary="Begin with templates of indicators")
@needs(Permission.INDICATORS_VIEW, Permission.INDICATORS_CHANGE)
def indicators_begin(request: ProgramRequest, given: TemplatesIn) -> Any:
    """Begin with templates; what was begun before stays as it is."""
    actor, now = request.auth, timezone.now()
    organisation = selectors.indicators_organisation_get(actor=actor, pk=given.organisation_id)
    return services.indicators_begin(
        actor=actor, organisation=organisation, keys=given.keys, now=now
    )


IndicatorApi(INDICATOR, services.DONE).router(first=router)


@measurements.post("/{pk}/correct", response=MeasurementOut, summary="Correct a value")
@needs(Permission.INDICATORS_VIEW, Permission.INDICATORS_MEASURE)
def measurement_correct(request: ProgramRequest, pk: Id, given: CorrectionIn) -> Any:
    """Correct a value and say why; what it was stays on record."""
    found = selectors.measurement_get(actor=request.auth, pk=pk)
    return services.measurement_correct(
        actor=request.auth,
        measurement=found,
        now=timezone.now(),
        seen=seen(request, found, given.version),
        **given.dict(exclude={"version"}),
    )


@router.get(
    "/{pk}/measurements", response=list[MeasurementOut], summary="List an indicator's values"
)
@paginate(Pages)
@needs(Permission.INDICATORS_VIEW)
def measurement_list(request: ProgramRequest, pk: Id) -> Any:
    """Return the values of an indicator, the newest first."""
    indicator = opened(request, selectors.indicator_get(actor=request.auth, pk=pk))
    return selectors.measurement_list(actor=request.auth, indicator=indicator)


@router.post("/{pk}/measurements", response=MeasurementOut, summary="Note a value")
@needs(Permission.INDICATORS_VIEW, Permission.INDICATORS_MEASURE)
def measurement_add(request: ProgramRequest, pk: Id, given: MeasurementIn) -> Any:
    """Note a value that a program has measured."""
    return services.measurement_add(
        actor=request.auth,
        indicator=unchanged(request, selectors.indicator_get(actor=request.auth, pk=pk)),
        now=timezone.now(),
        today=timezone.localdate(),
        source=MeasurementSource.API,
        **given.dict(),
    )


def _shown(found: IndicatorStanding) -> dict[str, Any]:
    indicator = found.indicator
    own = (
        "id", "organisation_id", "key", "name", "definition", "unit", "direction", "target", "band",
        "measure", "frequency", "role", "owner_person_id", "is_retired", "version",
    )  # fmt: skip
    stands = ("value", "out_of", "measured_on", "light", "reason", "trend")
    return {
        **{name: getattr(indicator, name) for name in own},
        **{name: getattr(found, name) for name in stands},
    }
