"""The board: a column for each state, and a button on each card for its next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions.models import Action, ActionState
from samsyn.actions.moving import has_say
from samsyn.actions.selectors import ME, action_counts, action_list, gone_among
from samsyn.actions.wording import SHORT, due_html

CARDS_MOST = 20
COLUMNS = (
    ActionState.PROPOSED,
    ActionState.PLANNED,
    ActionState.IN_PROGRESS,
    ActionState.DONE,
    ActionState.CONFIRMED,
)
LATEST_FIRST = frozenset({ActionState.CONFIRMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CardButton:
    """What a card offers: a press that does it, or a page that asks."""

    label: str
    url: str
    is_post: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One action on the board."""

    action: Action
    owner: str
    due: SafeString | str
    buttons: tuple[CardButton, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardColumn:
    """One state with its first cards, and the way to the rest."""

    state: str
    title: Any
    total: int
    cards: tuple[Card, ...]
    more: int
    url: str


def board_columns(*, actor: Actor, **filters: Any) -> list[BoardColumn]:
    """Return the columns of the board, each with what is due first."""
    counts = action_counts(actor=actor, **filters)
    found = {state: _first(actor, state, filters) for state in COLUMNS}
    gone = gone_among(actor=actor, actions=[a for rows in found.values() for a in rows])
    query = address_of(filters)
    return [
        BoardColumn(
            state=state.value,
            title=SHORT[state],
            total=counts.get(state, 0),
            cards=tuple(_card(actor, action, gone) for action in rows),
            more=max(0, counts.get(state, 0) - len(rows)),
            url=f"{reverse('actions:list')}?{urlencode({**query, 'state': state.value})}",
        )
        for state, rows in found.items()
    ]


def _first(actor: Actor, state: ActionState, filters: dict[str, Any]) -> list[Action]:
    order = ("-state_since", "-pk") if state in LATEST_FIRST else ("due_on", "priority", "-pk")
    if state == ActionState.DONE:
        order = ("effect_due_on", "-pk")
    return list(action_list(actor=actor, state=state, **filters).order_by(*order)[:CARDS_MOST])


def _card(actor: Actor, action: Action, gone: set[int]) -> Card:
    owner = action.owner_name or _("nobody yet")
    if action.pk in gone:
        owner = _("%s (has left)") % owner
    due = due_html(action, timezone.localdate()) if action.state != ActionState.CONFIRMED else ""
    return Card(action=action, owner=owner, due=due, buttons=_buttons(actor, action))


def _buttons(actor: Actor, action: Action) -> tuple[CardButton, ...]:
    home = action.organisation_id
    if action.state == ActionState.PROPOSED:
        offered = [(_("Plan it"), "plan", True)]
        may = actor.may(Permission.ACTIONS_CHANGE, home)
    else:
        offered = {
            ActionState.PLANNED: [(_("Begin"), "start", True)],
            ActionState.IN_PROGRESS: [(_("It is done"), "complete", False)],
            ActionState.DONE: [(_("Check the effect"), "check", False)],
        }.get(ActionState(action.state), [])
        may = actor.may(Permission.ACTIONS_WORK, home) and has_say(actor, action)
    if not may:
        return ()
    return tuple(
        CardButton(label=label, url=reverse(f"actions:{name}", args=[action.pk]), is_post=is_post)
        for label, name, is_post in offered
    )


def address_of(filters: dict[str, Any]) -> dict[str, Any]:
    """Return how the list of actions writes the same filters in its address."""
    query = {name: value for name, value in filters.items() if value and name != "owner"}
    return query | ({"mine": "on"} if filters.get("owner") == ME else {})
