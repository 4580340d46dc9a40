"""In the meeting: show where ratings fell, agree, propose, and decide the plan."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import require_rough_room
from samsyn.access.permissions import Permission
from samsyn.actions.deciding import decision_record
from samsyn.actions.models import ActionArea, ActionSource, DecisionOutcome
from samsyn.actions.services import action_propose
from samsyn.kernel.errors import RuleViolation
from samsyn.maturity.keeping import kept, require_open, step_now
from samsyn.maturity.models import Dialogue, DialogueArea, DialogueStep, Proposal
from samsyn.maturity.rules import lines_of

MINUTES_MOST = 180


@command(Permission.MATURITY_LEAD)
def area_show(*, actor: Actor, area: DialogueArea) -> Dialogue:
    """Put an area on the meeting's screen; nothing of its ratings is shown by that."""
    _require_meeting(area.dialogue)
    area.dialogue.shown = area.key
    return kept(area.dialogue, "shown")


@command(Permission.MATURITY_LEAD)
def area_reveal(*, actor: Actor, area: DialogueArea) -> Dialogue:
    """Show where the ratings of an area fell. From then on it takes no more ratings.

    Raises:
        RuleViolation: the dialogue is not in its meeting.

    """
    _require_meeting(area.dialogue)
    area.is_revealed = True
    area.save(update_fields=["is_revealed"])
    area.dialogue.shown = area.key
    return kept(area.dialogue, "shown")


@command(Permission.MATURITY_LEAD)
def area_agree(
    *, actor: Actor, area: DialogueArea, agreed: int, reasons: str, dissent: str = ""
) -> DialogueArea:
    """Write down the level that the meeting agreed on, why, and who saw it otherwise.

    Args:
        agreed: 1 to 4.
        reasons: one a line, at least one.
        dissent: what others thought.

    Raises:
        RuleViolation: there is no reason, or the dialogue is not in its meeting.

    """
    _require_meeting(area.dialogue)
    if not lines_of(reasons):
        raise RuleViolation(_("Write at least one reason for the level."), field="reasons")
    area.agreed, area.reasons = agreed, "\n".join(lines_of(reasons))
    area.dissent = dissent.strip()
    area.is_revealed = True  # what is agreed is not rated any more
    area.full_clean()
    area.save(update_fields=["agreed", "reasons", "dissent", "is_revealed"])
    kept(area.dialogue)
    return area


@command(Permission.MATURITY_LEAD)
def timer_start(*, actor: Actor, dialogue: Dialogue, minutes: int, now: datetime) -> Dialogue:
    """Start the clock on the meeting's screen; no minutes stop it.

    Raises:
        RuleViolation: more than three hours, or less than nothing.

    """
    if not 0 <= minutes <= MINUTES_MOST:
        raise RuleViolation(_("Choose between 0 and 180 minutes."), field="minutes")
    dialogue.timer_ends_at = now + timedelta(minutes=minutes) if minutes else None
    return kept(dialogue, "timer_ends_at")


@command(Permission.MATURITY_LEAD)
def proposal_add(
    *, actor: Actor, area: DialogueArea, what: str, horizon: str, how: str = "", who: str = ""
) -> Proposal:
    """Propose something that would lift an area: what, how, who and when."""
    require_open(area.dialogue)
    require_rough_room("proposals", area.proposals.all())
    proposal = Proposal(
        area=area, what=what.strip(), how=how.strip(), who=who.strip(), horizon=horizon
    )
    proposal.full_clean()
    proposal.save()
    kept(area.dialogue)
    return proposal


@command(Permission.MATURITY_LEAD)
def proposal_change(
    *, actor: Actor, proposal: Proposal, what: str, horizon: str, how: str = "", who: str = ""
) -> Proposal:
    """Write a proposal anew.

    Raises:
        RuleViolation: it has become an action already.

    """
    _require_undecided(proposal)
    proposal.what, proposal.how = what.strip(), how.strip()
    proposal.who, proposal.horizon = who.strip(), horizon
    proposal.full_clean()
    proposal.save()
    kept(proposal.area.dialogue)
    return proposal


@command(Permission.MATURITY_LEAD)
def proposal_decline(*, actor: Actor, proposal: Proposal) -> Proposal:
    """Say that a proposal is not to be done, or take that back; it stays in the record."""
    _require_undecided(proposal)
    proposal.is_declined = not proposal.is_declined
    proposal.save(update_fields=["is_declined"])
    kept(proposal.area.dialogue)
    return proposal


@command(Permission.DECISIONS_RECORD)
def plan_decide(
    *,
    actor: Actor,
    dialogue: Dialogue,
    decided_by: str,
    decided_on: date,
    now: datetime,
    valid_until: date | None = None,
) -> Dialogue:
    """Make the proposals that were not declined into decided actions, by one decision.

    Args:
        decided_by: the person or the body.
        decided_on: the day.
        now: when it is recorded.
        valid_until: until when the plan holds; without one, until the next.

    Raises:
        RuleViolation: nothing is left to decide, or the decision lies in the future.

    """
    require_open(dialogue)
    waiting = list(
        Proposal.objects.visible_to(actor)
        .filter(area__dialogue=dialogue, action__isnull=True, is_declined=False)
        .select_related("area")
    )
    if not waiting:
        raise RuleViolation(_("There is no proposal left to decide."))
    actions = [_action(actor, dialogue, proposal, now) for proposal in waiting]
    dialogue.decision = decision_record(
        actor=actor,
        organisation=dialogue.organisation,
        title=_("Plan after the maturity dialogue: %s") % dialogue.title,
        text="\n".join(f"{p.area.name}: {p.what}" for p in waiting),
        basis=_("The maturity dialogue of %s.") % dialogue.held_on.isoformat(),
        outcome=DecisionOutcome.APPROVED,
        decided_on=decided_on,
        decided_by=decided_by.strip(),
        present=lines_of(dialogue.present),
        valid_until=valid_until,
        now=now,
        subjects=actions,
    )
    return kept(dialogue, "decision")


def _action(actor: Actor, dialogue: Dialogue, proposal: Proposal, now: datetime) -> object:
    proposal.area.dialogue = dialogue
    action = action_propose(
        actor=actor,
        organisation=dialogue.organisation,
        title=proposal.what,
        thing=dialogue,
        source=ActionSource.MATURITY,
        why="\n".join(proposal.area.reason_lines),
        how="\n".join(each for each in (proposal.how, _who(proposal)) if each),
        area=proposal.area.key if proposal.area.key in ActionArea.values else ActionArea.OTHER,
        horizon=proposal.horizon,
        now=now,
    )
    proposal.action = action
    proposal.save(update_fields=["action"])
    return action


def _who(proposal: Proposal) -> str:
    return _("Who: %s") % proposal.who if proposal.who else ""


def _require_meeting(dialogue: Dialogue) -> None:
    if step_now(dialogue) != DialogueStep.MEETING:
        raise RuleViolation(_("Start the meeting first."))


def _require_undecided(proposal: Proposal) -> None:
    require_open(proposal.area.dialogue)
    if proposal.action_id is not None:
        raise RuleViolation(_("It is decided already: change the action instead."))
