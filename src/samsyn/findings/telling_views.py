"""Approving what is told: who gets what, how it reads, and one button that sends it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.models import LANGUAGES
from samsyn.access.permissions import Permission
from samsyn.findings import telling, telling_selectors
from samsyn.findings.beginning import is_begun, telling_begin
from samsyn.findings.mailings import Receiver
from samsyn.findings.telling import TellingResult
from samsyn.findings.telling_rounds import (
    Preview,
    letters_previewed,
    previewed_mark,
    routes_to,
)
from samsyn.jobs.services import job_start
from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.messages.showing import FRAME_MAY, html_in_frame
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import operator_require, operator_with
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import ActionScreen, Column, Screen
from samsyn.ui.tables import ColumnHeading, table_html

FINDINGS = Crumb(label=_("Findings"), url="/findings/")
LANGUAGE_NAMES = dict(LANGUAGES)
WAITED_FOR_MOST = 50  # members; some 40 ms each
TELL = Crumb(label=_("Tell the members"), url="/findings/tell/")


def sending_operator(actor: Actor) -> Organisation:
    """Return the operator that the actor may send letters for.

    Raises:
        NotFound: the actor works for none.
        NotAllowed: the actor may not send.

    """
    return operator_with(actor=actor, permission=Permission.MESSAGES_SEND)


def receivers_of(actor: Actor, operator: Organisation) -> list[Receiver]:
    """Return who would get a letter now."""
    routes = telling_selectors.route_list(actor=actor, operator=operator)
    return telling_selectors.receiver_list(actor=actor, routes=routes)


class TellScreen(Screen):
    """Who gets what, and the button that sends it."""

    template_name = "findings/tell.html"
    title = _("Tell the members")
    crumbs = (FINDINGS,)
    columns = (
        Column(
            name="organisation",
            label=_("Member"),
            url=lambda r: reverse("findings:tell-preview", args=[r.organisation.pk]),
            is_fixed=True,
        ),
        Column(name="findings", label=_("New findings"), is_numeric=True),
        Column(name="critical", label=_("Of which critical"), is_numeric=True),
        Column(
            name="contacts",
            label=_("To"),
            value=lambda r: ", ".join(contact.email for contact in r.contacts),
        ),
        Column(
            name="language",
            label=_("Language"),
            value=lambda r: ", ".join(sorted({LANGUAGE_NAMES[c.spoken] for c in r.contacts})),
        ),
    )

    def get(self, request: ActorRequest) -> HttpResponse:
        operator = sending_operator(request.actor)
        routes = telling_selectors.route_list(actor=request.actor, operator=operator)
        receivers = telling_selectors.receiver_list(actor=request.actor, routes=routes)
        headings = [ColumnHeading(column=column) for column in self.columns]
        return self.show(
            receivers=receivers,
            table=table_html(headings, receivers, caption=self.title),
            silences=telling.silences(routes),
            is_begun=is_begun(operator),
        )

    def post(self, request: ActorRequest) -> HttpResponse:
        operator = sending_operator(request.actor)
        if len(receivers_of(request.actor, operator)) > WAITED_FOR_MOST:
            return self.in_background(operator)
        told = telling.finding_tell(actor=request.actor, operator=operator, now=timezone.now())
        return told_and_led_on(request, told)

    def in_background(self, operator: Organisation) -> HttpResponse:
        """Let the worker write the letters: a whole sector's take longer than anyone waits."""
        try:
            job_start(
                actor=self.request.actor,
                operator=operator,
                name="finding_tell",
                by_hand=True,
                operator_id=operator.pk,
            )
        except RuleViolation as error:
            messages.error(self.request, str(error))
        else:
            messages.success(
                self.request,
                gettext("The letters are being written. They come into the outbox one by one."),
            )
        return redirect("messages:outbox")


