from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions.pages import propose_url
from samsyn.entities.screens import Screens
from samsyn.ui.screens import Button


class SupplierScreens(Screens):
    """Leads from a supplier to what is to be done about it."""

    def buttons(self, *, actor: Actor, subject: Any) -> tuple[Button, ...]:
        """Return what this actor may do with one."""
        usual = super().buttons(actor=actor, subject=subject)
        if not actor.may(Permission.ACTIONS_WORK, subject.owner_id):
            return usual
        return (*usual, Button(label=_("Propose an action"), url=propose_url(subject)))
