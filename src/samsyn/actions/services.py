from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import require_rough_room
from samsyn.access.permissions import Permission
from samsyn.access.versions import keep
from samsyn.actions.models import (
    SOURCE_KINDS,
    Action,
    ActionEvent,
    ActionEventKind,
    ActionSource,
    ActionState,
    EffectResult,
)
from samsyn.actions.moving import has_say, move, require_say, tell
from samsyn.actions.rules import (
    AFTER_CHECK,
    CLOSED,
    OPEN,
    check_due_on,
    horizon_of,
    may_go,
    months_later,
    state_after_check,
)
from samsyn.actions.selectors import owners_possible
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.refs import KINDS, ref_of

CHANGEABLE = frozenset(
    {
        "title", "why", "how", "area", "owner_person", "owner_role", "due_on", "horizon",
        "priority", "cost", "effort_days", "effect_question", "effect_due_on",
    }
)  # fmt: skip


@command(Permission.ACTIONS_WORK)
def action_propose(
    *,
    actor: Actor,
    organisation: Any,
    title: str,
    now: datetime,
    thing: Any = None,
    source: str = ActionSource.OWN,
    source_text: str = "",
    **facts: Any,
) -> Action:
    """Propose an action: what, why, how, who and when.

    Args:
        organisation: whose action it is.
        title: what is to be done.
        now: when it is proposed.
        thing: what it comes from, of the same organisation.
        source: what sort of thing that is, where the thing itself does not say.
        source_text: the same in words.
        facts: what else is known; see ``CHANGEABLE``.

    Raises:
        RuleViolation: it has both a person and a role, or an owner from elsewhere.

    """
    require_rough_room(
        "actions",
        Action.unscoped.filter(organisation=organisation),  # scope: a number
    )
    action = Action(
        organisation=organisation,
        title=title.strip(),
        source=source,
        source_text=source_text.strip(),
        created_at=now,
        state_since=now,
        **{name: value for name, value in facts.items() if name in CHANGEABLE},
    )
    if thing is not None:
        _come_from(action, thing)
    _settle(actor, action)
    action.save()
    tell(actor, action, now, ActionEventKind.PROPOSED, to_state=action.state)
    return action


@command(Permission.ACTIONS_CHANGE)
def action_change(
    *, actor: Actor, action: Action, now: datetime, seen: int | None = None, **changes: Any
) -> Action:
    """Change what is said of an action.

    Args:
        now: when it is changed.
        seen: the version that the change was made from; None takes the present one.
        changes: see ``CHANGEABLE``.

    Raises:
        Conflict: somebody else has changed it since ``seen``.
        RuleViolation: it is closed, has both a person and a role, or an owner from elsewhere.

    """
    if action.state in CLOSED:
        raise RuleViolation(_("A closed action is not changed any more."))
    wanted = {name: value for name, value in changes.items() if name in CHANGEABLE}
    changed = [name for name, value in wanted.items() if getattr(action, name) != value]
    for name in changed:
        setattr(action, name, wanted[name])
    _settle(actor, action, is_owner_new="owner_person" in changed)
    keep(action, [*changed, "horizon"], seen=seen)
    if changed:
        tell(actor, action, now, ActionEventKind.CHANGED, fields=changed)
    return action


@command(Permission.ACTIONS_WORK)
def action_take(*, actor: Actor, action: Action, now: datetime) -> Action:
    """Make the actor the owner of an action.

    Raises:
        RuleViolation: it is closed, somebody else owns it, or a job tries.

    """
    if not _can_take(actor, action):
        raise RuleViolation(_("It is closed, or somebody else owns it."))
    action.owner_person_id, action.owner_role = actor.person_id, ""
    keep(action, ["owner_person", "owner_role"])
    tell(actor, action, now, ActionEventKind.CHANGED, fields=["owner_person"])
    return action


