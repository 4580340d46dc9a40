"""Recording decisions. They are written once; a newer one replaces an older."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import require_rough_room
from samsyn.access.naming import line_of
from samsyn.access.permissions import Permission
from samsyn.actions.models import Action, Decision, DecisionSubject
from samsyn.actions.moving import follow_decision
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.refs import KINDS, ref_of

BOUND = ("title", "why", "how", "due_on", "cost", "effort_days", "effect_question")
PRESENT_MOST = 60


def action_digest(action: Action) -> str:
    """Return the mark of what a decision on an action is bound to: what, why, when, the price."""
    said = {name: str(getattr(action, name) or "") for name in BOUND}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def decision_digest(decision: Decision) -> str:
    """Return the mark of a decision, which never changes."""
    return hashlib.sha256(f"decision {decision.pk}".encode()).hexdigest()


@command(Permission.DECISIONS_RECORD)
def decision_record(
    *,
    actor: Actor,
    organisation: Any,
    title: str,
    text: str,
    outcome: str,
    decided_on: date,
    decided_by: str,
    now: datetime,
    present: Sequence[str] = (),
    replaces: Decision | None = None,
    subjects: list[Any] | None = None,
    **more: Any,
) -> Decision:
    """Record a decision for good; actions that it is about follow it.

    Args:
        organisation: whose decision it is.
        title: the matter.
        text: what was decided.
        outcome: one of Outcome.
        decided_on: the day; not in the future.
        decided_by: the person or the body.
        now: when it is recorded.
        present: who was there.
        replaces: the older decision that it takes the place of.
        subjects: what it is about, of the same organisation; bound to what they say now.
        more: ``basis``, on what ground; ``valid_until``, the last day it holds.

    Raises:
        RuleViolation: it lies in the future, the older one has been replaced already, or
            something it is about cannot be decided on.

    """
    things = list(subjects or [])
    _check(organisation, decided_on, now, things, replaces)
    decision = Decision(
        organisation=organisation,
        title=title.strip(),
        text=text.strip(),
        basis=str(more.get("basis") or "").strip(),
        outcome=outcome,
        decided_on=decided_on,
        decided_by=decided_by.strip(),
        present=[name[:120] for name in map(line_of, present) if name][:PRESENT_MOST],
        valid_until=more.get("valid_until"),
        replaces=replaces,
        recorded_at=now,
        recorded_by=actor.label[:200],
    )
    decision.full_clean()
    decision.save()
    for thing in things:
        _bind(decision, thing)
        if isinstance(thing, Action):
            follow_decision(actor, thing, outcome, now, decision.title)
    return decision


def _check(
    organisation: Any, decided_on: date, now: datetime, things: list[Any], older: Decision | None
) -> None:
    require_rough_room(
        "decisions",
        Decision.unscoped.filter(organisation=organisation),  # scope: a number
    )
    if decided_on > timezone.localdate(now):
        raise RuleViolation(_("A decision is recorded when it has been taken."), field="decided_on")
    for thing in [*things, *([older] if older else [])]:
        if thing.owner_id != organisation.pk:
            raise RuleViolation(_("It belongs to another organisation."))
    if older is not None and hasattr(older, "replaced_by"):
        raise RuleViolation(_("A newer decision has replaced that one already."), field="replaces")


def _bind(decision: Decision, thing: Any) -> None:
    ref = ref_of(thing)
    kind = KINDS.get(ref.kind)
    if kind is None or kind.digest is None:
        raise RuleViolation(_("Nothing can be decided about a thing of this kind."))
    DecisionSubject.unscoped.create(  # scope: of things found in scope
        decision=decision,
        kind=ref.kind,
        object_id=ref.pk,
        name=kind.title(thing)[:300],
        digest=kind.digest(thing),
    )
