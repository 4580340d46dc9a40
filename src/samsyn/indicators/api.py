# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import Given, OneOf, unchanged
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, opened
from samsyn.indicators import selectors, services
from samsyn.indicators.models import Source
from samsyn.indicators.rules import Light, Trend
from samsyn.indicators.selectors import Standing
from samsyn.kernel.limits import INT_LEAST, INT_MOST

router = Router()


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
    light: Annotated[str, OneOf(Light)] = ""
    trend: Annotated[str, OneOf(Trend)] = ""
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


class MeasurementIn(Given):
    """A value to be noted, of one day that has none yet."""

    on: Day
    value: float = Field(ge=INT_LEAST, le=INT_MOST)
    out_of: int | None = Field(None, ge=0, le=2_000_000_000)
    note: str = Field("", max_length=2000)


@router.get("", response=list[IndicatorOut], summary="List indicators")
@paginate(Pages)
def indicator_list(request: ProgramRequest, wanted: Query[IndicatorQuery]) -> Any:
    """Return indicators with their value and light, by name; ``on`` asks for an earlier day."""
    given = wanted.dict(exclude={"on"})
    on = wanted.on or timezone.localdate()
    return [_shown(f) for f in selectors.standing_list(actor=request.auth, on=on, **given)]


@router.get("/{pk}", response=IndicatorOut, summary="Get an indicator")
def indicator_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one indicator with its value and light."""
    found = opened(request, selectors.indicator_get(actor=request.auth, pk=pk))
    return _shown(selectors.standings([found], on=timezone.localdate())[0])


@router.get(
    "/{pk}/measurements", response=list[MeasurementOut], summary="List an indicator's values"
)
@paginate(Pages)
def measurement_list(request: ProgramRequest, pk: Id) -> Any:
    """Return the values of an indicator, the newest first."""
    indicator = opened(request, selectors.indicator_get(actor=request.auth, pk=pk))
    return selectors.measurement_list(actor=request.auth, indicator=indicator)


@router.post("/{pk}/measurements", response=MeasurementOut, summary="Note a value")
def measurement_add(request: ProgramRequest, pk: Id, given: MeasurementIn) -> Any:
    """Note a value that a program has measured."""
    return services.measurement_add(
        actor=request.auth,
        indicator=unchanged(request, selectors.indicator_get(actor=request.auth, pk=pk)),
        now=timezone.now(),
        today=timezone.localdate(),
        source=Source.API,
        **given.dict(),
    )


def _shown(found: Standing) -> dict[str, Any]:
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