@command(Permission.ACTIONS_CHANGE)
def action_plan(*, actor: Actor, action: Action, now: datetime) -> Action:
    """Say that a proposed action is to be done.

    Raises:
        RuleViolation: it is not proposed.

    """
    return move(actor, action, ActionState.PLANNED, now)


@command(Permission.ACTIONS_CHANGE)
def action_decline(*, actor: Actor, action: Action, now: datetime, note: str) -> Action:
    """Say that an action is not to be done, and why.

    Raises:
        RuleViolation: there is no reason, or it is done already.

    """
    if not note.strip():
        raise RuleViolation(_("Say why."), field="note")
    return move(actor, action, ActionState.DECLINED, now, note=note)


@command(Permission.ACTIONS_CHANGE)
def action_reconsider(*, actor: Actor, action: Action, now: datetime) -> Action:
    """Make a declined or decided action a proposal again.

    Raises:
        RuleViolation: it is neither.

    """
    return move(actor, action, ActionState.PROPOSED, now)


@command(Permission.ACTIONS_WORK)
def action_start(*, actor: Actor, action: Action, now: datetime) -> Action:
    """Say that the work has begun, or goes on after all.

    Raises:
        RuleViolation: it is not decided, nor done.
        NotAllowed: the actor neither owns it nor leads the work.

    """
    require_say(actor, action)
    return move(actor, action, ActionState.IN_PROGRESS, now)


@command(Permission.ACTIONS_WORK)
def action_complete(
    *,
    actor: Actor,
    action: Action,
    now: datetime,
    effect_question: str = "",
    effect_due_on: date | None = None,
    note: str = "",
) -> Action:
    """Say that an action is done, and when it will be looked whether it helped.

    Args:
        now: when it was done.
        effect_question: how it will be seen that it helped.
        effect_due_on: when; without one, three months from now.
        note: a word about it.

    Raises:
        RuleViolation: it is neither decided nor under way.
        NotAllowed: the actor neither owns it nor leads the work.

    """
    require_say(actor, action)
    return _complete(actor, action, now, effect_question, effect_due_on, note)


@command(Permission.ACTIONS_WORK)
def effect_check(
    *,
    actor: Actor,
    action: Action,
    now: datetime,
    result: str,
    note: str = "",
    due_on: date | None = None,
) -> Action:
    """Answer whether an action helped: yes closes it, anything else opens it again.

    Args:
        now: when it was looked.
        result: one of EffectResult.
        note: what was seen; needed unless it helped.
        due_on: until when it is to be done better.

    Raises:
        RuleViolation: it is not done, the answer is unknown, or nothing is said of why not.
        NotAllowed: the actor neither owns it nor leads the work.

    """
    require_say(actor, action)
    if result not in AFTER_CHECK:
        raise RuleViolation(_("Say whether it helped."), field="result")
    if action.state != ActionState.DONE:
        raise RuleViolation(_("Only what is done can be checked."))
    if result != EffectResult.YES and not note.strip():
        raise RuleViolation(_("Say what is still missing."), field="note")
    before, action.state = action.state, state_after_check(action.state, result)
    action.effect_result, action.effect_note = result, note.strip()
    action.effect_checked_at, action.effect_checked_by = now, actor.label[:200]
    action.state_since = now
    if result != EffectResult.YES:
        action.due_on, action.effect_due_on = due_on, None
    action.full_clean()
    keep(
        action,
        ["state", "state_since", "due_on", "effect_result", "effect_note", "effect_due_on",
         "effect_checked_at", "effect_checked_by"],
    )  # fmt: skip
    tell(
        actor,
        action,
        now,
        ActionEventKind.CHECKED,
        from_state=before,
        to_state=action.state,
        note=note,
    )
    return action


@command(Permission.ACTIONS_WORK)
def action_note(*, actor: Actor, action: Action, now: datetime, note: str) -> ActionEvent:
    """Write a word into the history of an action."""
    if not note.strip():
        raise RuleViolation(_("Write something first."), field="note")
    return tell(actor, action, now, ActionEventKind.NOTED, note=note)


