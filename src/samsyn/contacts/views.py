from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.contacts.entity import CONTACT
from samsyn.contacts.services import DONE
from samsyn.entities.screens import Screens
from samsyn.organisations.sharing import speaks_for
from samsyn.ui.screens import Act


class Contacts(Screens):
    """Contacts are removed, not retired; the forms lead to the organisation."""

    @staticmethod
    def led_to(contact: Any) -> str:
        """Return the page of the organisation that is reached so."""
        return str(contact.organisation.get_absolute_url())

    def acts(self, *, actor: Actor, subject: Any) -> tuple[Act, ...]:
        """Return what this actor may do; not what only the organisation's own people do."""
        acts = super().acts(actor=actor, subject=subject)
        if not acts or not speaks_for(actor, CONTACT.change, subject.owner_id):
            return ()
        remove = reverse("organisations:contact-remove", args=[subject.pk])
        return (*acts, Act(label=_("Remove"), url=remove))


PAGES = Contacts(CONTACT, DONE)
