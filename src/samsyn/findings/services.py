from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.findings.models import AnswerKind, Finding, FindingEvent, FindingEventKind, FindingState
from samsyn.findings.rules import CAN_BE_ACKNOWLEDGED, NEEDS_UNTIL, state_after_answer
from samsyn.kernel.errors import Conflict, RuleViolation
from samsyn.organisations.sharing import speaks_for


@command(Permission.FINDINGS_CHANGE, allow_host=True)
def finding_acknowledge(*, actor: Actor, finding: Finding, at: datetime, note: str = "") -> Finding:
    """Record that somebody has taken a finding on.

    Raises:
        RuleViolation: it is not open.
        Conflict: its state, its answer or its being open is another than when it was read.

    """
    if finding.state not in CAN_BE_ACKNOWLEDGED:
        raise RuleViolation(_("Only an open finding can be acknowledged."))
    _must_be_told_first(actor, finding)
    _acknowledge(actor, finding, at, note=note)
    return finding


@command(Permission.FINDINGS_CHANGE, allow_host=True)
def findings_acknowledge(*, actor: Actor, findings: list[Finding]) -> None:
    """Record that somebody has taken several findings on; those not open are passed over."""
    now = timezone.now()
    for finding in findings:
        if finding.state in CAN_BE_ACKNOWLEDGED:
            _must_be_told_first(actor, finding)
            with suppress(Conflict):  # it is not open any more
                _acknowledge(actor, finding, now)


@command(Permission.FINDINGS_ANSWER, allow_host=True)
def finding_answer(
    *,
    actor: Actor,
    finding: Finding,
    answer: str,
    at: datetime,
    until: date | None = None,
    note: str = "",
) -> Finding:
    """Record what a member answers: planned, fixed, accepted, not ours, false alarm or help.

    Raises:
        RuleViolation: the answer is unknown, a plan has no date, or the finding is closed.
        Conflict: its state, its answer or its being open is another than when it was read.

    """
    if answer not in AnswerKind.values:
        raise RuleViolation(_("Choose one of the answers."), field="answer")
    if answer in NEEDS_UNTIL and until is None:
        raise RuleViolation(_("Say by when."), field="until")
    if finding.state == FindingState.CLOSED:
        raise RuleViolation(_("The finding is already closed."))
    _must_be_told_first(actor, finding)
    state = state_after_answer(finding.state, answer)
    since = finding.state_since if state == finding.state else at
    _write(
        finding,
        state=state,
        state_since=since,
        answer_kind=answer,
        answer_until=until,
        answered_at=at,
    )
    _add_event(actor, finding, at, FindingEventKind.ANSWERED, answer_kind=answer, note=note)
    return finding


def _acknowledge(actor: Actor, finding: Finding, at: datetime, *, note: str = "") -> None:
    _write(finding, state=FindingState.ACKNOWLEDGED, state_since=at)
    _add_event(actor, finding, at, FindingEventKind.ACKNOWLEDGED, note=note)


def _write(finding: Finding, **values: Any) -> None:
    """Write fields of a finding if it is still as it was read: state, answer, times reopened.

    Reports are folded for seconds, in one transaction; who answers meanwhile has read the
    finding before and writes after it. What has been closed would be open again. An answer
    can leave the state as it is, and a later one would take its place unseen.

    Raises:
        Conflict: it is not as it was read any more.

    """
    rows = Finding.unscoped.filter(  # scope: found in scope
        pk=finding.pk,
        state=finding.state,
        answered_at=finding.answered_at,
        reopened_count=finding.reopened_count,
    )
    if not rows.update(**values):
        raise Conflict(_("Somebody else has changed it meanwhile."))
    for name, value in values.items():
        setattr(finding, name, value)


def _add_event(
    actor: Actor,
    finding: Finding,
    at: datetime,
    kind: FindingEventKind,
    *,
    answer_kind: str = "",
    note: str = "",
) -> None:
    FindingEvent(
        finding=finding,
        at=at,
        kind=kind,
        by=actor.label[:200],
        answer_kind=answer_kind,
        note=note[:1000],
    ).save()


def _must_be_told_first(actor: Actor, finding: Finding) -> None:
    """Let neither of two CSIRTs settle what the member has not been told of by the other.

    Raises:
        RuleViolation: two operators are the owner's CSIRT, nobody has told it yet, and the
            actor has no role of their own there.

    """
    is_host = finding.host_id is not None and actor.may_at_home(
        Permission.FINDINGS_ANSWER, finding.host_id
    )
    if finding.told_at is not None or is_host:
        return
    if not speaks_for(actor, Permission.FINDINGS_ANSWER, finding.organisation_id):
        raise RuleViolation(
            _("Two security centres serve the member, and it has not been told of this yet.")
        )
