from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions import forms, selectors, services
from samsyn.actions.models import Action
from samsyn.actions.pages import action_buttons, action_page
from samsyn.actions.screens import (
    EMPTY,
    HOME,
    ActionChangeScreen,
    ActionCreate,
    ActionList,
    ActionMoveScreen,
    Board,
    Calendar,
    buttons_beside,
)
from samsyn.actions.tables import ACTIONS
from samsyn.kernel.refs import KINDS, ref_of
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import (
    BulkButton,
    DetailScreen,
    FormScreen,
)


def crumbs(subject: Any = None) -> tuple[Crumb, ...]:
    """Return the way to a page about an action, or about what it comes from."""
    if isinstance(subject, Action):
        return (HOME, Crumb(label=subject.title, url=subject.get_absolute_url()))
    if subject is not None:
        kind = KINDS.get(ref_of(subject).kind)
        title = kind.title(subject) if kind else str(subject)
        return (Crumb(label=title, url=subject.get_absolute_url()),)
    return (HOME,)


def action_content(*, actor: Actor, subject: Action) -> dict[str, Any]:
    """Return what an action's page shows, with the way to write a note."""
    may_note = actor.may(Permission.ACTIONS_WORK, subject.organisation_id)
    note_url = reverse("actions:note", args=[subject.pk]) if may_note else ""
    return {**action_page(actor=actor, subject=subject), "note_url": note_url}


def of_action(action: Action) -> dict[str, Any]:
    """Return what the form of an action begins with."""
    names = set(forms.ActionForm.base_fields) - {"owner"}
    owner = f"{selectors.ROLE}{action.owner_role}" if action.owner_role else ""
    if action.owner_person_id:
        owner = f"{selectors.PERSON}{action.owner_person_id}"
    return {**{name: getattr(action, name) for name in names}, "owner": owner}


def of_thing(thing: Any) -> dict[str, Any]:
    """Return what the form of a new action begins with, from what it comes from."""
    if thing is None:
        return {}
    kind = KINDS.get(ref_of(thing).kind)
    return {"title": (kind.title(thing) if kind else str(thing))[:200]}


def _move(name: str, **texts: Any) -> Any:
    return ActionMoveScreen.as_view(
        subject=selectors.action_get,
        subject_name="action",
        service=getattr(services, name),
        crumbs=crumbs,
        **texts,
    )


def _form(name: str, form: Any, **texts: Any) -> Any:
    return FormScreen.as_view(
        subject=selectors.action_get,
        subject_name="action",
        service=getattr(services, name),
        form=form,
        crumbs=crumbs,
        **texts,
    )


action_list = ActionList.as_view(
    title=_("Actions"),
    intro=_("What is to be done, by whom and until when, wherever it comes from."),
    selector=selectors.action_list,
    filters=forms.ActionFilters,
    columns=ACTIONS,
    order="due",
    buttons=lambda *, actor: buttons_beside(actor, here="list"),
    bulk_buttons=(
        BulkButton(
            name="take",
            label=_("Take them on"),
            service=services.actions_take,
            rows_name="actions",
            done=_("What nobody else owned is yours."),
        ),
        BulkButton(
            name="start",
            label=_("Begin"),
            service=services.actions_start,
            rows_name="actions",
            done=_("The work on those that were decided has begun."),
        ),
        BulkButton(
            name="complete",
            label=_("They are done"),
            service=services.actions_complete,
            rows_name="actions",
            done=_("They are done; their effect is to be checked."),
        ),
        BulkButton(
            name="postpone",
            label=_("A month more"),
            service=services.actions_postpone,
            rows_name="actions",
            done=_("Those with a date have a month more."),
        ),
    ),
    empty=EMPTY,
)
board = Board.as_view(
    title=_("Actions"),
    intro=_("From proposal to an effect that shows."),
    template_name="actions/board.html",
    crumbs=(HOME,),
    is_wide=True,
)
calendar = Calendar.as_view(
    title=_("Actions"),
    intro=_("What is due, what is to be checked, and which decisions run out."),
    template_name="actions/calendar.html",
    crumbs=(HOME,),
    is_wide=True,
)
action_detail = DetailScreen.as_view(
    subject=selectors.action_get,
    template_name="actions/detail.html",
    content=action_content,
    buttons=action_buttons,
    crumbs=(HOME,),
    label="AMBER",
)
action_create = ActionCreate.as_view(
    title=_("Propose an action"),
    service=services.action_propose,
    initial=of_thing,
    button=_("Propose it"),
    done=_("The action is proposed."),
    crumbs=crumbs,
    back_url=lambda thing: thing.get_absolute_url() if thing else "/actions/",
)
action_change = ActionChangeScreen.as_view(
    title=_("Change the action"),
    subject=selectors.action_get,
    subject_name="action",
    initial=of_action,
    service=services.action_change,
    done=_("The change is saved."),
    crumbs=crumbs,
)
action_take = _move(
    "action_take",
    title=_("Take it on"),
    question=_("Take this action on yourself?"),
    consequence=_("You are reminded before its date."),
    button=_("Take it on"),
    done=_("The action is yours."),
)
action_plan = _move(
    "action_plan",
    title=_("Plan it"),
    question=_("Is this to be done?"),
    consequence=_("It moves from proposed to decided. To keep who decided, record a decision."),
    button=_("Plan it"),
    done=_("It is to be done."),
)
action_start = _move(
    "action_start",
    title=_("Begin"),
    question=_("Has the work begun?"),
    button=_("It has begun"),
    done=_("The work has begun."),
)
action_reconsider = _move(
    "action_reconsider",
    title=_("Take it up again"),
    question=_("Make it a proposal again?"),
    button=_("Take it up again"),
    done=_("It is a proposal again."),
)
action_decline = _form(
    "action_decline",
    forms.DeclineReasonForm,
    title=_("Decline the action"),
    intro=_("It is kept, with the reason, and can be taken up again."),
    button=_("Decline it"),
    done=_("The action is declined."),
)
action_complete = _form(
    "action_complete",
    forms.DoneForm,
    title=_("The action is done"),
    intro=_("What remains is to see whether it helped. Only then is the action closed."),
    initial=lambda action: {
        "effect_question": action.effect_question,
        "effect_due_on": action.effect_due_on,
    },
    button=_("It is done"),
    done=_("It is done. You will be asked whether it helped."),
)
effect_check = _form(
    "effect_check",
    forms.CheckForm,
    title=_("Did it help?"),
    button=_("Save the answer"),
    done=_("Your answer is saved."),
)
action_note = _form(
    "action_note",
    forms.NoteForm,
    title=_("Write a note"),
    done=_("The note is in the history."),
    done_url=lambda event: event.action.get_absolute_url(),
)
