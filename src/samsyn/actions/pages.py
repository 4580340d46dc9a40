"""What an action's page is made of."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions.decision_selectors import decisions_about
from samsyn.actions.models import (
    Action,
    ActionEvent,
    ActionEventKind,
    ActionState,
    Decision,
    EffectResult,
    Priority,
)
from samsyn.actions.moving import has_say
from samsyn.actions.rules import CLOSED, may_go
from samsyn.actions.selectors import actions_from, event_list, gone_among
from samsyn.actions.wording import (
    OUTCOME_TONES,
    SHORT,
    due_html,
    next_words,
    state_badge,
)
from samsyn.documents.pages import evidence_panel
from samsyn.kernel.errors import NotFound
from samsyn.kernel.refs import Ref, ref_of, thing_at
from samsyn.ui.components import (
    Fact,
    FactList,
    Moment,
    Panel,
    Step,
    Stepper,
    Story,
    Tag,
    Tone,
)
from samsyn.ui.components.base import Text, joined
from samsyn.ui.deeds import who_text
from samsyn.ui.moments import day_text, moment_html
from samsyn.ui.screens import Button

STEPS = (
    ActionState.PROPOSED,
    ActionState.PLANNED,
    ActionState.IN_PROGRESS,
    ActionState.DONE,
    ActionState.CONFIRMED,
)
ACTIONS_MOST = 50
EVENT_TONES = {
    ActionState.CONFIRMED: Tone.SUCCESS,
    ActionState.DONE: Tone.WARNING,
    ActionState.DECLINED: Tone.DANGER,
}


def action_page(*, actor: Actor, subject: Action) -> dict[str, Any]:
    """Return what an action's page shows."""
    today = timezone.localdate()
    gone = gone_among(actor=actor, actions=[subject])
    return {
        "badge": state_badge(subject),
        "priority": _important(subject),
        "due": due_html(subject, today),
        "steps": _steps(subject),
        "next": next_words(subject) if subject.state not in CLOSED else "",
        "why": _paragraphs(subject.why),
        "how": _paragraphs(subject.how),
        "effect": _effect(subject),
        "is_owner_gone": bool(gone),
        "facts": FactList(facts=_facts(actor, subject, is_gone=bool(gone))),
        "evidence": evidence_panel(actor=actor, thing=subject),
        "decisions": decisions_panel(actor=actor, thing=subject),
        "story": Story(moments=tuple(_moments(actor, subject))),
    }


def action_buttons(*, actor: Actor, subject: Action) -> tuple[Button, ...]:
    """Return what this actor may do with an action, the next step first."""
    home = subject.organisation_id
    leads = actor.may(Permission.ACTIONS_CHANGE, home)
    records = actor.may(Permission.DECISIONS_RECORD, home)
    buttons = [_button(*words, subject) for words in _steps_on(actor, subject)]
    if subject.state == ActionState.PROPOSED and records:
        buttons.insert(0, _decide_button(subject))
    if leads and subject.state == ActionState.PROPOSED:
        buttons.append(_button(_("Plan it"), "plan", subject))
    if leads and subject.state not in CLOSED:
        buttons.append(_button(_("Change"), "change", subject))
    if leads and may_go(subject.state, ActionState.DECLINED):
        buttons.append(_button(_("Decline"), "decline", subject))
    if leads and subject.state == ActionState.DECLINED:
        buttons.append(_button(_("Take it up again"), "reconsider", subject))
    if not buttons:
        return ()
    first = buttons[0]
    primary = Button(label=first.label, url=first.url, is_primary=True)
    return (primary, *buttons[1:])


def _steps_on(actor: Actor, action: Action) -> list[tuple[str, str]]:
    found = []
    works = actor.may(Permission.ACTIONS_WORK, action.organisation_id)
    if works and has_say(actor, action):
        if action.state == ActionState.PLANNED:
            found.append((_("Begin"), "start"))
        if may_go(action.state, ActionState.DONE):
            found.append((_("It is done"), "complete"))
        if action.state == ActionState.DONE:
            found.append((_("Check the effect"), "check"))
            found.append((_("It is not done after all"), "start"))
    if works and actor.person_id and action.owner_person_id is None and action.state not in CLOSED:
        found.append((_("Take it on"), "take"))
    return found


