# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Router, Schema
from ninja.pagination import paginate
from pydantic import AfterValidator, Field

from samsyn.access.given import Given, OneOf, seen, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Id, Pages, ProgramRequest, needs, opened
from samsyn.kernel.periods import Period
from samsyn.organisations.selectors import operator_with
from samsyn.situation import selectors, services
from samsyn.situation.models import Audience
from samsyn.situation.services import WORDS_MOST

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


class PeriodIn(Given):
    """A period, such as 2026-03, 2026-Q1 or 2026."""

    period: Annotated[str, Field(min_length=4, max_length=8), AfterValidator(_period)]


class BuiltOut(Schema):
    """What was built: how many editions, and how many stayed as they were published."""

    period: str
    members: int
    built: int
    kept: int


class WordsIn(Given):
    """The analyst's words in one language, from ``version`` or what ``If-Match`` names."""

    words: str = Field(max_length=WORDS_MOST)
    language: Annotated[str, OneOf(("sv", "nb", "en"), may_be_empty=False)]
    version: Id | None = None


@router.get("", response=list[EditionOut], summary="List editions")
@paginate(Pages)
@needs(Permission.SITUATION_VIEW)
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


@router.post("/build", response=BuiltOut, summary="Build the situation picture of a period")
@needs(Permission.ORGANISATIONS_VIEW, Permission.SITUATION_BUILD)
def situation_build(request: ProgramRequest, given: PeriodIn) -> Any:
    """Draw the drafts of the operator that the token's person works for, and of its members."""
    actor = request.auth
    operator = operator_with(actor=actor, permission=Permission.SITUATION_BUILD)
    period = Period.read(given.period)
    return services.situation_build(actor=actor, operator=operator, period=period)


@router.get("/{pk}", response=EditionWithFigures, summary="Get an edition")
@needs(Permission.SITUATION_VIEW)
def edition_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one edition with its figures."""
    return opened(request, selectors.edition_get(actor=request.auth, pk=pk))


@router.post("/{pk}/words", response=EditionWithFigures, summary="Write the words of an edition")
@needs(Permission.SITUATION_VIEW, Permission.SITUATION_BUILD)
def edition_write(request: ProgramRequest, pk: Id, given: WordsIn) -> Any:
    """Write the analyst's words in one language, on a draft."""
    found = selectors.edition_get(actor=request.auth, pk=pk)
    version = seen(request, found, given.version)
    facts = given.dict(exclude={"version"})
    return services.edition_write(actor=request.auth, edition=found, seen=version, **facts)


@router.post("/{pk}/publish", response=EditionWithFigures, summary="Publish an edition")
@needs(Permission.SITUATION_VIEW, Permission.SITUATION_BUILD)
def edition_publish(request: ProgramRequest, pk: Id) -> Any:
    """Publish an edition: its figures and words are frozen, and its readers see it."""
    found = unchanged(request, selectors.edition_get(actor=request.auth, pk=pk))
    return services.edition_publish(actor=request.auth, edition=found)
