from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.models import Membership
from samsyn.access.permissions import Permission
from samsyn.actions.selectors import person_is_gone
from samsyn.annual_wheel.models import (
    Activity,
    FeedToken,
    Occurrence,
    OccurrenceState,
    PlanningMark,
)
from samsyn.annual_wheel.rules import AHEAD, DONE, LATE, OPEN, REMOVED, SKIPPED
from samsyn.kernel.errors import NotFound
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import organisation_list, organisation_where

UNSETTLED = "unsettled"
NO_MONTH = 1
# What a list, the wheel and the year show; minutes and reasons are read on their own page.
LISTED = (
    "organisation__name", "month", "opens_on", "due_on", "state", "done_at", "done_by",
    "activity__title", "activity__role", "activity__frequency", "activity__output",
    "activity__area", "activity__owner_person__name", "activity__organisation_id",
)  # fmt: skip


def activity_list(
    *, actor: Actor, organisation: int | None = None, is_active: bool | None = None
) -> QuerySet[Activity]:
    """Return the activities of organisations, by name; only those that go on, or all."""
    rows = Activity.objects.visible_to(actor).select_related("organisation", "owner_person")
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    return rows if is_active is None else rows.filter(is_active=is_active)


def activity_get(*, actor: Actor, pk: int) -> Activity:
    """Return one activity.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found = activity_list(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such activity."))
    return found


def is_owner_gone(*, actor: Actor, activity: Activity) -> bool:
    """Return whether the person whose task it is has left the organisation."""
    if not activity.owner_person_id:
        return False
    return activity_list(actor=actor).filter(person_is_gone(), pk=activity.pk).exists()


def occurrence_list(
    *,
    actor: Actor,
    today: date,
    organisation: int | None = None,
    activity: int | None = None,
    standing: str = "",
    frequency: str = "",
    area: str = "",
    role: str = "",
    mine: bool = False,
    search: str = "",
    due_after: date | None = None,
    due_before: date | None = None,
) -> QuerySet[Occurrence]:
    """Return the turns of activities, the first due first; not those that were removed.

    Args:
        actor: sees those of its organisations.
        today: the day on which something is late or open.
        organisation: id of the organisation.
        activity: id of the activity.
        standing: ahead, open, late, done, skipped, or ``unsettled`` for the first three.
        frequency: monthly, quarterly or yearly.
        area: one of the areas of actions.
        role: whose turn it is.
        mine: only what is the actor's own, as a person or by role.
        search: part of the activity's name or of what comes out of it.
        due_after: due on this day or later.
        due_before: due before this day.

    """
    rows = Occurrence.objects.visible_to(actor).exclude(state=REMOVED)
    rows = rows.select_related("organisation", "activity", "activity__owner_person")
    exact: dict[str, Any] = {
        "organisation_id": organisation,
        "activity_id": activity,
        "activity__frequency": frequency,
        "activity__area": area,
        "activity__role": role,
        "due_on__gte": due_after,
        "due_on__lt": due_before,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value not in {None, ""}})
    rows = rows.filter(_standing(standing, today)) if standing else rows
    if mine:
        rows = rows.filter(own(actor))
    if search:
        rows = rows.filter(
            Q(activity__title__icontains=search) | Q(activity__output__icontains=search)
        )
    return rows


def occurrence_rows(*, actor: Actor, today: date, **narrowed: Any) -> QuerySet[Occurrence]:
    """Return the same as ``occurrence_list``, with only what a list shows."""
    return occurrence_list(actor=actor, today=today, **narrowed).only(*LISTED)


def _standing(standing: str, today: date) -> Q:
    """Return the condition that ``rules.standing_of`` states, for the database."""
    ahead = Q(state=OccurrenceState.AHEAD)
    return {
        UNSETTLED: ahead,
        AHEAD: ahead & Q(opens_on__gt=today),
        OPEN: ahead & Q(opens_on__lte=today, due_on__gte=today),
        LATE: ahead & Q(due_on__lt=today),
        DONE: Q(state=OccurrenceState.DONE),
        SKIPPED: Q(state=OccurrenceState.SKIPPED),
    }.get(standing, Q(pk__in=[]))


def own(actor: Actor) -> Q:
    """Return the condition that a turn is the actor's: as a person, else by a role held there."""
    held = Membership.unscoped.filter(  # scope: one's own
        person_id=actor.person_id or 0, ended_on__isnull=True
    ).values_list("organisation_id", "role")
    by_role = Q(pk__in=[])
    for organisation_id, role in held:
        by_role |= Q(organisation_id=organisation_id, activity__role=role)
    return Q(activity__owner_person_id=actor.person_id or 0) | (
        Q(activity__owner_person__isnull=True) & by_role
    )


