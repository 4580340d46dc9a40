from __future__ import annotations

from samsyn.contacts.entity import CONTACT
from samsyn.contacts.services import DONE
from samsyn.entities.api import api_router

router = api_router(CONTACT, DONE)
