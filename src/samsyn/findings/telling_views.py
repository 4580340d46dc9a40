"""Approving what is told: who gets what, how it reads, and one button that sends it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
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
from samsyn.findings.letters import Letter, letter_compose
from samsyn.findings.mailings import Receiver
from samsyn.findings.models import Finding
from samsyn.jobs.services import job_start
from samsyn.kernel.errors import NotFound, RuleViolation
from samsyn.messages.showing import FRAME_MAY, html_in_frame
from samsyn.organisations.models import Contact, Organisation
from samsyn.organisations.selectors import operator_with
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import Column, Screen
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
        )

    def post(self, request: ActorRequest) -> HttpResponse:
        operator = sending_operator(request.actor)
        if len(receivers_of(request.actor, operator)) > WAITED_FOR_MOST:
            return self.in_background(operator)
        told = telling.finding_tell(actor=request.actor, operator=operator, now=timezone.now())
        text = ngettext(
            "%(count)d letter is written and on its way.",
            "%(count)d letters are written and on their way.",
            told.messages,
        )
        messages.success(request, text % {"count": told.messages})
        for failure in told.failed:
            messages.error(
                request,
                gettext("Not told: %(members)s. %(reason)s")
                % {"members": ", ".join(failure.organisations), "reason": failure.reason},
            )
        return redirect("messages:outbox")

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
    """The letter to one member, as it would be sent now."""

    template_name = "findings/tell_preview.html"
    called = _("The letter about findings")
    crumbs = (FINDINGS, TELL)
    is_body = False

    def get(self, request: ActorRequest, pk: int) -> HttpResponse:
        operator = sending_operator(request.actor)
        receiver = self.receiver(operator, pk)
        self.seen(receiver.organisation)
        letters = preview_letters(request.actor, operator, receiver)
        chosen = letters.get(request.GET.get("language", "")) or next(iter(letters.values()))
        if self.is_body:
            return html_in_frame(request, chosen.html)
        return self.show(
            title=chosen.subject,
            letter=chosen,
            languages=[(code, LANGUAGE_NAMES[code]) for code in letters],
            readers=[(c.email, LANGUAGE_NAMES[c.spoken]) for c in receiver.contacts],
            receiver=receiver,
            body_url=f"{request.path}body/?language={chosen.language}",
            frame_may=FRAME_MAY,
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


def preview_letters(actor: Actor, operator: Organisation, receiver: Receiver) -> dict[str, Letter]:
    """Return the letter in each language that the receiver's contacts speak.

    The links for answering lead nowhere: there is no letter yet that they could name.
    """
    routes = telling_selectors.route_list(actor=actor, operator=operator)
    mine = [route for route in routes if receiver.organisation in route.receivers]
    findings = telling_selectors.routed_findings(routes=mine)
    place = receiver.organisation
    total = telling_selectors.open_totals(actor=actor, receivers=[place]).get(place.pk, 0)
    spoken: list[str] = sorted({_spoken(contact) for contact in receiver.contacts})
    given: dict[str, Any] = {
        "receiver": place,
        "operator": operator,
        "findings": findings,
        "open_total": total,
        "link_to": _no_link,
        "now": timezone.now(),
    }
    return {language: letter_compose(language=language, **given) for language in spoken}


def _spoken(contact: Contact) -> str:
    return contact.spoken


def _no_link(_finding: Finding | None) -> str:
    return "#"


tell = TellScreen.as_view()
tell_preview = PreviewScreen.as_view()
tell_preview_body = PreviewScreen.as_view(is_body=True)