def occurrence_get(*, actor: Actor, pk: int) -> Occurrence:
    """Return one turn of an activity.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    rows = Occurrence.objects.visible_to(actor).select_related(
        "organisation", "activity", "activity__owner_person"
    )
    found: Occurrence | None = rows.filter(pk=pk).exclude(state=REMOVED).first()
    if found is None:
        raise NotFound(_("No such activity."))
    return found


def year_of(*, actor: Actor, organisation: int, year: int, today: date) -> list[Occurrence]:
    """Return the turns of an organisation's year, the first due first."""
    rows = occurrence_rows(
        actor=actor,
        today=today,
        organisation=organisation,
        due_after=date(year, 1, 1),
        due_before=date(year + 1, 1, 1),
    )
    return list(rows)


def mark_list(*, actor: Actor, organisation: int | None = None) -> QuerySet[PlanningMark]:
    """Return the marks of an organisation's own year, by month."""
    rows: QuerySet[PlanningMark] = PlanningMark.objects.visible_to(actor)
    rows = rows.select_related("organisation")
    return rows if organisation is None else rows.filter(organisation_id=organisation)


def mark_get(*, actor: Actor, pk: int) -> PlanningMark:
    """Return one mark of a year.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found = mark_list(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such mark."))
    return found


def wheel_organisation_get(*, actor: Actor, pk: int) -> Organisation:
    """Return an organisation whose wheel the actor may see.

    Raises:
        NotFound: there is none with this id, or the actor may not see its wheel.

    """
    return organisation_where(actor=actor, pk=pk, permission=Permission.WHEEL_VIEW)


def keys_begun(*, actor: Actor, organisation: int) -> set[str]:
    """Return the templates that an organisation has begun with."""
    rows = activity_list(actor=actor, organisation=organisation).exclude(key="")
    return set(rows.order_by().values_list("key", flat=True))


def to_extend(*, actor: Actor, until: date) -> list[Organisation]:
    """Return the organisations some of whose activities lack turns up to a month."""
    rows = activity_list(actor=actor, is_active=True).filter(
        Q(made_until__lt=until) | Q(made_until__isnull=True)
    )
    return list(
        organisation_list(actor=actor).filter(pk__in=rows.order_by().values("organisation"))
    )


def feed_list(*, actor: Actor) -> QuerySet[FeedToken]:
    """Return one's own calendar feeds that still work."""
    return FeedToken.objects.filter(person_id=actor.person_id or 0, revoked_at__isnull=True)


def feed_get(*, actor: Actor, pk: int) -> FeedToken:
    """Return one's own calendar feed.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.

    """
    found = feed_list(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such feed."))
    return found


def feed_by_secret(secret: str) -> FeedToken:
    """Return the feed that a secret address opens.

    Raises:
        NotFound: it is none, was ended, or its person may not sign in any more.

    """
    digest = hashlib.sha256(secret.encode()).hexdigest()
    found = FeedToken.objects.select_related("person").filter(digest=digest).first()
    if found is None or found.revoked_at is not None or not found.person.is_active:
        raise NotFound(_("No such feed."))
    return found


def feed_rows(*, actor: Actor, since: date, until: date, is_own_only: bool) -> QuerySet[Occurrence]:
    """Return the turns that a calendar is sent, removed ones too, the first due first."""
    rows = Occurrence.objects.visible_to(actor).filter(due_on__gte=since, due_on__lte=until)
    rows = rows.select_related("organisation", "activity", "activity__owner_person")
    return rows.filter(own(actor)) if is_own_only else rows