def _button(label: str, name: str, action: Action) -> Button:
    return Button(label=label, url=reverse(f"actions:{name}", args=[action.pk]))


def _decide_button(action: Action) -> Button:
    return Button(label=_("Record a decision"), url=decide_url(action))


def decide_url(thing: Any) -> str:
    """Return where a decision about a thing is recorded."""
    return f"{reverse('decisions:create')}?for={ref_of(thing)}"


def _steps(action: Action) -> Stepper | None:
    if action.state == ActionState.DECLINED:
        return None
    here = STEPS.index(ActionState(action.state))
    is_over = action.state == ActionState.CONFIRMED
    words: dict[ActionState, Text] = {**SHORT, ActionState.DONE: _("Done")}
    return Stepper(
        label=_("The way of an action"),
        steps=tuple(
            Step(label=words[state], state=_step_state(place, here, is_over=is_over))
            for place, state in enumerate(STEPS)
        ),
    )


def _step_state(place: int, here: int, *, is_over: bool) -> str:
    if place < here or is_over:
        return "done"
    return "current" if place == here else "ahead"


def _paragraphs(text: str) -> SafeString | str:
    # Safe: linebreaks escapes the text when told so.
    return mark_safe(linebreaks(text, autoescape=True)) if text.strip() else ""  # noqa: S308  linebreaks escapes


def _important(action: Action) -> Tag | str:
    is_high = action.priority == Priority.HIGH
    return Tag(text=_("high priority"), tone=Tone.WARNING) if is_high else ""


def _effect(action: Action) -> FactList | None:
    checked = action.effect_checked_at
    facts = (
        Fact(name=_("How we see it"), value=action.effect_question),
        Fact(name=_("To be checked"), value=_day(action.effect_due_on)),
        Fact(name=_("Did it help?"), value=_result(action)),
        Fact(name=_("What was seen"), value=action.effect_note),
        Fact(name=_("Checked"), value=moment_html(checked) if checked else ""),
        Fact(name=_("By"), value=who_text(action.effect_checked_by)),
    )
    kept = tuple(fact for fact in facts if fact.value)
    return FactList(facts=kept) if kept else None


def _result(action: Action) -> SafeString | str:
    if not action.effect_result:
        return ""
    tones = {EffectResult.YES: Tone.SUCCESS, EffectResult.PARTLY: Tone.WARNING}
    tone = tones.get(EffectResult(action.effect_result), Tone.DANGER)
    return Tag(text=action.get_effect_result_display(), tone=tone).html()


def _facts(actor: Actor, action: Action, *, is_gone: bool) -> tuple[Fact, ...]:
    owner: object = action.owner_name or _("nobody yet")
    if is_gone:
        owner = format_html("{} {}", owner, Tag(text=_("has left"), tone=Tone.WARNING))
    days = action.effort_days
    facts = (
        Fact(name=pgettext("work", "Owner"), value=owner),
        Fact(name=_("Due"), value=_day(action.due_on)),
        Fact(name=_("Horizon"), value=action.get_horizon_display()),
        Fact(name=_("Priority"), value=action.get_priority_display()),
        Fact(name=_("Area"), value=action.get_area_display()),
        Fact(name=_("Comes from"), value=_source(actor, action)),
        Fact(name=_("Effort"), value=ngettext("%d day", "%d days", days) % days if days else ""),
        Fact(name=_("Cost"), value=_cost(action)),
        Fact(name=_("Organisation"), value=action.organisation.name),
        Fact(name=_("Proposed"), value=moment_html(action.created_at)),
    )
    return tuple(fact for fact in facts if fact.value)


def _cost(action: Action) -> str:
    if action.cost is None:
        return ""
    currency = {"NO": "NOK", "SE": "SEK", "DK": "DKK", "IS": "ISK"}
    figure = f"{action.cost:,}".replace(",", "\u00a0")
    return f"{figure} {currency.get(action.organisation.country, 'EUR')}"


def _source(actor: Actor, action: Action) -> SafeString | str:
    words = action.source_text or str(action.get_source_display())
    if not action.source_id:
        return words
    try:
        thing = thing_at(Ref(action.source_kind, action.source_id), actor=actor)
    except NotFound:
        return words
    return format_html('<a class="ds-link" href="{}">{}</a>', thing.get_absolute_url(), words)


