from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import require_room, require_rough_room
from samsyn.access.models import Person
from samsyn.access.permissions import Permission
from samsyn.access.versions import keep
from samsyn.actions.selectors import owners_possible
from samsyn.annual_wheel.content import ActivityTemplate, template_keys, templates
from samsyn.annual_wheel.making import (
    Made,
    occurrence_kept,
    require_ahead,
    tell_calendars,
    turns_made,
)
from samsyn.annual_wheel.models import (
    Activity,
    FeedToken,
    Occurrence,
    OccurrenceState,
    PlanningMark,
)
from samsyn.annual_wheel.rules import MONTHS_AHEAD, MONTHS_AT_BEGIN, months_of
from samsyn.annual_wheel.selectors import activity_list, keys_begun
from samsyn.documents.selectors import evidence_list
from samsyn.kernel.errors import NotAllowed, RuleViolation

CHANGEABLE = frozenset(
    {
        "title", "output", "area", "role", "owner_person", "together_with", "frequency", "months",
        "from_day", "to_day", "is_shifted", "legal_ground",
    }
)  # fmt: skip


@command(Permission.WHEEL_CHANGE)
def wheel_begin(
    *, actor: Actor, organisation: Any, keys: Collection[str], now: datetime, today: date
) -> Made:
    """Begin with templates of the pack: their activities, and the turns of the next year.

    What the organisation has begun with already is left as it is.

    Args:
        organisation: whose year it is.
        keys: of the templates.
        now: when it is begun.
        today: turns that were due before are not made.

    Raises:
        RuleViolation: no template is chosen, or there is none of that name.

    """
    wanted = set(keys)
    if not wanted:
        raise RuleViolation(_("Choose at least one activity."), field="keys")
    if unknown := wanted - template_keys():
        names = ", ".join(sorted(unknown))
        raise RuleViolation(_("There is no template %s.") % names, field="keys")
    wanted -= keys_begun(actor=actor, organisation=organisation.pk)
    made = Made()
    for template in templates(organisation.language):
        if template.key in wanted:
            activity = _from_template(organisation, template, now)
            made += turns_made(activity, now=now, today=today, months=MONTHS_AT_BEGIN)
    return made


@command(Permission.WHEEL_CHANGE)
def activity_add(
    *, actor: Actor, organisation: Any, now: datetime, today: date, **facts: Any
) -> Activity:
    """Add an activity of the organisation's own, with the turns of the next year.

    Args:
        organisation: whose it is.
        now: when it is added.
        today: turns that were due before are not made.
        facts: see ``CHANGEABLE``.

    Raises:
        RuleViolation: its months do not fit how often it comes, or its person is from elsewhere.

    """
    given = {name: value for name, value in facts.items() if name in CHANGEABLE}
    require_rough_room(
        "activities",
        Activity.unscoped.filter(organisation=organisation),  # scope: a number
    )
    activity = Activity(organisation=organisation, created_at=now, **given)
    _settle(actor, activity)
    activity.save()
    turns_made(activity, now=now, today=today, months=MONTHS_AT_BEGIN)
    return activity


@command(Permission.WHEEL_CHANGE)
def activity_change(
    *,
    actor: Actor,
    activity: Activity,
    now: datetime,
    today: date,
    seen: int | None = None,
    **changes: Any,
) -> Activity:
    """Change an activity. Its coming turns follow; what is done, skipped or late stays.

    Args:
        now: when it is changed.
        today: the first day of what is coming.
        seen: the version that the change was made from; None takes the present one.
        changes: see ``CHANGEABLE``.

    Raises:
        Conflict: somebody else has changed it since ``seen``.
        RuleViolation: its months do not fit how often it comes, or its person is from elsewhere.

    """
    wanted = {name: value for name, value in changes.items() if name in CHANGEABLE}
    changed = [name for name, value in wanted.items() if getattr(activity, name) != value]
    for name in changed:
        setattr(activity, name, wanted[name])
    _settle(actor, activity, is_person_new="owner_person" in changed)
    if changed:
        keep(activity, [*changed, "months"], seen=seen)
        turns_made(activity, now=now, today=today, months=MONTHS_AT_BEGIN)
        tell_calendars(activity, now=now, today=today)
    return activity


