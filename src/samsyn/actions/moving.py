"""What every act on an action shares: moving along the roads, saving what was seen, the history."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.versions import keep
from samsyn.actions.models import Action, ActionEvent, ActionEventKind, ActionState
from samsyn.actions.rules import may_go
from samsyn.actions.selectors import has_role
from samsyn.kernel.errors import NotAllowed, RuleViolation


def move(
    actor: Actor, action: Action, state: ActionState, now: datetime, *, note: str = ""
) -> Action:
    """Lead an action to another state, if there is a road, and tell its history."""
    if not may_go(action.state, state):
        raise RuleViolation(
            _("From “%(now)s” there is no way to “%(then)s”.")
            % {"now": action.get_state_display(), "then": state.label}
        )
    before, action.state, action.state_since = action.state, state, now
    keep(action, ["state", "state_since"])
    tell(actor, action, now, ActionEventKind.MOVED, from_state=before, to_state=state, note=note)
    return action


def follow_decision(actor: Actor, action: Action, outcome: str, now: datetime, note: str) -> None:
    """Let an action follow a decision about it."""
    wanted = {"approved": ActionState.PLANNED, "declined": ActionState.DECLINED}.get(outcome)
    before = action.state
    if wanted and may_go(action.state, wanted):
        action.state, action.state_since = wanted, now
        keep(action, ["state", "state_since"])
    tell(
        actor,
        action,
        now,
        ActionEventKind.DECIDED,
        from_state=before,
        to_state=action.state,
        note=note,
    )


def has_say(actor: Actor, action: Action) -> bool:
    """Return whether the actor owns the action, as a person or by role, or leads the work."""
    if actor.may(Permission.ACTIONS_CHANGE, action.organisation_id):
        return True
    if action.owner_person_id is not None:
        return action.owner_person_id == actor.person_id
    return bool(action.owner_role) and has_role(
        actor=actor, organisation_id=action.organisation_id, role=action.owner_role
    )


def require_say(actor: Actor, action: Action) -> None:
    """Raise NotAllowed unless the actor has a say in the action."""
    if not has_say(actor, action):
        raise NotAllowed(_("Its owner does this, or whoever leads the work."))


def tell(
    actor: Actor,
    action: Action,
    at: datetime,
    kind: ActionEventKind,
    *,
    from_state: str = "",
    to_state: str = "",
    fields: list[str] | None = None,
    note: str = "",
) -> ActionEvent:
    """Write a line into the history of an action."""
    return ActionEvent.unscoped.create(  # scope: of an action found in scope
        action=action,
        at=at,
        kind=kind,
        by=actor.label[:200],
        from_state=from_state,
        to_state=to_state,
        fields=fields or [],
        note=note.strip()[:2000],
    )
