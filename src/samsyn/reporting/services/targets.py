"""The target picture for five years: written as a draft, decided, then never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.access.versions import keep
from samsyn.actions.deciding import decision_record
from samsyn.actions.models import DecisionOutcome
from samsyn.kernel.errors import RuleViolation
from samsyn.reporting.keeping import check
from samsyn.reporting.models import TargetPicture
from samsyn.reporting.selectors import target_draft

LEVEL_LOWEST, LEVEL_HIGHEST = 1, 4


@command(Permission.REPORTING_LEAD)
def target_write(
    *,
    actor: Actor,
    organisation: Any,
    until_year: int,
    text: str,
    now: datetime,
    principles: str = "",
    levels: Mapping[str, int] | None = None,
) -> TargetPicture:
    """Write the target picture that management is to agree on; a draft is written over.

    Args:
        organisation: whose target it is.
        until_year: the year it is about.
        text: where one wants to be.
        now: when it is written.
        principles: one a line.
        levels: the wanted maturity by area of the dialogue, 1 to 4.

    Raises:
        RuleViolation: a level is none, or something is missing.

    """
    wanted = {key: int(level) for key, level in (levels or {}).items() if level}
    if any(not LEVEL_LOWEST <= level <= LEVEL_HIGHEST for level in wanted.values()):
        raise RuleViolation(_("A level is between 1 and 4."), field="levels")
    draft = target_draft(actor=actor, organisation=organisation.pk)
    target = draft or TargetPicture(organisation=organisation, version=0)
    target.until_year, target.text = until_year, text.strip()
    target.principles, target.levels, target.written_at = principles.strip(), wanted, now
    target.version += 1
    check(target)
    target.save()
    return target


@command(Permission.DECISIONS_RECORD)
def target_decide(
    *,
    actor: Actor,
    target: TargetPicture,
    decided_by: str,
    decided_on: date,
    now: datetime,
    present: Sequence[str] = (),
) -> TargetPicture:
    """Agree on the target picture: a decision bound to what it says.

    Raises:
        RuleViolation: it has been decided already.
        Conflict: it was changed after it was read.

    """
    if target.decision_id is not None:
        raise RuleViolation(_("It has already been decided."))
    decision = decision_record(
        actor=actor,
        organisation=target.organisation,
        title=str(target),
        text=target.text,
        basis=target.principles,
        outcome=DecisionOutcome.APPROVED,
        decided_on=decided_on,
        decided_by=decided_by,
        present=present,
        valid_until=date(target.until_year, 12, 31),
        subjects=[target],
        now=now,
    )
    target.decision = decision
    keep(target, ["decision"], decision__isnull=True)
    return target
