"""Asking management for a decision, and taking it. A yes and a no are both recorded for good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import require_rough_room
from samsyn.access.permissions import Permission
from samsyn.access.versions import keep
from samsyn.actions.deciding import decision_record
from samsyn.actions.models import Action, DecisionOutcome
from samsyn.kernel.errors import Conflict, NotFound, RuleViolation
from samsyn.kernel.refs import KINDS, Ref, ref_of, thing_at
from samsyn.reporting.keeping import check
from samsyn.reporting.models import DecisionProposal, Meeting, MeetingState, ProposalState
from samsyn.reporting.selectors import meeting_list
from samsyn.ui.moments import day_text

CHANGEABLE = frozenset(
    {"title", "why", "recommendation", "if_yes", "if_no", "cost", "needed_by"}
)  # what a decision is bound to
STATE_AFTER = {
    DecisionOutcome.APPROVED: ProposalState.APPROVED,
    DecisionOutcome.DECLINED: ProposalState.DECLINED,
}


@command(Permission.REPORTING_LEAD)
def proposal_make(
    *, actor: Actor, organisation: Any, now: datetime, thing: Any = None, **values: Any
) -> DecisionProposal:
    """Ask management for a decision: what, why, what is recommended, what yes and no lead to.

    Args:
        organisation: whose management is asked.
        now: when it is asked.
        thing: what it comes from, such as an action; of the same organisation.
        values: title, why, recommendation, if_yes, if_no, cost, needed_by.

    Raises:
        RuleViolation: something is missing, or ``thing`` is another organisation's.

    """
    if thing is not None and thing.owner_id != organisation.pk:
        raise RuleViolation(_("It belongs to another organisation."))
    require_rough_room(
        "decision_proposals",
        DecisionProposal.unscoped.filter(organisation=organisation),  # scope: a number
    )
    proposal = DecisionProposal(
        organisation=organisation,
        asked_by=actor.label[:200],
        asked_at=now,
        **{name: _clean(value) for name, value in values.items() if name in CHANGEABLE},
    )
    if thing is not None:
        ref = ref_of(thing)
        proposal.source_kind, proposal.source_id = ref.kind, ref.pk
        proposal.source_text = (KINDS[ref.kind].title(thing) if ref.kind in KINDS else "")[:300]
    check(proposal)
    proposal.save()
    return proposal


@command(Permission.REPORTING_LEAD)
def proposal_change(*, actor: Actor, proposal: DecisionProposal, **values: Any) -> DecisionProposal:
    """Write a proposal anew while it waits; whoever reads it meanwhile is told.

    Raises:
        RuleViolation: it has been settled.
        Conflict: somebody else has changed it meanwhile.

    """
    names = sorted(CHANGEABLE & values.keys())
    for name in names:
        setattr(proposal, name, _clean(values[name]))
    check(proposal)
    _keep(proposal, names)
    return proposal


@command(Permission.REPORTING_LEAD)
def proposal_withdraw(
    *, actor: Actor, proposal: DecisionProposal, now: datetime, reason: str
) -> DecisionProposal:
    """Take a proposal back before it is decided; it stays in the record with the reason.

    Raises:
        RuleViolation: it has been settled, or no reason is given.

    """
    if not reason.strip():
        raise RuleViolation(_("Say why it is withdrawn."), field="reason")
    _settle(actor, proposal, ProposalState.WITHDRAWN, now, reason=reason.strip()[:2000])
    return proposal


@command(Permission.DECISIONS_RECORD)
def proposal_decide(
    *,
    actor: Actor,
    proposal: DecisionProposal,
    outcome: str,
    decided_by: str,
    decided_on: date,
    now: datetime,
    text: str = "",
    present: Sequence[str] = (),
    valid_until: date | None = None,
) -> DecisionProposal:
    """Say yes or no to a proposal: it becomes a decision, bound to what the proposal said.

    Args:
        outcome: approved or declined.
        decided_by: the person or the body.
        decided_on: the day; not in the future.
        now: when it is recorded.
        text: the decision in words; for a yes the recommendation goes without saying.
        present: who was there.
        valid_until: the last day it holds.

    Raises:
        RuleViolation: it has been settled already, or a no has no reason.
        Conflict: it was changed after it was read.

    """
    said = text.strip()
    if outcome not in STATE_AFTER:
        raise RuleViolation(_("Say yes or no."), field="outcome")
    if outcome == DecisionOutcome.DECLINED and said in {"", proposal.recommendation.strip()}:
        raise RuleViolation(_("Say why not; it is recorded with the decision."), field="text")
    _require_waiting(proposal)
    meeting = _meeting_of(actor, proposal, decided_on)
    decision = decision_record(
        actor=actor,
        organisation=proposal.organisation,
        title=proposal.title,
        text=said or proposal.recommendation,
        basis=_basis(proposal),
        outcome=outcome,
        decided_on=decided_on,
        decided_by=decided_by,
        present=present,
        valid_until=valid_until,
        subjects=[proposal, *_followers(actor, proposal)],
        now=now,
    )
    reason = said[:2000] if outcome == DecisionOutcome.DECLINED else ""
    state = STATE_AFTER[DecisionOutcome(outcome)]
    _settle(actor, proposal, state, now, reason=reason, decision=decision, meeting=meeting)
    return proposal


def _basis(proposal: DecisionProposal) -> str:
    parts = (
        proposal.why,
        f"{_('Recommendation')}: {proposal.recommendation}",
        f"{_('If we say yes')}: {proposal.if_yes}",
        f"{_('If we say no')}: {proposal.if_no}",
    )
    return "\n\n".join(parts)[:4000]


def _followers(actor: Actor, proposal: DecisionProposal) -> list[Any]:
    """Return the action that a proposal comes from: it follows the decision."""
    if proposal.source_kind != Action._meta.label or proposal.source_id is None:
        return []
    try:
        return [thing_at(Ref(proposal.source_kind, proposal.source_id), actor=actor)]
    except NotFound:  # it is gone; the proposal stands on its own
        return []


def _meeting_of(actor: Actor, proposal: DecisionProposal, day: date) -> Meeting | None:
    """Return the meeting that is being prepared for the day of the decision, if any."""
    rows = meeting_list(
        actor=actor, organisation=proposal.organisation_id, state=MeetingState.PREPARED
    )
    return rows.filter(held_on=day).order_by("pk").first()


def _settle(
    actor: Actor, proposal: DecisionProposal, state: str, now: datetime, **more: Any
) -> None:
    values = {"state": state, "settled_at": now, "settled_by": actor.label[:200], **more}
    for name, value in values.items():
        setattr(proposal, name, value)
    _keep(proposal, values)


def _require_waiting(proposal: DecisionProposal) -> None:
    rows = DecisionProposal.unscoped.filter(pk=proposal.pk)  # scope: one found in scope
    now = rows.select_related("decision").first()
    if now is None or now.is_waiting:
        return
    if now.decision is None:
        raise RuleViolation(_("It has been withdrawn."))
    raise RuleViolation(
        _("It has already been decided: %(outcome)s, by %(who)s on %(day)s.")
        % {
            "outcome": now.get_state_display(),
            "who": now.decision.decided_by,
            "day": day_text(now.decision.decided_on),
        }
    )


def _keep(proposal: DecisionProposal, names: Iterable[str]) -> None:
    """Save some fields if it still waits and nobody has changed it since it was read."""
    try:
        keep(proposal, names, state=ProposalState.WAITING)
    except Conflict:
        _require_waiting(proposal)
        raise


def _clean(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value
