# No postponed annotations here: the API reads them when the module is loaded.

from datetime import datetime
from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from samsyn.access.programs import Day, Id, ProgramRequest, fetched
from samsyn.monitoring import selectors

router = Router()
ROWS_MOST = 1000


class ObservationQuery(Schema):
    """Which observations are wanted."""

    report: str = Field("", max_length=64)
    since: Day | None = None
    until: Day | None = None
    organisation: Id | None = None
    address: str = Field("", max_length=64)
    only_unattributed: bool = False
    limit: int = Field(100, ge=1, le=ROWS_MOST)


class ObservationOut(Schema):
    """One observation as programs see it, with the fields as they were received."""

    observed_at: datetime | str
    report: str
    source_ip: str | None
    source_port: int | None
    protocol: str | None
    host_name: str | None
    asn: int | None
    country: str | None
    taxonomy: str
    type: str
    severity: str
    organisation: str | None
    organisation_id: int | None
    raw: dict[str, Any]


class Observations(Schema):
    """At most ``limit`` observations, the newest report first."""

    items: list[ObservationOut]


@router.get("", response=Observations, summary="List observations")
def observation_list(request: ProgramRequest, wanted: Query[ObservationQuery]) -> Any:
    """Return observations of one's organisations; for analysts also what belongs to nobody.

    There is no page two: narrow by day and report instead, or take the files.
    """
    given = wanted.dict()
    limit = given.pop("limit")
    found = selectors.observation_list(
        actor=request.auth,
        wanted=selectors.ObservationFilter(**given),
        limit=limit,
    )
    return {"items": fetched(request, found)}
