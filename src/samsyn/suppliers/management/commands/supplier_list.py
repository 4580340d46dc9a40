from __future__ import annotations

from samsyn.entities.commands import list_command
from samsyn.suppliers.entity import SUPPLIER

Command = list_command(SUPPLIER)
