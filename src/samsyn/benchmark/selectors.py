from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.access.scoping import beyond
from samsyn.benchmark.models import Contribution, Round
from samsyn.benchmark.rules import GroupPosition, Published, half_of
from samsyn.kernel.errors import NotFound
from samsyn.kernel.numbers import Quartiles
from samsyn.organisations.access_scope import agreements_over
from samsyn.organisations.models import Lineage, Organisation, OrganisationKind
from samsyn.organisations.selectors import organisation_where


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One figure: what is published of it, and one's own value beside it."""

    key: str
    name: str
    unit: str
    direction: str
    published: Published
    own: float | None
    place: GroupPosition | None

    @property
    def group(self) -> Quartiles | None:
        """The quartiles; None if they are withheld."""
        return self.published.quartiles


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSeen:
    """A round as somebody may see it: figures only of a closed one that they took part in."""

    round: Round
    contributors: int
    is_joined: bool
    is_told: bool  # whether its figures may be seen
    own: dict[str, float] = field(default_factory=dict)


def operators_of(*, organisation: int) -> QuerySet[Organisation]:
    """Return the operators that serve an organisation now, by its own agreement or one above."""
    rows = Organisation.unscoped.filter(  # scope: of an organisation found in scope
        pk__in=agreements_over(organisation).values("operator")
    )
    return beyond(rows, "an agreement of an organisation above may be the one").order_by("pk")


def round_list(*, actor: Actor, organisation: Organisation) -> QuerySet[Round]:
    """Return the rounds of the sectors that an organisation belongs to, the newest first.

    For an operator its own. A member may see that there is a round, and how many take part;
    one that has left the sector still sees those that it took part in.
    """
    actor.require(Permission.BENCHMARK_VIEW, organisation.pk)
    if organisation.kind == OrganisationKind.OPERATOR:
        rows: QuerySet[Round] = Round.objects.visible_to(actor)
        return rows.filter(organisation=organisation)
    operators = operators_of(organisation=organisation.pk)
    mine = Contribution.unscoped.filter(organisation=organisation)  # scope: of one that is seen
    rows = Round.unscoped.filter(  # scope: of the operators that serve one that is seen
        Q(organisation__in=operators.values("pk")) | Q(pk__in=mine.values("round"))
    )
    return beyond(rows, "the round is the operator's, and its members take part")


def rounds_seen(*, actor: Actor, organisation: Organisation) -> list[RoundSeen]:
    """Return the rounds of an organisation's sector as it may see them, the newest first.

    Figures of a closed round are told to who took part in it, and to the operator; of an
    open one nothing but the number of contributors is told to anybody.
    """
    rounds = list(round_list(actor=actor, organisation=organisation))
    counts = contributors_of([each.pk for each in rounds])
    rows = Contribution.objects.visible_to(actor).filter(organisation=organisation)
    rows = rows.order_by()  # the usual order asks the round, which is the operator's
    mine = {each.round_id: each for each in rows.filter(round__in=rounds)}
    is_operator = organisation.kind == OrganisationKind.OPERATOR
    return [
        RoundSeen(
            round=each,
            contributors=each.contributors if each.is_closed else counts.get(each.pk, 0),
            is_joined=each.pk in mine,
            is_told=each.is_closed and (is_operator or each.pk in mine),
            own=mine[each.pk].figures if each.pk in mine else {},
        )
        for each in rounds
    ]


@beyond_scope("numbers and nothing more")
def contributors_of(rounds: Collection[int]) -> dict[int, int]:
    """Return how many take part in each round; numbers and nothing more."""
    rows = Contribution.unscoped.filter(round__in=list(rounds))  # scope: a number
    return dict(rows.order_by().values_list("round").annotate(n=Count("pk")))


def round_get(*, actor: Actor, pk: int) -> Round:
    """Return a round of an operator for which the actor works.

    Raises:
        NotFound: there is none with this id, or it is another operator's.

    """
    rows: QuerySet[Round] = Round.objects.visible_to(actor).select_related("organisation")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such round."))
    return found


def round_keyed(*, actor: Actor, operator: Organisation, key: str) -> Round:
    """Return an operator's round of a half-year.

    Raises:
        NotFound: there is none.

    """
    found = round_list(actor=actor, organisation=operator).filter(key=key).first()
    if found is None:
        raise NotFound(_("There is no such round."))
    return found


@beyond_scope("the round is the operator's, and its members take part")
def round_now(*, organisation: Organisation, today: date) -> Round | None:
    """Return the round of this half-year that an organisation takes part in, else its sector's.

    It takes part also after it has left the sector, until it withdraws or the round is closed.
    """
    rounds = Round.unscoped.filter(key=half_of(today))  # scope: as above
    mine = Contribution.unscoped.filter(organisation=organisation)  # scope: its own
    joined = list(rounds.filter(pk__in=mine.values("round")).order_by("pk"))
    if joined:
        return next((each for each in joined if not each.is_closed), joined[0])
    operator = operators_of(organisation=organisation.pk).first()
    return rounds.filter(organisation=operator).first() if operator else None


def by_membership(found: Round) -> tuple[list[Contribution], list[Contribution]]:
    """Return the contributions to a round of those that its operator serves now, and the others."""
    covering = agreements_over(OuterRef(OuterRef("organisation")))
    serving = covering.filter(operator=found.organisation_id)
    rows = Contribution.unscoped.filter(round=found)  # scope: they have agreed to it
    rows = rows.annotate(is_member=Exists(serving)).order_by("pk")
    every = list(rows)
    return [c for c in every if c.is_member], [c for c in every if not c.is_member]


def contribution_of(*, actor: Actor, organisation: Organisation, found: Round) -> Contribution:
    """Return an organisation's contribution to a round.

    Raises:
        NotFound: it does not take part.

    """
    rows = Contribution.objects.visible_to(actor).filter(organisation=organisation, round=found)
    mine: Contribution | None = rows.order_by("pk").first()
    if mine is None:
        raise NotFound(_("It does not take part."))
    return mine


def groups_of(organisations: Collection[int]) -> dict[int, int]:
    """Return the topmost owner of each organisation: all below it are one group."""
    rows = Lineage.objects.filter(descendant__in=list(organisations), ancestor__parent=None)
    return dict(rows.values_list("descendant", "ancestor"))


def benchmark_organisation_get(*, actor: Actor, pk: int) -> Organisation:
    """Return a member whose benchmark the actor may see.

    Raises:
        NotFound: there is none with this id, it is an operator, or the actor may not see it.

    """
    found = organisation_where(actor=actor, pk=pk, permission=Permission.BENCHMARK_VIEW)
    if found.kind == OrganisationKind.OPERATOR:
        raise NotFound(_("No such organisation."))
    return found
