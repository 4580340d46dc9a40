from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from inspect import signature
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from samsyn.access.commands import command_of
from samsyn.access.http import ActorRequest
from samsyn.access.permissions import lacking
from samsyn.kernel.errors import Conflict, RuleViolation
from samsyn.ui.components.base import Text
from samsyn.ui.filters import ActorForm
from samsyn.ui.screens.screen import Screen, nothing

VERSION_DIGITS = 9


@cache
def _asked(service: Callable[..., Any]) -> frozenset[str]:
    """Return the names of what a service asks for."""
    return frozenset(signature(service).parameters)


class _Writing(Screen):
    """What a form and an act share: one service, and what happens when it is done.

    A service that asks for ``now`` or ``today`` is told the moment or the day, and one that
    asks for ``seen`` the version that the form was filled from. ``given`` names what else it
    is given, each by a call that is made when it is done. With ``is_back_at_subject``
    one is led back to what it was done to, not to what came out of it.
    """

    service: Callable[..., Any] = staticmethod(nothing)
    subject_name = ""
    given: Mapping[str, Callable[[], Any]] = MappingProxyType({})
    done: Text = ""
    done_url: Callable[..., str] | str = ""
    back_url: Callable[..., str] | str = ""
    is_back_at_subject = False

    def check_allowed(self, subject: Any) -> None:
        """Do not show a form to someone who may not send it."""
        known = command_of(self.service)
        actor = self.request.actor
        if known.permission is None:
            return
        if subject is not None and hasattr(subject, "owner_id"):
            known.require(actor, subject)
        elif not actor.may_anywhere(known.permission):
            raise lacking(known.permission)

    def run(self, subject: Any, **given: Any) -> Any:
        """Call the service, with the subject under the name it has there."""
        own = {self.subject_name: subject} if self.subject_name else {}
        asked = _asked(self.service)
        more = {name: make() for name, make in self.injected().items() if name in asked}
        more |= {name: make() for name, make in self.given.items()}
        return self.service(actor=self.request.actor, **own, **{**more, **given})

    def injected(self) -> dict[str, Callable[[], Any]]:
        """Return the arguments that a service gets when it declares them: ``now`` and others."""
        return {"now": timezone.now, "today": timezone.localdate, "seen": self.version_seen}

    def version_seen(self) -> int | None:
        """Return the version that the form was filled from, if it says so."""
        given = self.request.POST.get("version", "")
        return (
            int(given)
            if given.isascii() and given.isdigit() and len(given) <= VERSION_DIGITS
            else None
        )

    def after(self, subject: Any, result: Any) -> HttpResponse:
        """Say that it is done and go on: to ``done_url``, else to what came out of it."""
        if self.done:
            messages.success(self.request, str(self.done))
        result = subject if self.is_back_at_subject else result
        target = _address(self.done_url, result) or _place_of(result) or _place_of(subject)
        target = target or self.request.get_full_path()
        if self.request.htmx:  # a plain redirect would be swapped into the page
            return HttpResponseClientRedirect(resolve_url(target))
        return redirect(target)

    def way_back(self, subject: Any) -> str:
        """Return where "Cancel" leads."""
        return _address(self.back_url, subject) or _place_of(subject) or "/"


