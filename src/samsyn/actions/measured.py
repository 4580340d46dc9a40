"""What indicators may ask of actions, as they stood at the end of any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, CharField, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.actions.models import Action, ActionEvent, ActionState
from samsyn.actions.rules import EFFECT_WINDOW_DAYS, OPEN, OWNED_FROM, local_day
from samsyn.kernel.measuring import Measure, Measured, measure, share


@dataclass(frozen=True, slots=True)
class Stood:
    """How one action stood on a day; its date and owner are those of now."""

    organisation_id: int
    state: str
    due_on: date | None
    has_owner: bool
    effect_due_on: date | None
    effect_result: str
    effect_checked_at: datetime | None


def overdue(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return the share of open actions whose date has passed."""
    return _shares(
        organisations, on,
        whole=lambda a: a.state in OPEN,
        part=lambda a: a.due_on is not None and a.due_on < on,
    )  # fmt: skip


def confirmed(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return the share of actions done that were seen to help, of those to be checked in a year."""
    since = on - timedelta(days=EFFECT_WINDOW_DAYS)

    def is_checked(action: Stood) -> bool:
        at = action.effect_checked_at
        return at is not None and since < local_day(at, timezone.get_current_timezone_name()) <= on

    def is_to_be_checked(action: Stood) -> bool:
        due = action.effect_due_on
        is_waiting = action.state == ActionState.DONE and due is not None and due <= on
        return is_checked(action) or is_waiting

    return _shares(
        organisations, on,
        whole=is_to_be_checked,
        part=lambda a: is_checked(a) and a.effect_result == "yes",
    )  # fmt: skip


def without_owner(organisations: Collection[int], on: date) -> dict[int, Measured]:
    """Return how many decided actions are nobody's, neither a person's nor a role's."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for action in _stood(organisations, on):
        if action.state in OWNED_FROM:
            found[action.organisation_id][0] += not action.has_owner
            found[action.organisation_id][1] += 1
    return {pk: Measured(float(part), whole) for pk, (part, whole) in found.items()}


def _shares(
    organisations: Collection[int],
    on: date,
    *,
    whole: Callable[[Stood], bool],
    part: Callable[[Stood], bool],
) -> dict[int, Measured]:
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for action in _stood(organisations, on):
        if whole(action):
            counts[action.organisation_id][0] += part(action)
            counts[action.organisation_id][1] += 1
    return {pk: found for pk, (some, every) in counts.items() if (found := share(some, every))}


def _stood(organisations: Collection[int], on: date) -> Iterator[Stood]:
    """Yield the actions that were there at the end of a day, in the state that they had then.

    The state is today's if it has not changed since, else the last that its history tells.
    """
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), time()))
    told = ActionEvent.unscoped.filter(action=OuterRef("pk"), at__lt=end)  # scope: counts only
    last = told.exclude(to_state="").order_by("-at", "-pk").values("to_state")[:1]
    state_then = Case(
        When(state_since__lt=end, then=F("state")),
        default=Coalesce(Subquery(last), Value(str(ActionState.PROPOSED))),
        output_field=CharField(),
    )
    rows = Action.unscoped.filter(  # scope: the organisations are given
        organisation__in=list(organisations), created_at__lt=end
    ).annotate(state_then=state_then)
    named = rows.order_by().values_list(
        "organisation", "state_then", "due_on", "owner_person", "owner_role", "effect_due_on",
        "effect_result", "effect_checked_at",
    )  # fmt: skip
    for pk, state, due_on, person, role, check_on, result, at in named.iterator(chunk_size=5000):
        yield Stood(pk, state, due_on, bool(person or role), check_on, result, at)


def measures_register() -> None:
    """Register the measures; when Django starts."""
    for key, word, unit, answer in (
        ("actions.overdue", _("overdue share of open actions"), "percent", overdue),
        ("actions.confirmed", _("share of actions seen to help"), "percent", confirmed),
        ("actions.without_owner", _("decided actions without an owner"), "count", without_owner),
    ):
        measure(Measure(key=key, word=word, unit=unit, answer=answer))
