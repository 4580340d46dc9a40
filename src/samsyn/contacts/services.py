from __future__ import annotations

from samsyn.contacts.entity import CONTACT
from samsyn.entities.services import services

DONE = services(CONTACT)
contact_add, contact_change, contacts_change, contacts_import = DONE[:4]
