"""The words and colours of actions and decisions, in one place for list, board and page."""

from __future__ import annotations

from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.actions.decision_selectors import CHANGED, GONE, IN_FORCE, REPLACED, RUN_OUT, SAME
from samsyn.actions.models import Action, ActionState, DecisionOutcome, Priority
from samsyn.actions.rules import is_overdue, next_step
from samsyn.ui.components import StateBadge, Tag, Tone
from samsyn.ui.moments import day_text

TONES = {
    ActionState.PROPOSED: Tone.NEUTRAL,
    ActionState.PLANNED: Tone.INFO,
    ActionState.IN_PROGRESS: Tone.INFO,
    ActionState.DONE: Tone.WARNING,
    ActionState.CONFIRMED: Tone.SUCCESS,
    ActionState.DECLINED: Tone.NEUTRAL,
}
SHORT = {
    ActionState.PROPOSED: gettext_lazy("Proposed"),
    ActionState.PLANNED: gettext_lazy("Decided"),
    ActionState.IN_PROGRESS: gettext_lazy("Under way"),
    ActionState.DONE: gettext_lazy("Done, to be checked"),
    ActionState.CONFIRMED: gettext_lazy("Effect confirmed"),
    ActionState.DECLINED: gettext_lazy("Declined"),
}
NEXT = {
    "decide": gettext_lazy("Decide whether it is to be done."),
    "give_owner": gettext_lazy("Give it an owner."),
    "give_date": gettext_lazy("Give it a date."),
    "start": gettext_lazy("Begin the work."),
    "finish": gettext_lazy("Finish the work and say so."),
    "check": gettext_lazy("Look whether it helped."),
    "nothing": gettext_lazy("Nothing more."),
}
OUTCOME_TONES = {
    DecisionOutcome.APPROVED: Tone.SUCCESS,
    DecisionOutcome.DECLINED: Tone.DANGER,
    DecisionOutcome.DEFERRED: Tone.WARNING,
}
STANDING = {
    IN_FORCE: (gettext_lazy("In force"), Tone.SUCCESS),
    RUN_OUT: (gettext_lazy("Has run out"), Tone.WARNING),
    REPLACED: (gettext_lazy("Replaced"), Tone.NEUTRAL),
}
BOUND = {
    SAME: (gettext_lazy("Unchanged since the decision"), Tone.SUCCESS),
    CHANGED: (gettext_lazy("Changed since the decision"), Tone.WARNING),
    GONE: (gettext_lazy("No longer here, or not yours to see"), Tone.NEUTRAL),
}


def state_badge(action: Action) -> StateBadge:
    """Return the state of an action as a badge."""
    state = ActionState(action.state)
    return StateBadge(state=state.value, text=SHORT[state], tone=TONES[state])


def priority_tag(action: Action) -> Tag:
    """Return how soon it matters, as a tag."""
    tone = Tone.WARNING if action.priority == Priority.HIGH else Tone.NEUTRAL
    return Tag(text=action.get_priority_display(), tone=tone)


def date_of(action: Action) -> date | None:
    """Return the date that counts now: of the check once it is done, else of the work."""
    return action.effect_due_on if action.state == ActionState.DONE else action.due_on


def is_late(action: Action, today: date) -> bool:
    """Return whether an action is late on that day."""
    return is_overdue(
        state=action.state, due_on=action.due_on, check_on=action.effect_due_on, today=today
    )


def due_html(action: Action, today: date) -> SafeString | str:
    """Return the date that counts, with the word when it is late or to be checked."""
    day = date_of(action)
    if day is None:
        return "–"
    tag = Tag(text=_("Late"), tone=Tone.DANGER) if is_late(action, today) else ""
    check = format_html('<span class="sub">{}</span>', _("effect check"))
    return format_html(
        '<span class="due-day">{} {}{}</span>',
        tag,
        day_text(day),
        check if action.state == ActionState.DONE else "",
    )


def next_words(action: Action) -> str:
    """Return what an action waits for, in a sentence."""
    step = next_step(
        state=action.state,
        has_owner=bool(action.owner_person_id or action.owner_role),
        has_date=action.due_on is not None,
    )
    return str(NEXT[step])
