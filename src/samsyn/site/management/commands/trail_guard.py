from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from samsyn.access.cli import console_actor
from samsyn.access.database_roles import as_owner
from samsyn.audit.guards import guards_make
from samsyn.audit.services import record

GUARDED = "audit.guard"


class Command(BaseCommand):
    help = (
        "Make anew what keeps the database from changing the trail, where it is gone or altered, "
        "and put that on record. Run samsyn trail_verify --anchor afterwards: it finds what was "
        "changed meanwhile."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        with as_owner():
            try:
                made = guards_make()
            except DatabaseError as error:
                raise CommandError(
                    f"The database refused: {error}. Where the application has a role of its own, "
                    "set SAMSYN_DATABASE_OWNER_URL to the role that owns the tables."
                ) from error
        if not made:
            self.stdout.write("Nothing was missing.")
            return
        record(actor=console_actor().label, person_id=None, action=GUARDED, changes={"made": made})
        self.stdout.write(f"Made anew: {', '.join(made)}.")