class FormScreen(_Writing):
    """A form that calls one service; a broken rule becomes a form error.

    ``initial(subject)`` fills the form; ``for_form(subject)`` is what the form asks for besides
    the actor, such as whose people it offers; ``content(actor, subject)`` is what its page shows
    beside the form, as a DetailScreen's; ``version(subject)`` tells whether somebody
    else changed the thing meanwhile (its ``updated_at`` or ``version`` by itself).
    """

    template_name = "ui/form.html"
    part = "ui/form.html#form"
    form: type[ActorForm] = ActorForm
    initial: Callable[..., dict[str, Any]] | None = None
    version: Callable[..., str] | None = None
    content: Callable[..., dict[str, Any]] | None = None
    button: Text = _("Save")

    def upload_most(self) -> int:
        """Return how many bytes a file sent here may have; 0 where none is taken."""
        return 0

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        subject = self.get_subject(**url)
        self.check_allowed(subject)
        initial = self.initial(subject) if self.initial else {}
        form = self.form(actor=request.actor, initial=initial, **self.for_form(subject))
        return self.page(subject, form)

    def post(self, request: ActorRequest, **url: Any) -> HttpResponse:
        subject = self.get_subject(**url)
        self.check_allowed(subject)
        form = self.form(request.POST, request.FILES, actor=request.actor, **self.for_form(subject))
        self.say_if_too_large(form)
        if form.is_valid():
            if self.is_stale(subject):
                return self.page(subject, form, status=409, is_stale=True)
            try:
                result = self.run(subject, **form.cleaned_data)
            except RuleViolation as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            except Conflict:
                return self.page(subject, form, status=409, is_stale=True)
            else:
                return self.after(subject, result)
        return self.page(subject, form, status=422)

    def say_if_too_large(self, form: forms.Form) -> None:
        """Say at the field when the file was too large to be taken in at all."""
        if getattr(self.request, "is_too_large", False):
            form.errors.pop("file", None)
            megabytes = self.upload_most() // 1024**2
            text = _("The file is larger than %d MB, which is the most that is kept.") % megabytes
            form.add_error("file", text)

    def for_form(self, subject: Any) -> dict[str, Any]:
        """Return what the form is given besides the actor."""
        del subject
        return {}

    def page(self, subject: Any, form: forms.Form, status: int = 200, **more: Any) -> HttpResponse:
        """Show the form, with all that was typed."""
        if self.content is not None:
            more = {**self.content(actor=self.request.actor, subject=subject), **more}
        return self.show(
            status=status,
            form=form,
            object=subject,
            version=self.version_of(subject),
            button=self.button,
            back_url=self.way_back(subject),
            is_multipart=form.is_multipart(),
            **more,
        )

    def version_of(self, subject: Any) -> str:
        """Return a mark that changes whenever the thing does; empty where there is none."""
        if self.version is not None:
            return str(self.version(subject))
        found = getattr(subject, "version", None) or getattr(subject, "updated_at", None)
        return str(found or "")

    def is_stale(self, subject: Any) -> bool:
        """Whether the thing has changed since the form was fetched."""
        seen = self.request.POST.get("version", "")
        return bool(seen) and seen != self.version_of(subject)


class ActionScreen(_Writing):
    """One press that does one thing. Asked for by its address, it asks back first."""

    template_name = "ui/action.html"
    part = "ui/action.html#act"
    question: Text = ""
    consequence: Text = ""
    button: Text = _("Yes, do it")
    is_dangerous = False

    def get(self, _request: ActorRequest, **url: Any) -> HttpResponse:
        subject = self.get_subject(**url)
        self.check_allowed(subject)
        if refusal := self.refusal(subject):
            return self.page(subject, status=422, refusal=refusal, is_over=True)
        return self.page(subject)

    def post(self, _request: ActorRequest, **url: Any) -> HttpResponse:
        subject = self.get_subject(**url)
        self.check_allowed(subject)
        try:
            result = self.run(subject)
        except RuleViolation as error:
            is_over = bool(self.refusal(subject))
            return self.page(subject, status=422, refusal=str(error), is_over=is_over)
        return self.after(subject, result)

    def page(self, subject: Any, status: int = 200, **more: Any) -> HttpResponse:
        """Ask whether it shall be done."""
        said = {
            "title": self.title or self.question,
            "question": self.question,
            "consequence": self.consequence,
            "button": self.button,
            **self.words(subject),
        }
        return self.show(
            status=status,
            object=subject,
            is_dangerous=self.is_dangerous,
            back_url=self.way_back(subject),
            **said,
            **more,
        )

    def refusal(self, subject: Any) -> str:
        """Return why it cannot be done to this subject any more; then nothing is asked."""
        del subject
        return ""

    def words(self, subject: Any) -> dict[str, Any]:
        """Return what is said otherwise of this subject; ``facts`` is shown instead of its name."""
        del subject
        return {}


def _address(given: Callable[..., str] | str, thing: Any) -> str:
    return str(given(thing)) if callable(given) else str(given)


def _place_of(thing: Any) -> str:
    return str(thing.get_absolute_url()) if hasattr(thing, "get_absolute_url") else ""