@command(Permission.ACTIONS_WORK)
def actions_take(*, actor: Actor, actions: list[Action]) -> None:
    """Make the actor the owner of several actions; closed and others' ones are passed over."""
    now = timezone.now()
    for action in actions:
        if _can_take(actor, action):
            action.owner_person_id, action.owner_role = actor.person_id, ""
            keep(action, ["owner_person", "owner_role"])
            tell(actor, action, now, ActionEventKind.CHANGED, fields=["owner_person"])


@command(Permission.ACTIONS_WORK)
def actions_start(*, actor: Actor, actions: list[Action]) -> None:
    """Say of several actions that the work has begun; what cannot begin is passed over."""
    now = timezone.now()
    for action in actions:
        if action.state == ActionState.PLANNED and has_say(actor, action):
            move(actor, action, ActionState.IN_PROGRESS, now)


@command(Permission.ACTIONS_WORK)
def actions_complete(*, actor: Actor, actions: list[Action]) -> None:
    """Say of several actions that they are done; each waits for its effect check."""
    now = timezone.now()
    for action in actions:
        if may_go(action.state, ActionState.DONE) and has_say(actor, action):
            _complete(actor, action, now, "", None, "")


@command(Permission.ACTIONS_CHANGE)
def actions_postpone(*, actor: Actor, actions: list[Action]) -> None:
    """Give several actions a month more; those without a date, and closed ones, are passed over."""
    now = timezone.now()
    for action in actions:
        if action.due_on and action.state in OPEN:
            action.due_on = months_later(action.due_on, 1)
            _set_horizon(action)
            keep(action, ["due_on", "horizon"])
            tell(actor, action, now, ActionEventKind.CHANGED, fields=["due_on"])


def _complete(
    actor: Actor,
    action: Action,
    now: datetime,
    effect_question: str,
    effect_due_on: date | None,
    note: str,
) -> Action:
    today = timezone.localdate(now)
    action.effect_question = effect_question.strip() or action.effect_question
    action.effect_due_on = check_due_on(today, effect_due_on or action.effect_due_on)
    action.effect_result, action.effect_note = "", ""
    action.effect_checked_at, action.effect_checked_by = None, ""
    move(actor, action, ActionState.DONE, now, note=note)
    keep(
        action,
        [
            "effect_question",
            "effect_due_on",
            "effect_result",
            "effect_note",
            "effect_checked_at",
            "effect_checked_by",
        ],
    )
    return action


def _come_from(action: Action, thing: Any) -> None:
    ref = ref_of(thing)
    action.source = SOURCE_KINDS.get(ref.kind, action.source)
    action.source_kind, action.source_id = ref.kind, ref.pk
    action.source_text = KINDS[ref.kind].title(thing)[:300] if ref.kind in KINDS else str(thing)


def _settle(actor: Actor, action: Action, *, is_owner_new: bool = True) -> None:
    """Bring what follows from other fields into agreement, and check the whole."""
    _set_horizon(action)
    if action.owner_person_id and is_owner_new:
        known = owners_possible(actor=actor, organisation=action.organisation)
        if action.owner_person_id not in {person.pk for person in known}:
            raise RuleViolation(
                _("Choose somebody who has a role in the organisation."), field="owner"
            )
    action.full_clean()


def _set_horizon(action: Action) -> None:
    if action.due_on is not None:
        agreed_on = timezone.localdate(action.created_at)
        action.horizon = horizon_of(action.due_on, agreed_on=agreed_on)


def _can_take(actor: Actor, action: Action) -> bool:
    """Whether a person may take it on: it is not closed, and nobody's, or the person leads."""
    if actor.person_id is None or action.state in CLOSED:
        return False
    is_free = action.owner_person_id in {None, actor.person_id}
    return is_free or actor.may(Permission.ACTIONS_CHANGE, action.organisation_id)
