"""What a member's page says while nothing can be known of its findings: never a zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.monitoring.selectors import has_read_any
from samsyn.organisations.models import Organisation
from samsyn.ui.components import EmptyState, Panel

FIGURES = ("tiles", "newest", "kinds")  # what would show zeros


def unknown_place(resources: Mapping[str, int], subject: Organisation) -> EmptyState | None:
    """Return why it is not known what is open at an organisation; None when it is.

    Args:
        resources: its confirmed ones, counted by kind.
        subject: the organisation.

    """
    if not any(resources.values()):
        return EmptyState(
            title=_("We do not know yet what is open"),
            text=_(
                "No address range, AS number or domain is confirmed here. Without one, no report "
                "can be known to concern the organisation."
            ),
            action=_("Add a resource"),
            url=f"{reverse('assets:create')}?{urlencode({'organisation': subject.pk})}",
            permission=Permission.RESOURCES_CHANGE,
        )
    if not has_read_any():
        return EmptyState(
            title=_("We do not know yet what is open"),
            text=_("No report has come in yet. What concerns the organisation is then shown here."),
        )
    return None


def without_figures(
    content: dict[str, Any], subject: Organisation, *, actor: Actor
) -> dict[str, Any]:
    """Return a page's content, with why there is no figure in their place if none is known."""
    place = unknown_place(content["resources"], subject)
    if place is None:
        return content
    said = {"state": _("It is not known yet what is open."), **dict.fromkeys(FIGURES, "")}
    panel = Panel(title=_("Findings"), body=place.for_actor(actor).html())
    return {**content, **said, "worst": panel, "trend": ""}
