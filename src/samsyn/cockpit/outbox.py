"""The outbox: what was sent or kept, to whom, and whether it arrived.

It stands here because messages, below the screens, cannot show pages of its own.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.access.reading import note_opened
from samsyn.findings.undelivered import letter_settle
from samsyn.kernel.secret_links import MASK
from samsyn.messages.models import LETTERS, Message, MessageKind, MessageState
from samsyn.messages.sealing import Body, unseal
from samsyn.messages.selectors import UNREACHED, may_read, message_get, message_list
from samsyn.messages.services import message_address_restore, message_resend, message_return
from samsyn.messages.showing import FRAME_MAY, html_in_frame
from samsyn.ui.components import EmptyState, Fact, FactList, Panel, StateBadge, Tone
from samsyn.ui.filters import FilterForm
from samsyn.ui.moments import moment_text
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import ActionScreen, Button, Column, DetailScreen, ListScreen, Screen

OUTBOX = Crumb(label=_("Outbox"), url="/outbox/")
TONES = {
    MessageState.WAITING: Tone.INFO,
    MessageState.SENDING: Tone.INFO,
    MessageState.SENT: Tone.SUCCESS,
    MessageState.KEPT: Tone.NEUTRAL,
    MessageState.FAILED: Tone.DANGER,
    MessageState.GIVEN_UP: Tone.DANGER,
    MessageState.RETURNED: Tone.DANGER,
}
STATES = (
    ("", _("all")),
    (UNREACHED, _("did not arrive, address not used")),
    *MessageState.choices,
)


class OutboxFilters(FilterForm):
    """What the outbox can be narrowed by."""

    search = forms.CharField(label=_("Search"), widget=forms.SearchInput, max_length=100)
    state = forms.ChoiceField(label=_("State"), choices=STATES)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *MessageKind.choices])


def state_badge(message: Message) -> StateBadge:
    """Return the state of a message as a badge."""
    state = MessageState(message.state)
    return StateBadge(state=state.value, text=state.label, tone=TONES[state])


def shown_body(message: Message) -> Body:
    """Return what the message says, with links that open nothing.

    A link is the receiver's key: whoever reads the outbox acts under their own name. In a
    demonstration, where no mail leaves, the links are how it is tried.
    """
    kept = Body(message.text, message.html, message.sealed)
    return unseal(kept) if settings.DEMONSTRATION else kept


def message_buttons(*, actor: Actor, subject: Message) -> tuple[Button, ...]:
    """Return what this actor may do with a message."""
    if not actor.may(Permission.MESSAGES_SEND, subject.organisation_id):
        return ()
    buttons = []
    if subject.can_be_resent:
        url = reverse("messages:resend", args=[subject.pk])
        buttons.append(Button(label=_("Send again"), url=url, is_primary=True))
    if subject.can_come_back:
        url = reverse("messages:return", args=[subject.pk])
        buttons.append(Button(label=_("This message came back"), url=url))
    if subject.blocks_address:
        url = reverse("messages:restore", args=[subject.pk])
        buttons.append(Button(label=_("Use the address again"), url=url))
    return tuple(buttons)


def message_content(*, actor: Actor, subject: Message) -> dict[str, Any]:
    """Return what the page of a message shows."""
    readable = may_read(actor=actor, message=subject)
    text = shown_body(subject).text if readable else ""
    return {
        "badge": state_badge(subject),
        "facts": Panel(title=_("About the message"), body=FactList(facts=_facts(subject))),
        "is_readable": readable,
        "text": text,
        "is_masked": MASK in text,
        "body_url": reverse("messages:body", args=[subject.pk]) if subject.html else "",
        "frame_may": FRAME_MAY,
    }


def _facts(message: Message) -> tuple[Fact, ...]:
    problem = message.get_problem_display() if message.problem else ""
    code = f" ({message.problem_code})" if message.problem_code else ""
    facts = [
        Fact(name=_("To"), value=message.to),
        Fact(name=_("From"), value=message.operator.name),
        Fact(name=_("Concerns"), value=message.organisation.name),
        Fact(name=_("Kind"), value=message.get_kind_display()),
        Fact(name=_("Language"), value=message.get_language_display()),
        Fact(name=_("Findings"), value=_findings_told(message)),
        Fact(name=_("Attached"), value=_attached(message)),
        Fact(name=_("Written"), value=moment_text(message.created_at)),
        Fact(name=_("Sent"), value=moment_text(message.sent_at) if message.sent_at else None),
        Fact(name=_("Tries"), value=message.attempts),
    ]
    if problem:
        facts.append(Fact(name=_("Last problem"), value=f"{problem}{code}"))
    if message.undone_at:
        facts.append(
            Fact(name=_("Not counted as told since"), value=moment_text(message.undone_at))
        )
    if message.blocks_address:
        facts.append(Fact(name=_("The address"), value=_("No further letter goes to it.")))
    if message.state == MessageState.WAITING and message.next_try_at:
        facts.append(Fact(name=_("Next try"), value=moment_text(message.next_try_at)))
    return tuple(facts)


def _attached(message: Message) -> str | None:
    """Return the name and size of the file that goes with a message; None without one."""
    if not message.file_text:
        return None
    return f"{message.file_name} ({filesizeformat(len(message.file_bytes))})"


def _findings_told(message: Message) -> int | None:
    """Return how many findings a letter tells of; nothing where it tells of something else."""
    about = message.about
    return len(about.get("ids", ())) if about.get("type") == "findings.Finding" else None


class ReturnScreen(ActionScreen):
    """Says that a message came back; what it alone told counts as not told at once."""

    def run(self, subject: Any, **given: Any) -> Any:
        """Record it, and settle the letter if it told of findings."""
        with transaction.atomic():
            returned = super().run(subject, **given)
            if subject.kind in LETTERS:
                letter_settle(actor=self.request.actor, letter=subject, now=timezone.now())
        return returned


class BodyScreen(Screen):
    """A message's own page, for the frame on the message's page."""

    def get(self, request: ActorRequest, pk: int) -> HttpResponse:
        message = message_get(actor=request.actor, pk=pk)
        if not may_read(actor=request.actor, message=message):
            request.actor.require(Permission.PEOPLE_CHANGE, message.organisation_id)
        note_opened(request.actor, message)
        return html_in_frame(request, shown_body(message).html)


outbox = ListScreen.as_view(
    title=_("Outbox"),
    intro=_("What was sent to members, or kept here where nothing is sent."),
    selector=message_list,
    filters=OutboxFilters,
    columns=(
        Column(
            name="subject",
            label=_("Subject"),
            cell=lambda m: format_html('<span lang="{}">{}</span>', m.language, m.subject),
            url=Message.get_absolute_url,
            sort=("subject",),
            is_fixed=True,
        ),
        Column(name="to", label=_("To"), sort=("to",)),
        Column(
            name="organisation",
            label=_("Concerns"),
            value=lambda m: m.organisation.name,
            sort=("organisation__name",),
        ),
        Column(name="kind", label=_("Kind"), value=lambda m: m.get_kind_display(), sort=("kind",)),
        Column(
            name="state",
            label=_("State"),
            value=lambda m: m.get_state_display(),
            cell=state_badge,
            sort=("state",),
        ),
        Column(name="created_at", label=_("Written"), sort=("created_at",)),
        Column(name="sent_at", label=_("Sent"), sort=("sent_at",)),
        Column(name="attempts", label=_("Tries"), is_numeric=True, is_shown=False),
        Column(
            name="problem",
            label=_("Last problem"),
            value=lambda m: m.get_problem_display(),
            is_shown=False,
        ),
    ),
    order="-created_at",
    empty=EmptyState(
        title=_("Nothing has been sent yet"),
        text=_("Letters to members are shown here as soon as they are written."),
        action=_("See what is to be told"),
        url="/findings/tell/",
        permission=Permission.MESSAGES_SEND,
    ),
)
message = DetailScreen.as_view(
    subject=message_get,
    template_name="cockpit/message.html",
    content=message_content,
    buttons=message_buttons,
    crumbs=(OUTBOX,),
)
message_body = BodyScreen.as_view()
resend = ActionScreen.as_view(
    title=_("Send again"),
    question=_("Send this message again?"),
    consequence=_("Samsyn tries again from the beginning. The message has not arrived before."),
    button=_("Send again"),
    subject=message_get,
    subject_name="message",
    service=message_resend,
    done=_("The message is on its way."),
    crumbs=(OUTBOX,),
)
came_back = ReturnScreen.as_view(
    title=_("This message came back"),
    question=_("Has this message come back?"),
    consequence=_(
        "What it alone has told counts as not told, and the next contact gets it with the next "
        "letters. No further letter goes to this address until you say so."
    ),
    button=_("It came back"),
    subject=message_get,
    subject_name="message",
    service=message_return,
    done=_("The message is recorded as come back."),
    crumbs=(OUTBOX,),
)
restore = ActionScreen.as_view(
    title=_("Use the address again"),
    question=_("Use this address again?"),
    consequence=_(
        "Letters go to it as long as it is a contact's. Say so when the mailbox works again, or "
        "when the contact has got another address."
    ),
    button=_("Use the address again"),
    subject=message_get,
    subject_name="message",
    service=message_address_restore,
    done=_("The address is used again."),
    crumbs=(OUTBOX,),
)