def propose_url(thing: Any) -> str:
    """Return where an action that comes from a thing is proposed."""
    return f"{reverse('actions:create')}?for={ref_of(thing)}"


def actions_panel(*, actor: Actor, thing: Any) -> Panel | None:
    """Return the actions that come from a thing; None where there are none to see."""
    ref = ref_of(thing)
    rows = list(actions_from(actor=actor, kind=ref.kind, pk=ref.pk)[:ACTIONS_MOST])
    if not rows:
        return None
    body = format_html('<ul class="rows">{}</ul>', joined(map(_action, rows)))
    return Panel(title=_("Actions"), body=body)


def _action(action: Action) -> SafeString:
    return format_html(
        '<li><span><a class="ds-link" href="{}">{}</a><span class="sub">{}</span></span>'
        '<span class="row-end">{}</span></li>',
        action.get_absolute_url(),
        action.title,
        action.owner_name or _("nobody yet"),
        state_badge(action),
    )


def decisions_panel(*, actor: Actor, thing: Any) -> Panel | None:
    """Return the decisions about a thing; None for whom may not see any."""
    if not actor.may(Permission.ACTIONS_VIEW, thing.owner_id):
        return None
    found = decisions_about(actor=actor, thing=thing)
    add = ""
    if actor.may(Permission.DECISIONS_RECORD, thing.owner_id):
        add = format_html('<a class="ds-link" href="{}">{}</a>', decide_url(thing), _("Record one"))
    body: object = format_html('<p class="sub">{}</p>', _("Nothing is decided about it yet."))
    if found:
        rows = joined(_decision(decision, is_changed=changed) for decision, changed in found)
        body = format_html('<ul class="rows">{}</ul>', rows)
    return Panel(title=_("Decisions"), body=body, aside=add)


def _decision(decision: Decision, *, is_changed: bool) -> SafeString:
    since = Tag(text=_("Changed since"), tone=Tone.WARNING) if is_changed else ""
    return format_html(
        '<li><span><a class="ds-link" href="{}">{}</a><span class="sub">{} · {}</span></span>'
        '<span class="row-end">{} {}</span></li>',
        decision.get_absolute_url(),
        decision.title,
        day_text(decision.decided_on),
        decision.decided_by,
        Tag(text=decision.get_outcome_display(), tone=OUTCOME_TONES[decision.outcome]),  # type: ignore[index]  # a text of the enumeration
        since,
    )


def _moments(actor: Actor, action: Action) -> list[Moment]:
    events = list(event_list(actor=actor, action=action))
    return [
        Moment(
            at=event.at,
            text=_says(event),
            who=who_text(event.by),
            note=event.note,
            tone=EVENT_TONES.get(ActionState(event.to_state), Tone.INFO)
            if event.to_state
            else Tone.NEUTRAL,
        )
        for event in reversed(events)
    ]


def _says(event: ActionEvent) -> str:
    if event.kind == ActionEventKind.CHANGED:
        names = [str(_field(name)) for name in event.fields]
        return _("Changed: %s") % ", ".join(names)
    if event.kind == ActionEventKind.CHECKED:
        helped = event.to_state == ActionState.CONFIRMED
        return _("It helped") if helped else _("It did not help enough, and is opened again")
    words = {
        ActionEventKind.PROPOSED: _("Proposed"),
        ActionEventKind.NOTED: _("Note"),
        ActionEventKind.DECIDED: _("A decision was taken"),
    }
    if event.kind in words:
        return words[ActionEventKind(event.kind)]
    return {
        ActionState.PROPOSED: _("Taken up again as a proposal"),
        ActionState.PLANNED: _("Decided: it is to be done"),
        ActionState.IN_PROGRESS: _("The work has begun"),
        ActionState.DONE: _("Done; whether it helped is to be checked"),
        ActionState.DECLINED: _("Declined"),
    }.get(ActionState(event.to_state), event.to_state)


def _field(name: str) -> Any:
    """Return what people call a field of an action."""
    return getattr(Action._meta.get_field(name), "verbose_name", name)


def _day(day: Any) -> str:
    return day_text(day) if day else ""
