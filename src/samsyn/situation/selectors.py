from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.scoping import beyond
from samsyn.analytics.store import require_files
from samsyn.findings.models import Finding
from samsyn.findings.selectors import finding_list
from samsyn.kernel.errors import NotFound
from samsyn.kernel.periods import Period
from samsyn.organisations.models import Agreement, OrganisationKind, Service
from samsyn.organisations.selectors import member_list
from samsyn.situation.measures import finding_ids
from samsyn.situation.models import Edition, EditionState
from samsyn.situation.rules import digest

FIGURES = ("open", "open_before", "new", "closed")
CUTS = ("", "severity", "taxonomy", "report")
IDS_MOST = 20_000


def edition_list(
    *,
    actor: Actor,
    organisation: int | None = None,
    audience: str = "",
    state: str = "",
    period: str = "",
    sector: bool = False,
) -> QuerySet[Edition]:
    """Return editions, newest first; drafts only for those who may build them there."""
    rows = Edition.objects.visible_to(actor).defer("figures")
    if not actor.sees_all(Permission.SITUATION_BUILD):
        builds = actor.organisations_with(Permission.SITUATION_BUILD)
        rows = rows.filter(Q(state=EditionState.PUBLISHED) | Q(organisation__in=builds))
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    if audience:
        rows = rows.filter(audience=audience)
    if state:
        rows = rows.filter(state=state)
    if period:
        rows = _of_period(rows, period)
    if sector:
        rows = rows.filter(organisation__kind=OrganisationKind.OPERATOR)
    return rows.select_related("organisation")


def edition_get(*, actor: Actor, pk: int) -> Edition:
    """Return one edition with its figures.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found = edition_list(actor=actor).defer(None).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such edition."))
    return found


def editions_of(period: Period, *, owners: Iterable[int]) -> dict[tuple[int, str], Edition]:
    """Return a period's editions by owner and audience; for the service that draws them."""
    rows = Edition.unscoped.filter(  # scope: the gate has checked the operator
        begins_on=period.begins_on, months=period.months, organisation__in=list(owners)
    )
    return {(e.organisation_id, e.audience): e for e in rows.defer("figures")}


def may_open_rows(*, actor: Actor, edition: Edition) -> bool:
    """Return whether the actor may see the findings of all that an edition is about.

    Who sees some of the members would be shown fewer rows than the number says.
    """
    if not edition.is_sector:
        return actor.may(Permission.FINDINGS_VIEW, edition.organisation_id)
    agreements = beyond(Agreement.in_force(), "says only whether all members are seen")
    served = agreements.filter(operator=edition.organisation, service=Service.CSIRT)
    unseen = served.exclude(organisation__in=actor.organisations_with(Permission.FINDINGS_VIEW))
    return served.exists() and not unseen.exists()


def rows_behind(
    *, actor: Actor, edition: Edition, figure: str, cut: str = "", key: str = ""
) -> QuerySet[Finding]:
    """Return the findings behind a number of an edition, as far as the actor may see them.

    Raises:
        NotFound: there is no such number.
        KeptDamaged: the frozen episodes are missing.

    """
    if figure not in FIGURES or cut not in CUTS:
        raise NotFound(_("There is no such number."))
    require_files([edition.frozen_path])
    members: Iterable[int] = [edition.organisation_id]
    if edition.is_sector:
        members = member_list(actor=actor, operator=edition.organisation).values_list(
            "pk", flat=True
        )
    ids = finding_ids(
        edition.frozen_path,
        members=members,
        figure=figure,
        period=edition.period,
        cut=cut,
        key=key,
    )
    return finding_list(actor=actor).filter(pk__in=ids[:IDS_MOST])


def figures_hold(edition: Edition) -> bool:
    """Return whether a published edition still says what it said when it was published."""
    return digest({"figures": edition.figures, "words": edition.words}) == edition.digest


def _of_period(rows: QuerySet[Edition], text: str) -> QuerySet[Edition]:
    try:
        period = Period.read(text)
    except ValueError:
        return rows.none()
    return rows.filter(begins_on=period.begins_on, months=period.months)
