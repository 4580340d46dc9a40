"""What a contact's page says of letters that do not reach it."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.messages.selectors import UNREACHED, blocked_addresses, message_list
from samsyn.organisations.models import Contact
from samsyn.ui.components import Alert, Tone


def refused_panel(*, actor: Actor, thing: Contact) -> Alert | None:
    """Return that letters do not reach the address, and which; None while they do."""
    if thing.email.lower() not in blocked_addresses():
        return None
    letters = message_list(actor=actor, state=UNREACHED).filter(to__iexact=thing.email)
    links = format_html_join(
        ", ",
        '<a class="ds-link" href="{}" lang="{}">{}</a>',
        ((each.get_absolute_url(), each.language, each.subject) for each in letters),
    )
    text = _(
        "A letter to this address was refused or came back. No letter about findings goes to it "
        "any more: correct the address, or open the letter and say that it is to be used again."
    )
    said = format_html("{} {}", text, links) if links else text
    return Alert(title=_("Letters do not arrive here"), text=said, tone=Tone.DANGER)
