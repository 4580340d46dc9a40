from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.models import Membership, Person
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.actions.models import Action, ActionEvent, ActionSource, ActionState
from samsyn.actions.rules import CLOSED, OPEN
from samsyn.kernel.errors import NotFound
from samsyn.kernel.limits import id_read
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import people_with
from samsyn.organisations.standing import may_there

OPEN_WORD = "open"
UNCLOSED_WORD = "unclosed"
ME, NOBODY, GONE = "me", "nobody", "gone"
ORPHANED = "orphaned"  # nobody, or somebody who has left
OWN_WORK = "own_work"  # from no finding and no audit
PERSON, ROLE = "p", "r"  # what the choice of an owner begins with


def action_list(
    *,
    actor: Actor,
    organisation: int | None = None,
    state: str = "",
    owner: str = "",
    overdue: bool = False,
    source: str = "",
    area: str = "",
    horizon: str = "",
    priority: int | None = None,
    search: str = "",
    **days: date | None,
) -> QuerySet[Action]:
    """Return actions, the first due first.

    Args:
        actor: sees those of its organisations.
        organisation: id of the organisation.
        state: one state; ``open`` for what is to be done, ``unclosed`` with what is to be checked.
        owner: ``me``, ``nobody``, ``gone`` (has left), ``orphaned`` (one of these two), a
            person as ``p12``, a role as ``rciso``.
        overdue: only those that are late.
        source: one of Source, or ``own_work`` for those from no finding and no audit.
        area: one of Area.
        horizon: one of Horizon.
        priority: one of Priority.
        search: part of what, why or the source.
        days: ``due_after``, due (or to be checked) on this day or later; ``due_before`` this
            day; ``created_after``, proposed on this day or later; ``changed_after``, in its
            state since this day or later.

    """
    rows = Action.objects.visible_to(actor).select_related("organisation", "owner_person")
    exact = {
        "organisation_id": organisation,
        "source": "" if source == OWN_WORK else source,
        "area": area,
        "horizon": horizon,
        "priority": priority,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value not in {None, ""}})
    rows = _in_state(rows, state)
    if source == OWN_WORK:
        rows = rows.exclude(source__in=[ActionSource.FINDING, ActionSource.AUDIT])
    if owner:
        rows = rows.filter(_owned(actor, owner))
    if overdue:
        rows = rows.filter(late(timezone.localdate()))
    rows = rows.filter(*(DAYS[name](day) for name, day in days.items() if day is not None))
    if search:
        rows = rows.filter(
            Q(title__icontains=search) | Q(why__icontains=search) | Q(source_text__icontains=search)
        )
    return rows


def _in_state(rows: QuerySet[Action], state: str) -> QuerySet[Action]:
    if state == OPEN_WORD:
        return rows.filter(state__in=sorted(OPEN))
    if state == UNCLOSED_WORD:
        return rows.filter(state__in=[*sorted(OPEN), ActionState.DONE])
    return rows.filter(state=state) if state else rows


def _owned(actor: Actor, owner: str) -> Q:
    kind, rest = owner[:1], owner[1:]
    if owner == ME:
        return Q(owner_person_id=actor.person_id or 0)
    if owner == GONE:
        return owner_is_gone()
    if owner == NOBODY:
        return _has_no_owner()
    if owner == ORPHANED:
        return _has_no_owner() | owner_is_gone()
    if kind == PERSON and (person := id_read(rest)) is not None:
        return Q(owner_person_id=person)
    return Q(owner_role=rest) if kind == ROLE and rest else Q(pk__in=[])


def _has_no_owner() -> Q:
    return Q(owner_person__isnull=True, owner_role="")


def since(moment: str, day: date) -> Q:
    """Return the condition that a moment was on this day or later, by the reader's clock."""
    return Q(**{f"{moment}__gte": timezone.make_aware(datetime.combine(day, time()))})


