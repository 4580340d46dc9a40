from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from samsyn.access.database_roles import as_owner, is_postgresql, secure
from samsyn.kernel.errors import SamsynError


class Command(BaseCommand):
    help = (
        "On PostgreSQL: make or update the application's role, its rights and the row policies, "
        "as the owner named by SAMSYN_DATABASE_OWNER_URL. Run again, it changes nothing."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not is_postgresql():
            raise CommandError("SQLite has no roles: there is nothing to secure.")
        with as_owner() as is_owner:
            if not is_owner:
                raise CommandError(
                    "Set SAMSYN_DATABASE_OWNER_URL to the role that owns the tables."
                )
            try:
                role, tables = secure()
            except SamsynError as error:
                raise CommandError(str(error)) from error
            except DatabaseError as error:
                raise CommandError(f"The database refused: {error}") from error
        self.stdout.write(f"{role} reads and writes rows only; policies made on {tables} tables.")
