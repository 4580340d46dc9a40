from __future__ import annotations

from samsyn.contacts.entity import CONTACT
from samsyn.entities.commands import list_command

Command = list_command(CONTACT)
