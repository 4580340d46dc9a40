"""The change log: what is on record of an organisation, for those who may see its trail."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.models import Membership
from samsyn.access.permissions import Permission, lacking
from samsyn.audit.models import Entry
from samsyn.organisations.models import Kind, Organisation
from samsyn.organisations.selectors import organisation_list


def log_organisations(*, actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations whose trail the actor may see."""
    return organisation_list(actor=actor).filter(pk__in=actor.reach(Permission.TRAIL_VIEW))


def log_list(
    *,
    actor: Actor,
    organisation: Organisation | int | None = None,
    kind: str = "",
    person: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Entry]:
    """Return what happened at the organisations whose trail the actor may see, newest first.

    That is what was done, opened and taken away there by anybody, and what the organisation's own
    people did that belongs to no organisation, such as signing in, while they held a role there.

    Raises:
        NotAllowed: the actor may see no trail.

    """
    if not actor.may_anywhere(Permission.TRAIL_VIEW):
        raise lacking(Permission.TRAIL_VIEW)
    places = log_organisations(actor=actor)
    if organisation is not None:
        places = places.filter(pk=getattr(organisation, "pk", organisation))
    rows = Entry.objects.alias(day=TruncDate("at")).filter(_of(places))
    if kind:
        rows = rows.filter(kind=kind)
    if person:
        rows = rows.filter(Q(actor__icontains=person) | _meant(person))
    if since:
        rows = rows.filter(at__gte=_midnight(since))
    if until:
        rows = rows.filter(at__lt=_midnight(until + timedelta(days=1)))
    return rows.order_by("-number")


def _of(places: QuerySet[Organisation]) -> Q:
    ids = places.order_by().values("pk")
    nowhere = Q(organisation_id__isnull=True)
    own = nowhere & Q(Exists(_member_then(ids)))
    if places.filter(kind=Kind.OPERATOR).exists():  # attempts by nobody that is known, and jobs
        own |= nowhere & Q(person_id__isnull=True)
    return Q(organisation_id__in=ids) | own


def _member_then(ids: Any) -> QuerySet[Membership]:
    """Return whether the person of an entry held a role there on the day of the entry."""
    day = OuterRef("day")
    held = Membership.unscoped.filter(  # scope: narrowed to where the trail may be seen
        organisation__in=ids, person_id=OuterRef("person_id"), since__lte=day
    )
    return held.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day))


def _meant(person: str) -> Q:
    return Q(kind="sign_in", object_type="access.Person", object_name__icontains=person)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(0)))
