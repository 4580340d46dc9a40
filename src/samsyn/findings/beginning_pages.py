"""What the desk says while the first letters wait for a person to say go."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.findings.beginning import is_begun
from samsyn.kernel.errors import SamsynError
from samsyn.organisations.selectors import operator_with
from samsyn.ui.components import Alert, Tone


def quiet_alert(*, actor: Actor, untold: int) -> Alert | None:
    """Return that letters wait, and where to say go; None once they go, and for who sends none.

    Args:
        actor: who reads the desk.
        untold: how many findings nobody has been told of.

    """
    if not untold:
        return None
    try:
        operator = operator_with(actor=actor, permission=Permission.MESSAGES_SEND)
    except SamsynError:
        return None
    if is_begun(operator):
        return None
    said = _("See who waits for a first letter.")  # counting them is for that page
    link = format_html('<a class="ds-link" href="{}">{}</a>', reverse("findings:tell"), said)
    text = format_html("{} {}", _("No letter goes out by itself before you say so."), link)
    return Alert(title=_("Nobody has been told of anything yet"), text=text, tone=Tone.WARNING)
