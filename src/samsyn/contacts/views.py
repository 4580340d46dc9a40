from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.contacts.entity import CONTACT
from samsyn.contacts.services import DONE
from samsyn.entities.screens import Screens
from samsyn.organisations.sharing import speaks_for
from samsyn.ui.screens import Button


class Contacts(Screens):
    """Contacts are removed, not retired; the forms lead to the organisation."""

    @staticmethod
    def led_to(contact: Any) -> str:
        """Return the page of the organisation that is reached so."""
        return str(contact.organisation.get_absolute_url())

    def buttons(self, *, actor: Actor, subject: Any) -> tuple[Button, ...]:
        """Return what this actor may do; not what only the organisation's own people do."""
        buttons = super().buttons(actor=actor, subject=subject)
        if not buttons or not speaks_for(actor, CONTACT.change, subject.owner_id):
            return ()
        remove = reverse("organisations:contact-remove", args=[subject.pk])
        return (*buttons, Button(label=_("Remove"), url=remove))


PAGES = Contacts(CONTACT, DONE)