@command(Permission.WHEEL_CHANGE)
def activity_stop(*, actor: Actor, activity: Activity, now: datetime, today: date) -> Activity:
    """Stop an activity: its coming turns fall away, the others stay on record.

    Raises:
        RuleViolation: it has stopped already.

    """
    return _go(activity, now, today, goes_on=False)


@command(Permission.WHEEL_CHANGE)
def activity_resume(*, actor: Actor, activity: Activity, now: datetime, today: date) -> Activity:
    """Take an activity up again, from today on.

    Raises:
        RuleViolation: it goes on already.

    """
    return _go(activity, now, today, goes_on=True)


@command(Permission.WHEEL_CHANGE)
def wheel_extend(*, actor: Actor, organisation: Any, now: datetime, today: date) -> Made:
    """Make the coming turns of an organisation's activities, for a year and a half ahead."""
    made = Made()
    for activity in activity_list(actor=actor, organisation=organisation.pk, is_active=True):
        made += turns_made(activity, now=now, today=today, months=MONTHS_AHEAD)
    return made


@command(Permission.WHEEL_WORK)
def occurrence_complete(
    *,
    actor: Actor,
    occurrence: Occurrence,
    now: datetime,
    minutes: str = "",
    seen: int | None = None,
) -> Occurrence:
    """Say that a turn of an activity is done; minutes or evidence show it.

    Args:
        now: when it is said.
        minutes: what was done, seen and agreed; may be empty where there is evidence.
        seen: the version that the reader had; None takes the present one.

    Raises:
        RuleViolation: it is done or skipped already, or neither minutes nor evidence show it.
        Conflict: somebody else was faster.

    """
    require_ahead(occurrence)
    if not minutes.strip() and not evidence_list(actor=actor, thing=occurrence).exists():
        raise RuleViolation(_("Write some minutes, or add evidence first."), field="minutes")
    occurrence.state, occurrence.minutes = OccurrenceState.DONE, minutes.strip()
    occurrence.done_at, occurrence.done_by = now, actor.label[:200]
    return occurrence_kept(occurrence, ["state", "minutes", "done_at", "done_by"], now, seen)


@command(Permission.WHEEL_WORK)
def occurrence_skip(
    *, actor: Actor, occurrence: Occurrence, now: datetime, reason: str, seen: int | None = None
) -> Occurrence:
    """Say that a turn of an activity is skipped, and why.

    Args:
        now: when it is said.
        reason: why.
        seen: the version that the reader had; None takes the present one.

    Raises:
        RuleViolation: it is done or skipped already, or there is no reason.
        Conflict: somebody else was faster.

    """
    require_ahead(occurrence)
    if not reason.strip():
        raise RuleViolation(_("Say why it is skipped."), field="reason")
    occurrence.state, occurrence.skipped_reason = OccurrenceState.SKIPPED, reason.strip()
    occurrence.done_by = actor.label[:200]
    return occurrence_kept(occurrence, ["state", "skipped_reason", "done_by"], now, seen)


@command(Permission.WHEEL_CHANGE)
def occurrence_reopen(*, actor: Actor, occurrence: Occurrence, now: datetime) -> Occurrence:
    """Take back that a turn was done or skipped; the trail keeps what was said.

    Raises:
        RuleViolation: it is neither.

    """
    if occurrence.state == OccurrenceState.AHEAD:
        raise RuleViolation(_("It is neither done nor skipped."))
    occurrence.state, occurrence.done_at, occurrence.done_by = OccurrenceState.AHEAD, None, ""
    occurrence.skipped_reason = ""
    return occurrence_kept(occurrence, ["state", "done_at", "done_by", "skipped_reason"], now, None)