def _dated(how: str, day: date) -> Q:
    """Return what is due by this day: undone by its date, done by the date of its check."""
    done = Q(state=ActionState.DONE)
    return (~done & Q(**{f"due_on__{how}": day})) | (done & Q(**{f"effect_due_on__{how}": day}))


DAYS: dict[str, Callable[[date], Q]] = {
    "due_after": partial(_dated, "gte"),
    "due_before": partial(_dated, "lt"),
    "created_after": partial(since, "created_at"),
    "changed_after": partial(since, "state_since"),
}


def late(today: date) -> Q:
    """Return the condition that ``rules.is_overdue`` states, for the database."""
    undone = Q(state__in=sorted(OPEN), due_on__lt=today)
    return undone | Q(state=ActionState.DONE, effect_due_on__lt=today)


def owner_is_gone() -> Q:
    """Return the condition that the owner of an unclosed action has left."""
    return ~Q(state__in=sorted(CLOSED)) & person_is_gone()


def person_is_gone(permission: Permission = Permission.ACTIONS_WORK) -> Q:
    """Return the condition that the ``owner_person`` of an organisation's thing has left.

    They have when they can no longer work on it: the role or the agreement that let them has
    ended, or nobody has assigned them any longer.
    """
    return Q(~may_there("owner_person", permission), owner_person__isnull=False)


def gone_among(*, actor: Actor, actions: Iterable[Action]) -> set[int]:
    """Return the ids of those actions whose owner has left, in one query."""
    keys = [action.pk for action in actions if action.owner_person_id]
    rows = action_list(actor=actor, owner=GONE).filter(pk__in=keys)
    return set(rows.order_by().values_list("pk", flat=True)) if keys else set()


def action_get(*, actor: Actor, pk: int) -> Action:
    """Return one action.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found = action_list(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such action."))
    return found


def event_list(*, actor: Actor, action: Action) -> QuerySet[ActionEvent]:
    """Return what has happened to an action, oldest first."""
    return ActionEvent.objects.visible_to(actor).filter(action=action)


def action_counts(*, actor: Actor, **filters: Any) -> dict[str, int]:
    """Return how many actions there are in each state."""
    rows = action_list(actor=actor, **filters).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def actions_from(*, actor: Actor, kind: str, pk: int) -> QuerySet[Action]:
    """Return the actions that come from one thing."""
    return action_list(actor=actor).filter(source_kind=kind, source_id=pk)


def owners_possible(*, actor: Actor, organisation: Organisation) -> list[Person]:
    """Return who can own an action of an organisation: whoever has a role there that sees it.

    The actor's own name is among them, also when they serve from an operator.
    """
    if not actor.may(Permission.ACTIONS_WORK, organisation.pk):
        return []
    return people_with(actor=actor, organisation=organisation, permission=Permission.ACTIONS_WORK)


@beyond_scope("a reminder goes to whoever holds the role")
def holders_of(*, organisation_id: int, role: str) -> list[Person]:
    """Return who holds a role in an organisation now; for reminders, which nobody asks for."""
    holds = Membership.unscoped.filter(  # scope: a job writes to them
        organisation_id=organisation_id, role=role, ended_on__isnull=True
    )
    return list(Person.objects.filter(pk__in=holds.values("person"), is_active=True))


def has_role(*, actor: Actor, organisation_id: int, role: str) -> bool:
    """Return whether the actor holds a role in an organisation."""
    return Membership.unscoped.filter(  # scope: one's own
        person_id=actor.person_id or 0,
        organisation_id=organisation_id,
        role=role,
        ended_on__isnull=True,
    ).exists()


def owners_of_visible(*, actor: Actor) -> list[Person]:
    """Return the people who own something that the actor sees; for the filter."""
    owned = Action.objects.visible_to(actor).filter(owner_person__isnull=False).order_by()
    return list(Person.objects.filter(pk__in=owned.values("owner_person").distinct()))
