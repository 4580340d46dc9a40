from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import also_on_record, command
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.audit.services import snapshot
from samsyn.benchmark.figures import figures_of
from samsyn.benchmark.models import Contribution, Round
from samsyn.benchmark.rules import half_of, published_of
from samsyn.benchmark.selectors import (
    by_membership,
    contribution_of,
    groups_of,
    operators_of,
    round_now,
)
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Organisation, OrganisationKind


@command(Permission.BENCHMARK_JOIN)
@beyond_scope("the round is the operator's, and a member opens it")
def round_join(
    *, actor: Actor, organisation: Organisation, now: datetime, today: date
) -> Contribution:
    """Take part in the round of this half-year; who is first opens it.

    Nothing is read or kept until the round is closed: only that one takes part.

    Raises:
        RuleViolation: no operator serves the organisation, it takes part already, or the
            round of this half-year is closed.

    """
    operator = operators_of(organisation=organisation.pk).first()
    if organisation.kind == OrganisationKind.OPERATOR or operator is None:
        raise RuleViolation(_("Only members of a sector take part."))
    found, _made = Round.unscoped.get_or_create(  # scope: of the member's own sector
        organisation=operator, key=half_of(today), defaults={"opened_at": now}
    )
    # Held until the end, so that nobody joins a round while it is being closed.
    found = Round.unscoped.select_for_update().get(pk=found.pk)  # scope: the same
    if found.is_closed:
        raise RuleViolation(_("The round of this half-year is closed."))
    rows = Contribution.unscoped.filter(round=found, organisation=organisation)  # scope: its own
    if rows.exists():
        raise RuleViolation(_("You take part already."))
    mine = Contribution(
        organisation=organisation, round=found, joined_at=now, joined_by=actor.label
    )
    mine.save()
    return mine


@command(Permission.BENCHMARK_JOIN)
@beyond_scope("the round is the operator's, and a member holds it")
def round_withdraw(*, actor: Actor, organisation: Organisation, today: date) -> Organisation:
    """Withdraw from the round of this half-year; the contribution is gone at once.

    Raises:
        NotFound: the organisation does not take part.
        RuleViolation: the round is closed; its figures are frozen.

    """
    found = round_now(organisation=organisation, today=today)
    if found is None:
        raise RuleViolation(_("You do not take part."))
    found = Round.unscoped.select_for_update().get(pk=found.pk)  # scope: the same
    if found.is_closed:
        raise RuleViolation(_("The round is closed: its figures are frozen."))
    mine = contribution_of(actor=actor, organisation=organisation, found=found)
    mine.delete()
    return organisation


@command(Permission.BENCHMARK_CLOSE)
@beyond_scope("who takes part has agreed that its values are read")
def round_close(*, actor: Actor, found: Round, now: datetime, on: date) -> Round:
    """Close a round: read what is contributed, publish what may be shown, freeze both.

    Of whom the operator does not serve any more nothing is read; their contribution is gone.

    Args:
        found: the round.
        now: when it is closed.
        on: the day as of which the figures are read.

    Raises:
        RuleViolation: it is closed already.

    """
    # Read anew and held: who withdrew a moment ago is not among them.
    kept = Round.unscoped.select_for_update().get(pk=found.pk)  # scope: found in scope
    if kept.is_closed:
        raise RuleViolation(_("The round is closed already."))
    mine, left = by_membership(found)
    for each in left:
        before = snapshot(each)
        each.delete()
        also_on_record("benchmark.round_close", actor, each, before=before)
    values = figures_of([each.organisation_id for each in mine], on=on)
    for each in mine:
        each.figures = values.get(each.organisation_id, {})
    Contribution.unscoped.bulk_update(mine, ["figures"], batch_size=500)  # scope: the same
    found.figures = _published(values)
    found.contributors = len(mine)
    found.closed_at, found.closed_by = now, actor.label
    found.save(update_fields=["figures", "contributors", "closed_at", "closed_by"])
    return found


def _published(values: dict[int, dict[str, float]]) -> dict[str, Any]:
    groups = groups_of(list(values))
    keys = sorted({key for figures in values.values() for key in figures})
    return {
        key: published_of(
            {pk: figures[key] for pk, figures in values.items() if key in figures}, groups
        ).to_json()
        for key in keys
    }
