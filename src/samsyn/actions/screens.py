"""The screens of actions that are more than a table of words: list, board, calendar, the forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.actions import forms, selectors
from samsyn.actions.board import board_columns
from samsyn.actions.calendar import month_asked, month_of
from samsyn.actions.comparing import both_panel
from samsyn.kernel.errors import NotFound
from samsyn.kernel.refs import Ref, thing_at
from samsyn.organisations.screens import NewForm, OwnForm
from samsyn.ui.components import EmptyState
from samsyn.ui.navigation import Crumb
from samsyn.ui.paging import Page
from samsyn.ui.screens import (
    ActionScreen,
    Button,
    Column,
    ListScreen,
    PageScreen,
)

HOME = Crumb(label=_("Actions"), url="/actions/?state=unclosed")
EMPTY = EmptyState(
    title=_("No action yet"),
    text=_(
        "What a finding, a risk or a meeting shows must be done becomes an action: who does it, "
        "until when, and how we will see that it helped. Begin with one thing you already know."
    ),
    action=_("Propose an action"),
    url="/actions/new/",
    permission=Permission.ACTIONS_WORK,
)


def _ways(*, without: str) -> list[Button]:
    """Return the other ways to look at the same actions."""
    ways = (("list", _("List")), ("board", _("Board")), ("calendar", _("Calendar")))
    return [
        Button(
            label=label,
            url=reverse(f"actions:{name}") + ("?state=unclosed" if name == "list" else ""),
        )
        for name, label in ways
        if name != without
    ]


def buttons_beside(actor: Actor, *, here: str) -> tuple[Button, ...]:
    """Return what can be done beside the list, the board and the calendar."""
    buttons = _ways(without=here)
    if actor.may_anywhere(Permission.ACTIONS_WORK):
        url = reverse("actions:create")
        buttons.append(Button(label=_("Propose an action"), url=url, is_primary=True))
    return tuple(buttons)


class ActionList(ListScreen):
    """The list, which says of the rows on a page whose owner has left."""

    def table(self, page: Page, columns: Sequence[Column]) -> SafeString:
        gone = selectors.gone_among(actor=self.request.actor, actions=page.rows)
        for action in page.rows:
            action.is_owner_gone = action.pk in gone
        return super().table(page, columns)


def _looked_at(actor: Actor, form: forms.BoardFilters) -> Any:
    """Return the organisation that a page is narrowed to, if the actor sees actions there."""
    asked = form.given().get("organisation")
    may = asked is not None and actor.may(Permission.ACTIONS_VIEW, asked.pk)
    return asked if may else None


class Board(PageScreen):
    """A column for each state; works without JavaScript by a button on each card."""

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        del url
        form = forms.BoardFilters(request.GET, actor=request.actor)
        columns = board_columns(actor=request.actor, **form.for_selector())
        shown = [card.action for column in columns for card in column.cards]
        self.note_shown(shown, _looked_at(request.actor, form))
        is_empty = not any(column.total for column in columns) and not form.given()
        return self.show(
            form=form,
            columns=columns,
            buttons=buttons_beside(request.actor, here="board"),
            empty=EMPTY.for_actor(request.actor) if is_empty else None,
            back=request.get_full_path(),
        )


class Calendar(PageScreen):
    """What is due on each day of a month."""

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        del url
        form = forms.BoardFilters(request.GET, actor=request.actor)
        period = month_asked(request.GET.get("month", ""), today=timezone.localdate())
        month = month_of(actor=request.actor, period=period, **form.for_selector())
        self.note_shown(month.items, _looked_at(request.actor, form))
        return self.show(
            form=form,
            month=month,
            shown=str(period),
            buttons=buttons_beside(request.actor, here="calendar"),
            before_url=self.month_url(month.before),
            after_url=self.month_url(month.after),
            today_url=self.month_url(""),
        )

    def month_url(self, month: str) -> str:
        """Return the address of another month, narrowed in the same way."""
        query = {k: v for k, v in self.request.GET.items() if v and k != "month"}
        query |= {"month": month} if month else {}
        return f"?{urlencode(query)}"


class ActionMoveScreen(ActionScreen):
    """One press that moves an action; from the board it goes back there."""

    def after(self, subject: Any, result: Any) -> HttpResponse:
        response = super().after(subject, result)
        back = self.request.POST.get("back", "")
        host = {self.request.get_host()}
        if back.startswith("/actions/") and url_has_allowed_host_and_scheme(back, host):
            return redirect(back)
        return response


class ActionCreate(NewForm):
    """A new action; ``?for=`` names the thing it comes from."""

    form = forms.NewActionForm
    permission = Permission.ACTIONS_WORK
    subject_name = "thing"

    def get_subject(self, **url: Any) -> Any:
        del url
        text = self.request.GET.get("for", "")
        thing = thing_at(Ref.read(text), actor=self.request.actor) if text else None
        if thing is not None and not hasattr(thing, "organisation"):
            raise NotFound(_("No action comes from it."))
        return self.seen(thing)

    def for_form(self, subject: Any) -> dict[str, Any]:
        home = subject.organisation if subject is not None else self.home()
        return {"thing": subject, "organisation": home}

    def run(self, subject: Any, **given: Any) -> Any:
        if subject is not None:
            given["organisation"] = subject.organisation
        return super().run(subject, **given)

    def after(self, subject: Any, result: Any) -> HttpResponse:
        del subject
        return super().after(None, result)


class ActionChangeScreen(OwnForm):
    """Changes an action. Whoever is second is shown both, and nothing typed is lost."""

    form = forms.ActionForm
    template_name = "actions/change.html"

    def page(
        self, subject: Any, form: django_forms.Form, status: int = 200, **more: Any
    ) -> HttpResponse:
        if more.get("is_stale"):  # the service may have touched the one that we hold
            subject = selectors.action_get(actor=self.request.actor, pk=subject.pk)
            more["both"] = both_panel(subject, form)
        return super().page(subject, form, status, **more)
