# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from ninja import Router, Schema

from samsyn.access.given import Given, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Id, ProgramRequest, needs, opened
from samsyn.benchmark import services
from samsyn.benchmark.rules import half_of
from samsyn.benchmark.selectors import RoundSeen, benchmark_organisation_get, round_get, rounds_seen
from samsyn.benchmark.wording import comparisons_of
from samsyn.organisations.choices import organisation_first

router, rounds = Router(), Router()


class FigureOut(Schema):
    """A figure of a closed round; quartiles are null where it is withheld.

    ``lacking`` is how many more contributors it needs; ``place`` is best, middle or worst.
    """

    key: str
    name: str
    unit: str
    direction: str
    contributors: int
    lacking: int
    low: float | None
    median: float | None
    high: float | None
    own: float | None
    place: str | None


class RoundOut(Schema):
    """A round of the benchmark; ``figures`` only of a closed one that one took part in."""

    round: str
    is_closed: bool
    closed_at: datetime | None
    contributors: int
    is_joined: bool
    figures: list[FigureOut]


class BenchmarkOut(Schema):
    """The rounds of a sector as an organisation sees them, the newest first."""

    organisation_id: int | None
    half_year: str
    rounds: list[RoundOut]


class MemberIn(Given):
    """The member that takes part, or no longer does."""

    organisation_id: Id


class RoundClosed(Schema):
    """A round that is closed."""

    id: int
    key: str
    closed_at: datetime | None


@router.get("", response=BenchmarkOut, summary="See oneself beside the sector")
@needs(Permission.BENCHMARK_VIEW)
def benchmark_get(request: ProgramRequest, organisation: Id | None = None) -> Any:
    """Return the rounds of an organisation's sector; one's own without naming one."""
    today: date = timezone.localdate()
    asked = "" if organisation is None else str(organisation)
    found = organisation_first(
        actor=request.auth, permission=Permission.BENCHMARK_VIEW, asked=asked
    )
    rounds = rounds_seen(actor=request.auth, organisation=opened(request, found)) if found else []
    return {
        "organisation_id": found.pk if found else None,
        "half_year": half_of(today),
        "rounds": [_round(seen) for seen in rounds],
    }


@router.post("/join", response=BenchmarkOut, summary="Take part in the benchmark")
@needs(Permission.BENCHMARK_VIEW, Permission.BENCHMARK_JOIN)
def round_join(request: ProgramRequest, given: MemberIn) -> Any:
    """Take part in the round of this half-year; nothing is read before it is closed."""
    member = benchmark_organisation_get(actor=request.auth, pk=given.organisation_id)
    now, today = timezone.now(), timezone.localdate()
    services.round_join(actor=request.auth, organisation=member, now=now, today=today)
    return benchmark_get(request, organisation=member.pk)


@router.post("/withdraw", response=BenchmarkOut, summary="Withdraw from the benchmark")
@needs(Permission.BENCHMARK_VIEW, Permission.BENCHMARK_JOIN)
def round_withdraw(request: ProgramRequest, given: MemberIn) -> Any:
    """Withdraw from the round of this half-year; the contribution is gone at once."""
    member = benchmark_organisation_get(actor=request.auth, pk=given.organisation_id)
    services.round_withdraw(actor=request.auth, organisation=member, today=timezone.localdate())
    return benchmark_get(request, organisation=member.pk)


@rounds.post("/{pk}/close", response=RoundClosed, summary="Close a round of the benchmark")
@needs(Permission.BENCHMARK_VIEW, Permission.BENCHMARK_CLOSE)
def round_close(request: ProgramRequest, pk: Id) -> Any:
    """Close a round: publish what may be shown, and freeze it."""
    found = unchanged(request, round_get(actor=request.auth, pk=pk))
    now, today = timezone.now(), timezone.localdate()
    return services.round_close(actor=request.auth, found=found, now=now, on=today)


def _round(seen: RoundSeen) -> dict[str, Any]:
    rows = comparisons_of(seen.round, seen.own) if seen.is_told else []
    return {
        "round": seen.round.key,
        "is_closed": seen.round.is_closed,
        "closed_at": seen.round.closed_at,
        "contributors": seen.contributors,
        "is_joined": seen.is_joined,
        "figures": [
            {
                "key": row.key, "name": row.name, "unit": row.unit, "direction": row.direction,
                "contributors": row.published.contributors, "lacking": row.published.lacking,
                "low": row.group.low if row.group else None,
                "median": row.group.median if row.group else None,
                "high": row.group.high if row.group else None,
                "own": row.own, "place": row.place,
            }
            for row in rows
        ],
    }  # fmt: skip
