"""Reading decisions: whether they stand, and whether what they approved is still the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.actions.models import Decision, DecisionSubject
from samsyn.kernel.errors import NotFound
from samsyn.kernel.refs import KINDS, Ref, ref_of, thing_at

IN_FORCE, RUN_OUT, REPLACED = "in_force", "run_out", "replaced"
SAME, CHANGED, GONE = "same", "changed", "gone"


def decision_list(
    *,
    actor: Actor,
    organisation: int | None = None,
    outcome: str = "",
    standing: str = "",
    search: str = "",
    today: date | None = None,
    decided_after: date | None = None,
) -> QuerySet[Decision]:
    """Return decisions, the latest first.

    Args:
        actor: sees those of its organisations.
        organisation: id of the organisation.
        outcome: one of Outcome.
        standing: in_force, run_out or replaced; needs ``today``.
        search: part of the matter, the decision or who decided.
        today: the day for which it is asked.
        decided_after: taken on this day or later.

    """
    rows = Decision.objects.visible_to(actor).select_related("organisation", "replaced_by")
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if decided_after is not None:
        rows = rows.filter(decided_on__gte=decided_after)
    if standing:
        rows = _standing(rows, standing, today)
    if search:
        rows = rows.filter(
            Q(title__icontains=search) | Q(text__icontains=search) | Q(decided_by__icontains=search)
        )
    return rows


def _standing(rows: QuerySet[Decision], standing: str, today: date | None) -> QuerySet[Decision]:
    if standing == REPLACED:
        return rows.filter(replaced_by__isnull=False)
    rows = rows.filter(replaced_by__isnull=True)
    run_out = Q(valid_until__lt=today)
    return rows.filter(run_out) if standing == RUN_OUT else rows.exclude(run_out)


def decision_get(*, actor: Actor, pk: int) -> Decision:
    """Return one decision.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    rows = decision_list(actor=actor).select_related("replaces")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such decision."))
    return found


def decisions_replaceable(*, actor: Actor, organisation: int | None) -> QuerySet[Decision]:
    """Return the decisions that none has replaced yet, the latest first."""
    rows = decision_list(actor=actor, organisation=organisation)
    return rows.filter(replaced_by__isnull=True)


def decisions_running_out(
    *, actor: Actor, since: date, until: date, organisation: int | None = None
) -> QuerySet[Decision]:
    """Return the decisions in force whose last day lies between two days, both included."""
    rows = decisions_replaceable(actor=actor, organisation=organisation)
    return rows.filter(valid_until__gte=since, valid_until__lte=until).order_by("valid_until")


def standing_of(decision: Decision, *, today: date) -> str:
    """Return whether a decision stands: in_force, run_out or replaced."""
    if hasattr(decision, "replaced_by"):
        return REPLACED
    if decision.valid_until is not None and decision.valid_until < today:
        return RUN_OUT
    return IN_FORCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a decision is about, and whether it still says what was decided on."""

    name: str
    kind: Any
    url: str
    state: str  # same, changed or gone (also for whom may not see it)


def subjects_of(*, actor: Actor, decision: Decision) -> list[Bound]:
    """Return what a decision is about, each compared with what it was on that day."""
    rows = DecisionSubject.objects.visible_to(actor).filter(decision=decision)
    return [_bound(actor, subject) for subject in rows]


def _bound(actor: Actor, subject: DecisionSubject) -> Bound:
    kind = KINDS.get(subject.kind)
    word = kind.word if kind else ""
    try:
        thing = thing_at(Ref(subject.kind, subject.object_id), actor=actor)
    except NotFound:
        return Bound(name=subject.name, kind=word, url="", state=GONE)
    now = kind.digest(thing) if kind and kind.digest else ""
    return Bound(
        name=subject.name,
        kind=word,
        url=thing.get_absolute_url(),
        state=SAME if now == subject.digest else CHANGED,
    )


def decisions_about(*, actor: Actor, thing: Any) -> list[tuple[Decision, bool]]:
    """Return the decisions about a thing, the latest first, and whether it has changed since."""
    ref = ref_of(thing)
    kind = KINDS.get(ref.kind)
    now = kind.digest(thing) if kind and kind.digest else ""
    rows = DecisionSubject.objects.visible_to(actor).filter(kind=ref.kind, object_id=ref.pk)
    rows = rows.select_related("decision__replaced_by").order_by("-decision__decided_on", "-pk")
    return [(subject.decision, subject.digest != now) for subject in rows]
