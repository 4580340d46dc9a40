# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Router, Schema
from ninja.pagination import paginate
from pydantic import AfterValidator

from samsyn.access.given import OneOf
from samsyn.access.programs import Id, Pages, ProgramRequest, opened
from samsyn.kernel.periods import Period
from samsyn.situation import selectors
from samsyn.situation.models import Audience

router = Router()


class EditionOut(Schema):
    """An edition of the situation picture, without its figures."""

    id: int
    organisation_id: int
    audience: str
    begins_on: date
    months: int
    state: str
    label: str
    digest: str
    built_at: datetime
    published_at: datetime | None
    version: int


class EditionWithFigures(EditionOut):
    """An edition with its figures and the analyst's words by language."""

    figures: dict[str, Any]
    words: dict[str, str]


def _period(text: str) -> str:
    """Return the name of a period, such as 2026-03 or 2026-Q1; a wrong one is a ValueError."""
    return str(Period.read(text)) if text else ""


@router.get("", response=list[EditionOut], summary="List editions")
@paginate(Pages)
def edition_list(
    request: ProgramRequest,
    organisation: Id | None = None,
    audience: Annotated[str, OneOf(Audience)] = "",
    period: Annotated[str, AfterValidator(_period)] = "",
) -> Any:
    """Return the editions that the token's person may read."""
    return selectors.edition_list(
        actor=request.auth,
        organisation=organisation,
        audience=audience,
        period=period,
    )


@router.get("/{pk}", response=EditionWithFigures, summary="Get an edition")
def edition_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one edition with its figures."""
    return opened(request, selectors.edition_get(actor=request.auth, pk=pk))
