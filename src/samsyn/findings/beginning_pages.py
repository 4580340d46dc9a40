"""What the desk says while the first letters wait for a person to say go."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.findings.beginning import is_begun
from samsyn.findings.telling import finding_tell_plan
from samsyn.kernel.errors import SamsynError
from samsyn.organisations.selectors import operator_with
from samsyn.ui.components import Alert, Tone


def quiet_alert(*, actor: Actor) -> Alert | None:
    """Return that letters wait, and where to say go; None once they go, and for who sends none."""
    try:
        operator = operator_with(actor=actor, permission=Permission.MESSAGES_SEND)
    except SamsynError:
        return None
    if is_begun(operator):
        return None
    members = finding_tell_plan(actor=actor, operator=operator).members
    if not members:
        return None
    said = ngettext(
        "%d member waits for its first letter.", "%d members wait for their first letters.", members
    )
    link = format_html(
        '<a class="ds-link" href="{}">{}</a>', reverse("findings:tell"), said % members
    )
    text = format_html("{} {}", _("No letter goes out by itself before you say so."), link)
    return Alert(title=_("Nobody has been told of anything yet"), text=text, tone=Tone.WARNING)
