"""A contact: its fields, its words, and who alone may say where letters go."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.contacts.panels import refused_panel
from samsyn.entities.declaration import Entity, EntityWords, Field
from samsyn.organisations.models import Contact
from samsyn.organisations.sharing import must_be_its_own


def its_own(*, actor: Actor, thing: Contact, changed: Collection[str]) -> None:
    """Leave to the organisation's own people what either of two CSIRTs could silence."""
    del changed
    must_be_its_own(actor, Permission.ORGANISATIONS_CHANGE, thing.organisation)


CONTACT = Entity(
    model=Contact,
    at="contacts",
    view=Permission.ORGANISATIONS_VIEW,
    change=Permission.ORGANISATIONS_CHANGE,
    order="organisation",
    keys=("purpose", "email"),
    rule=its_own,
    panels=(refused_panel,),
    fields=(
        Field(
            "email",
            help=_("Better a shared mailbox than a person: people go on holiday."),
            is_searched=True,
        ),
        Field("purpose", filter="exact"),
        Field("name", is_searched=True),
        Field("phone"),
        Field("language", nothing=_("as the organisation"), filter="exact", is_bulk=True),
    ),
    words=EntityWords(
        intro=_("Where organisations want to be reached, and for what."),
        empty=_("No contact yet"),
        empty_text=_("Without a technical contact, nobody is told of findings."),
        add=_("Add a contact"),
        added=_("The contact is added."),
        change=_("Change the contact"),
        import_sheet=_("Import contacts"),
        imported=_("The contacts are imported."),
        change_several=_("Change several contacts"),
    ),
)
