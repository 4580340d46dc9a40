from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from psycopg import Error
from psycopg.pq import TransactionStatus

from samsyn.access import rows

assert is_psycopg3  # noqa: S101  what follows uses psycopg's own names
SET_SETTINGS = (
    "select count(set_config(name, value, false)) "
    "from unnest(%s::text[], %s::text[]) as settings (name, value)"
)
# Whether policies hold for the role that asks: not for an owner, and not before they are made.
IN_FORCE = (
    "select count(*) from pg_class "
    "where relname = 'organisations_organisation' and row_security_active(oid)"
)

ICU = (
    "select count(distinct collname) from pg_collation "
    "where collname in ('sv-x-icu', 'nb-x-icu', 'und-x-icu')"
)


# What overrides here has no types: Django's stubs leave out the names that begin with "_".
class DatabaseWrapper(base.DatabaseWrapper):
    """Sets on the connection for whom a query is run, when that has changed since the last one.

    The settings hold for the connection, not for the transaction: most pages have none.
    A rollback undoes settings made inside it, so they are then sent again. Nothing is assumed
    of a connection that comes from the pool, and it goes back with its settings emptied.
    """

    _icu: ClassVar[dict[str, bool]] = {}  # by database
    _in_force: ClassVar[dict[tuple[str, str], bool]] = {}  # by database and role

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._sent: dict[str, str] = {}
        self._sent_for: rows.DatabaseScope | None = None
        self._sent_inside = False  # a transaction that may yet be rolled back
        self.execute_wrappers.append(self._send_and_execute)

    @property
    def has_policies(self) -> bool:
        """Whether policies hold for the role of this connection; asked once for each role."""
        key = (str(self.settings_dict["NAME"]), self.settings_dict["USER"])
        if key not in self._in_force:
            with self.connection.cursor() as cursor:
                found = cursor.execute(IN_FORCE).fetchone()
            self._in_force[key] = bool(found and found[0])
        return self._in_force[key]

    @property
    def has_icu(self) -> bool:
        """Whether the server knows the orders of our languages; asked once for each database."""
        key = str(self.settings_dict["NAME"])
        if key not in self._icu:
            self.ensure_connection()
            with self.connection.cursor() as cursor:
                found = cursor.execute(ICU).fetchone()
            self._icu[key] = bool(found and found[0] == 3)  # noqa: PLR2004  three languages
        return self._icu[key]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._forget()
        return super().get_new_connection(conn_params)

    def _cursor(self, name: str | None = None) -> Any:
        cursor = super()._cursor(name)  # type: ignore[misc]  # the stubs leave out Django's own methods
        self._send_settings()
        return cursor

    def _send_and_execute(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if isinstance(sql, str) and rows.BEYOND in sql:
            with rows.beyond_scope("the query says why"):
                self._send_settings()
        else:
            self._send_settings()
        return execute(sql, params, many, context)

    def _send_settings(self) -> None:
        scope = rows.current()
        if scope is self._sent_for or self._status() == TransactionStatus.INERROR:
            return
        with self.wrap_database_errors:
            if not self.has_policies:
                return
        wanted = scope.settings()  # may read the scope of a person, itself beyond the scope
        new = {name: value for name, value in wanted.items() if self._sent.get(name) != value}
        if new:
            with self.wrap_database_errors:
                self.connection.execute(SET_SETTINGS, [list(new), list(new.values())])
            self._sent |= new
            self._sent_inside |= not self.connection.autocommit
        self._sent_for = scope

    def _forget(self) -> None:
        self._sent, self._sent_for, self._sent_inside = {}, None, False

    def _status(self) -> TransactionStatus:
        status: TransactionStatus = self.connection.info.transaction_status
        return status

    def _commit(self) -> None:
        if self.connection is not None and self._status() == TransactionStatus.INERROR:
            self._forget()  # PostgreSQL rolls back instead
        super()._commit()  # type: ignore[misc]  # the stubs leave out Django's own methods
        self._sent_inside = False

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]  # the stubs leave out Django's own methods
        if self._sent_inside:
            self._forget()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # the stubs leave out Django's own methods
        if self._sent_inside:
            self._forget()

    def _close(self) -> None:
        if self.connection is not None and self.pool and self._sent:
            self._clear()
        super()._close()  # type: ignore[misc]  # the stubs leave out Django's own methods

    def _clear(self) -> None:
        """Empty the settings before somebody else gets the connection."""
        names = list(self._sent)
        try:
            self.connection.rollback()
            self.connection.autocommit = True
            self.connection.execute(SET_SETTINGS, [names, [""] * len(names)])
        except Error:
            self.connection.close()  # the pool then throws it away
        self._forget()
