from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from samsyn.access.database_roles import as_owner, require_owner, secure
from samsyn.kernel.errors import SamsynError


class Command(migrate.Command):
    help = (
        "Bring the database's tables up to date: as the owner, followed by `database_secure`, "
        "when SAMSYN_DATABASE_OWNER_URL is set."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if options.get("database", DEFAULT_DB_ALIAS) != DEFAULT_DB_ALIAS:
            super().handle(*args, **options)
            return
        with as_owner() as is_owner:
            if not _only_looks(options) and _has_work():
                self.require_owner()
            super().handle(*args, **options)
            if is_owner and not _only_looks(options):
                self.secure()

    def require_owner(self) -> None:
        """Say which role is needed, before the database refuses in words of its own."""
        try:
            require_owner()
        except SamsynError as error:
            raise CommandError(str(error)) from error

    def secure(self) -> None:
        """Give the application's role what it needs of the new tables."""
        try:
            secure()
        except SamsynError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database refused: {error}") from error


def _has_work() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _only_looks(options: dict[str, Any]) -> bool:
    return bool(options.get("plan") or options.get("check_unapplied"))