@command(Permission.WHEEL_CHANGE)
def mark_add(
    *, actor: Actor, organisation: Any, kind: str, title: str, from_month: int, to_month: int
) -> PlanningMark:
    """Add a stretch of the organisation's own year, such as the work on its budget.

    Raises:
        RuleViolation: a month is none.

    """
    require_rough_room(
        "marks",
        PlanningMark.unscoped.filter(organisation=organisation),  # scope: a number
    )
    mark = PlanningMark(
        organisation=organisation,
        kind=kind,
        title=title.strip(),
        from_month=from_month,
        to_month=to_month,
    )
    mark.full_clean()
    mark.save()
    return mark


@command(Permission.WHEEL_CHANGE)
def mark_remove(*, actor: Actor, mark: PlanningMark) -> PlanningMark:
    """Remove a mark of the year."""
    mark.delete()
    return mark


@command(None)
def feed_create(
    *, actor: Actor, person: Person, now: datetime, is_own_only: bool = True
) -> FeedToken:
    """Make the secret address of a calendar feed; it is on ``feed.secret`` now and never again.

    Raises:
        NotAllowed: it is for somebody else.
        RuleViolation: there are many already.

    """
    _own(actor, person.pk)
    mine = FeedToken.objects.filter(person=person, revoked_at__isnull=True)
    require_room("feeds", mine, of=person.pk)
    secret = secrets.token_urlsafe(32)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    feed = FeedToken(person=person, digest=digest, is_own_only=is_own_only, created_at=now)
    feed.save()
    feed.secret = secret
    return feed


@command(None)
def feed_end(*, actor: Actor, feed: FeedToken, now: datetime) -> FeedToken:
    """End a calendar feed: its address opens nothing from now on.

    Raises:
        NotAllowed: it is somebody else's.

    """
    _own(actor, feed.person_id)
    feed.revoked_at = now
    feed.save(update_fields=["revoked_at"])
    return feed


def _own(actor: Actor, person_id: int) -> None:
    if actor.person_id != person_id:
        raise NotAllowed(_("This belongs to somebody else."))


def _from_template(organisation: Any, template: ActivityTemplate, now: datetime) -> Activity:
    activity = Activity(
        organisation=organisation,
        key=template.key,
        title=template.title,
        output=template.output,
        area=template.area,
        role=template.role,
        together_with=template.together_with,
        frequency=template.frequency,
        months=list(template.months),
        from_day=template.from_day,
        to_day=template.to_day,
        legal_ground=template.legal_ground,
        created_at=now,
    )
    activity.full_clean(exclude=["organisation"])
    activity.save()
    return activity


def _settle(actor: Actor, activity: Activity, *, is_person_new: bool = True) -> None:
    activity.title = activity.title.strip()
    try:
        activity.months = list(months_of(activity.frequency, activity.months))
    except ValueError as error:
        raise RuleViolation(_wrong_months(activity.frequency), field="months") from error
    person = activity.owner_person
    if person is not None and is_person_new:
        possible = owners_possible(actor=actor, organisation=activity.organisation)
        if person not in possible:
            raise RuleViolation(_("The person has no role here."), field="owner_person")
    activity.full_clean(exclude=["organisation", "owner_person"])


def _wrong_months(frequency: str) -> str:
    if frequency == "quarterly":
        return _("Choose four months, one in each quarter.")
    return _("Choose at least one month.")


def _go(activity: Activity, now: datetime, today: date, *, goes_on: bool) -> Activity:
    if activity.is_active == goes_on:
        said = _("It goes on already.") if goes_on else _("It has stopped already.")
        raise RuleViolation(said)
    activity.is_active = goes_on
    keep(activity, ["is_active"])
    turns_made(activity, now=now, today=today, months=MONTHS_AT_BEGIN)
    return activity
