"""What of other rooms is due: work and effect checks, decisions that run out, promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions.decision_selectors import decisions_running_out
from samsyn.actions.models import ActionState
from samsyn.actions.selectors import ME, UNCLOSED_WORD, action_list
from samsyn.findings.models import AnswerKind
from samsyn.findings.selectors import UNSOLVED_WORD, finding_list
from samsyn.findings.texts import report_title

READ_MOST = 200
ACTION, CHECK, RUNS_OUT, PROMISE = "action", "check", "runs_out", "promise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something of another room with a day: its kind is action, check, runs_out or promise."""

    kind: str
    on: date
    title: str
    who: str
    url: str
    uid: str
    organisation: str
    organisation_id: int
    revision: int = 0  # grows whenever the day can have changed

    def is_late(self, today: date) -> bool:
        """Return whether its day has passed."""
        return self.on < today


def kind_words() -> dict[str, str]:
    """Return what each kind is called."""
    return {
        ACTION: _("action due"),
        CHECK: _("effect check"),
        RUNS_OUT: _("decision runs out"),
        PROMISE: _("promised fix"),
    }


def dues_of(
    *,
    actor: Actor,
    since: date,
    until: date,
    organisation: int | None = None,
    is_own_only: bool = False,
) -> list[Due]:
    """Return what of other rooms is due between two days, both included, the first due first."""
    found = _actions(actor, since, until, organisation, is_own_only=is_own_only)
    if not is_own_only or actor.may_anywhere(Permission.DECISIONS_RECORD):
        found += _decisions(actor, since, until, organisation)
    if not is_own_only or actor.may_anywhere(Permission.FINDINGS_ANSWER):
        found += _promises(actor, since, until, organisation)
    return sorted(found, key=lambda due: (due.on, due.title))


def _actions(
    actor: Actor, since: date, until: date, organisation: int | None, *, is_own_only: bool
) -> list[Due]:
    rows = action_list(
        actor=actor,
        state=UNCLOSED_WORD,
        due_after=since,
        due_before=until + timedelta(days=1),
        organisation=organisation,
        owner=ME if is_own_only else "",
    ).defer("why", "how", "effect_note", "effect_question", "source_text")
    found = []
    for action in rows[:READ_MOST]:
        is_check = action.state == ActionState.DONE
        day = action.effect_due_on if is_check else action.due_on
        found.append(
            Due(
                kind=CHECK if is_check else ACTION,
                on=day or since,
                title=action.title,
                who=action.owner_name,
                url=action.get_absolute_url(),
                uid=f"action-{action.pk}",
                organisation=action.organisation.name,
                organisation_id=action.organisation_id,
                revision=action.version,
            )
        )
    return found


def _decisions(actor: Actor, since: date, until: date, organisation: int | None) -> list[Due]:
    rows = decisions_running_out(actor=actor, since=since, until=until, organisation=organisation)
    return [
        Due(
            kind=RUNS_OUT,
            on=decision.valid_until or since,
            title=decision.title,
            who=decision.decided_by,
            url=decision.get_absolute_url(),
            uid=f"decision-{decision.pk}",
            organisation=decision.organisation.name,
            organisation_id=decision.organisation_id,
        )
        for decision in rows.select_related("organisation")[:READ_MOST]
    ]


def _promises(actor: Actor, since: date, until: date, organisation: int | None) -> list[Due]:
    rows = finding_list(
        actor=actor, organisation=organisation, state=UNSOLVED_WORD, answer=AnswerKind.PLANNED
    ).filter(answer_until__gte=since, answer_until__lte=until)
    return [
        Due(
            kind=PROMISE,
            on=finding.answer_until or since,
            title=f"{report_title(finding.report)}: {finding.subject}",
            who="",
            url=finding.get_absolute_url(),
            uid=f"finding-{finding.pk}",
            organisation=finding.organisation.name,
            organisation_id=finding.organisation_id,
            revision=int(finding.answered_at.timestamp()) // 60 if finding.answered_at else 0,
        )
        for finding in rows.order_by("answer_until", "pk")[:READ_MOST]
    ]
