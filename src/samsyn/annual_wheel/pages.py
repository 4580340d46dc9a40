"""What the pages of an activity and of one of its turns are made of."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions.pages import actions_panel, decisions_panel, propose_url
from samsyn.annual_wheel.models import Activity, Occurrence, OccurrenceState
from samsyn.annual_wheel.selectors import is_owner_gone, occurrence_list
from samsyn.annual_wheel.wording import STANDING, standing, standing_badge, window_words
from samsyn.audit.selectors import entries_of
from samsyn.documents.pages import evidence_panel
from samsyn.ui.components import EmptyState, Fact, FactList, Panel, Story, Tag, Tone
from samsyn.ui.components.base import joined
from samsyn.ui.deeds import trail_story, who_text
from samsyn.ui.moments import day_text, moment_html
from samsyn.ui.screens import Button

TURNS_MOST = 40
EVENTS_MOST = 20


def occurrence_page(*, actor: Actor, subject: Occurrence) -> dict[str, Any]:
    """Return what the page of a turn shows."""
    return {
        "badge": standing_badge(subject, timezone.localdate()),
        "next": _next_words(subject),
        "facts": FactList(facts=_facts(actor, subject)),
        "evidence": evidence_panel(actor=actor, thing=subject),
        "actions": actions_panel(actor=actor, thing=subject),
        "decisions": decisions_panel(actor=actor, thing=subject),
        "story": _story(actor, subject),
    }


def occurrence_buttons(*, actor: Actor, subject: Occurrence) -> tuple[Button, ...]:
    """Return what this actor may do with a turn."""
    home, pk = subject.organisation_id, subject.pk
    buttons = []
    if actor.may(Permission.WHEEL_WORK, home) and subject.state == OccurrenceState.AHEAD:
        url = reverse("wheel:complete", args=[pk])
        buttons.append(Button(label=_("It is done"), url=url, is_primary=True))
        buttons.append(Button(label=_("Move it"), url=reverse("wheel:move", args=[pk])))
        buttons.append(Button(label=_("Skip it"), url=reverse("wheel:skip", args=[pk])))
    if actor.may(Permission.ACTIONS_WORK, home):
        buttons.append(Button(label=_("Propose an action"), url=propose_url(subject)))
    if actor.may(Permission.WHEEL_CHANGE, home) and subject.state != OccurrenceState.AHEAD:
        buttons.append(Button(label=_("Take it back"), url=reverse("wheel:reopen", args=[pk])))
    return tuple(buttons)


def activity_page(*, actor: Actor, subject: Activity) -> dict[str, Any]:
    """Return what the page of an activity shows."""
    today = timezone.localdate()
    rows = occurrence_list(actor=actor, today=today, activity=subject.pk)
    turns = list(rows.order_by("-due_on")[:TURNS_MOST])
    body: object = EmptyState(
        title=_("No turns"), text=_("The activity has stopped, or its months have none ahead.")
    )
    if turns:
        lines = joined(format_html("<li>{}</li>", _turn(turn)) for turn in reversed(turns))
        body = format_html('<ul class="rows">{}</ul>', lines)
    return {
        "facts": FactList(facts=_activity_facts(actor, subject)),
        "turns": Panel(title=_("Its turns"), body=body),
        "evidence": evidence_panel(actor=actor, thing=subject, title=_("Routine and templates")),
    }


def activity_buttons(*, actor: Actor, subject: Activity) -> tuple[Button, ...]:
    """Return what this actor may do with an activity."""
    if not actor.may(Permission.WHEEL_CHANGE, subject.organisation_id):
        return ()
    change = Button(label=_("Change"), url=reverse("wheel:change", args=[subject.pk]))
    name, label = ("stop", _("Stop it")) if subject.is_active else ("resume", _("Resume it"))
    return (change, Button(label=label, url=reverse(f"wheel:{name}", args=[subject.pk])))


def _turn(turn: Occurrence) -> SafeString:
    return format_html(
        '<span><a class="ds-link" href="{}">{}</a></span><span class="row-end">{}</span>',
        turn.get_absolute_url(),
        day_text(turn.due_on),
        standing_badge(turn, timezone.localdate()),
    )


def _next_words(turn: Occurrence) -> str:
    words = {
        "late": _("It should have been done by now. Do it, or skip it and say why."),
        "open": _("It is time: do it, and write some minutes or add evidence."),
        "ahead": _("Nothing is to be done yet."),
    }
    return words.get(standing(turn, timezone.localdate()), "")


def _owner(actor: Actor, activity: Activity) -> object:
    """Return whose task it is; of a person who has left, that too."""
    if not is_owner_gone(actor=actor, activity=activity):
        return activity.owner_name
    return format_html("{} {}", activity.owner_name, Tag(text=_("has left"), tone=Tone.WARNING))


def _facts(actor: Actor, turn: Occurrence) -> tuple[Fact, ...]:
    activity = turn.activity
    facts = (
        Fact(
            name=_("Activity"),
            value=format_html(
                '<a class="ds-link" href="{}">{}</a>', activity.get_absolute_url(), activity.title
            ),
        ),
        Fact(name=_("Due"), value=f"{day_text(turn.opens_on)} – {day_text(turn.due_on)}"),
        Fact(name=pgettext("work", "Owner"), value=_owner(actor, activity)),
        Fact(name=_("Together with"), value=activity.together_with),
        Fact(name=_("What comes out of it"), value=activity.output),
        Fact(name=_("Legal ground"), value=activity.legal_ground),
        Fact(name=_("Organisation"), value=turn.organisation.name),
        Fact(name=_("Done"), value=moment_html(turn.done_at) if turn.done_at else ""),
        Fact(name=_("By"), value=who_text(turn.done_by)),
    )
    return tuple(fact for fact in facts if fact.value)


def _activity_facts(actor: Actor, activity: Activity) -> tuple[Fact, ...]:
    facts = (
        Fact(name=_("How often"), value=activity.get_frequency_display()),
        Fact(name=_("Days and months"), value=window_words(activity)),
        Fact(name=_("On a working day"), value=_("yes") if activity.is_shifted else _("no")),
        Fact(name=pgettext("work", "Owner"), value=_owner(actor, activity)),
        Fact(name=_("Together with"), value=activity.together_with),
        Fact(name=_("What comes out of it"), value=activity.output),
        Fact(name=_("Area"), value=activity.get_area_display()),
        Fact(name=_("Legal ground"), value=activity.legal_ground),
        Fact(name=_("Organisation"), value=activity.organisation.name),
    )
    return tuple(fact for fact in facts if fact.value)


def _story(actor: Actor, turn: Occurrence) -> Story | None:
    if not actor.may(Permission.TRAIL_VIEW, turn.organisation_id):
        return None
    words = {
        "annual_wheel.occurrence_complete": str(STANDING["done"][0]),
        "annual_wheel.occurrence_skip": str(STANDING["skipped"][0]),
        "annual_wheel.occurrence_move": _("Moved"),
        "annual_wheel.occurrence_reopen": _("Taken back"),
    }
    entries = entries_of(turn._meta.label, turn.pk)[:EVENTS_MOST]
    return trail_story(entries, actor=actor, words=words)