class PreviewScreen(Screen):
    """The letters to one member, as they would be sent now, and the button that sends them."""

    template_name = "findings/tell_preview.html"
    called = _("The letter about findings")
    crumbs = (FINDINGS, TELL)
    is_body = False

    def get(self, request: ActorRequest, pk: int) -> HttpResponse:
        operator = sending_operator(request.actor)
        receiver = self.receiver(operator, pk)
        self.seen(receiver.organisation)
        previews = self.previews(operator, receiver.organisation)
        asked = request.GET.get("to", "")
        chosen = next((p for p in previews if str(p.mailing.contact.pk) == asked), previews[0])
        if self.is_body:
            return html_in_frame(request, chosen.letter.html)
        return self.show(
            title=chosen.letter.subject,
            letter=chosen.letter,
            chosen=chosen.mailing.contact,
            readers=[(p.mailing.contact, LANGUAGE_NAMES[p.letter.language]) for p in previews],
            receiver=receiver,
            others=told_with(request.actor, operator, receiver.organisation),
            mark=previewed_mark(previews),
            body_url=f"{request.path}body/?to={chosen.mailing.contact.pk}",
            frame_may=FRAME_MAY,
        )

    def post(self, request: ActorRequest, pk: int) -> HttpResponse:
        if self.is_body:
            return HttpResponseNotAllowed(["GET"])
        operator = sending_operator(request.actor)
        place = self.receiver(operator, pk).organisation
        if request.POST.get("mark", "") != previewed_mark(self.previews(operator, place)):
            messages.error(
                request,
                gettext("The letter has changed since you read it. This is how it reads now."),
            )
            return redirect(request.path)
        told = telling.finding_tell(
            actor=request.actor, operator=operator, now=timezone.now(), only_to=place
        )
        return told_and_led_on(request, told)

    def previews(self, operator: Organisation, place: Organisation) -> list[Preview]:
        """Return the letters to the member as they would be sent now."""
        return letters_previewed(
            actor=self.request.actor, operator=operator, receiver=place, now=timezone.now()
        )

    def receiver(self, operator: Organisation, pk: int) -> Receiver:
        """Return the member that would get a letter now.

        Raises:
            NotFound: nothing is new to it, or it is not the actor's to see.

        """
        for receiver in receivers_of(self.request.actor, operator):
            if receiver.organisation.pk == pk:
                return receiver
        raise NotFound(_("Nothing to tell there."))


def told_with(actor: Actor, operator: Organisation, place: Organisation) -> list[str]:
    """Return who else is told when a letter is sent alone: those that share its findings."""
    routes = routes_to(actor=actor, operator=operator, only_to=place)
    receivers = telling_selectors.receiver_list(actor=actor, routes=routes)
    return sorted(r.organisation.name for r in receivers if r.organisation != place)


def told_and_led_on(request: ActorRequest, result: TellingResult) -> HttpResponse:
    """Say what was told and what was not, and lead on to the outbox."""
    text = ngettext(
        "%(count)d letter is written and on its way.",
        "%(count)d letters are written and on their way.",
        result.messages,
    )
    messages.success(request, text % {"count": result.messages})
    for failure in result.failed:
        messages.error(
            request,
            gettext("Not told: %(members)s. %(reason)s")
            % {"members": ", ".join(failure.organisations), "reason": failure.reason},
        )
    return redirect("messages:outbox")


tell_begin = ActionScreen.as_view(
    title=_("Let the letters go out"),
    question=_("Let letters about findings go out by themselves from now on?"),
    consequence=_(
        "Members are told of critical findings within minutes, and of the rest every morning. "
        "That holds also for all that waits now."
    ),
    button=_("Let them go out"),
    subject=operator_require,
    subject_name="operator",
    service=telling_begin,
    done=_("Letters about findings go out by themselves from now on."),
    crumbs=(FINDINGS, TELL),
    done_url=TELL.url,
    back_url=TELL.url,
)
tell = TellScreen.as_view()
tell_preview = PreviewScreen.as_view()
tell_preview_body = PreviewScreen.as_view(is_body=True)
