"""The change log: what is on record of an organisation, for those who may see its trail."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.models import ApiToken, Membership, Person
from samsyn.access.permissions import Permission, lacking
from samsyn.audit.models import Entry
from samsyn.organisations.models import Organisation, OrganisationKind
from samsyn.organisations.selectors import organisation_list

PERSON, TOKEN = Person._meta.label, ApiToken._meta.label
OF_PEOPLE = ("ui.SavedView", "annual_wheel.FeedToken")  # what else is a person's own


def log_organisations(*, actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations whose trail the actor may see."""
    return organisation_list(actor=actor).filter(
        pk__in=actor.organisations_with(Permission.TRAIL_VIEW)
    )


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
    What the console did to somebody's account is shown where they hold a role.

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
        rows = rows.filter(_by(person) | _meant(person))
    if since:
        rows = rows.filter(at__gte=_midnight(since))
    if until:
        rows = rows.filter(at__lt=_midnight(until + timedelta(days=1)))
    return rows.order_by("-number")


def _of(places: QuerySet[Organisation]) -> Q:
    ids = places.order_by().values("pk")
    nowhere = Q(organisation_id__isnull=True)
    own = nowhere & Q(Exists(_member_then(ids, person_id=OuterRef("person_id"))))
    by_nobody = nowhere & Q(person_id__isnull=True)
    own |= by_nobody & _about_people_of(ids)
    if places.filter(
        kind=OrganisationKind.OPERATOR
    ).exists():  # attempts by nobody that is known, and jobs
        own |= by_nobody & ~Q(object_type__in=[PERSON, TOKEN, *OF_PEOPLE]) & ~_unnamed()
    return Q(organisation_id__in=ids) | own


def _about_people_of(ids: Any) -> Q:
    """Return the condition that an entry is about somebody who held a role there then.

    What the console does to an account belongs to no organisation, and names the person.
    """
    whose = {"whose": OuterRef("object_id")}
    people = _member_then(ids).annotate(whose=Cast("person_id", CharField()))
    now = Membership.unscoped.filter(  # scope: narrowed to where the trail may be seen
        organisation__in=ids, ended_on__isnull=True
    )
    theirs = ApiToken.objects.filter(person_id__in=now.values("person_id"))
    tokens = theirs.annotate(whose=Cast("pk", CharField()))
    return Q(Exists(people.filter(**whose)), object_type=PERSON) | Q(
        Exists(tokens.filter(**whose)), object_type=TOKEN
    )


def _unnamed() -> Q:
    """Return the condition that an older entry does not say whose account it is about.

    With several operators it could be anybody's; with one it is shown to its people.
    """
    actions = ["access.factors_remove", "access.sessions_end"]
    if Organisation.unscoped.filter(kind=OrganisationKind.OPERATOR).count() > 1:  # scope: a number
        return Q(action__in=actions, object_type="")
    return Q(pk__in=())


def _member_then(ids: Any, **whose: Any) -> QuerySet[Membership]:
    """Return the roles there that were held at the moment of an entry."""
    day, at = OuterRef("day"), OuterRef("at")
    held = Membership.unscoped.filter(  # scope: narrowed to where the trail may be seen
        Q(given_at__isnull=True, since__lte=day) | Q(given_at__lte=at),
        Q(ended_at__isnull=True) | Q(ended_at__gte=at),
        organisation__in=ids,
        **whose,
    )
    return held.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day))


def _by(person: str) -> Q:
    """Return the condition that somebody of this name did it.

    What belongs to no organisation is asked by the account: how it was signed also names the
    token, which is the person's own.
    """
    nowhere = Q(organisation_id__isnull=True)
    people = Person.objects.filter(Q(name__icontains=person) | Q(email__icontains=person))
    signed = Q(actor__icontains=person) & (~nowhere | Q(person_id__isnull=True))
    return signed | nowhere & Q(person_id__in=people.values("pk"))


def _meant(person: str) -> Q:
    return Q(kind="sign_in", object_type="access.Person", object_name__icontains=person)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(0)))
