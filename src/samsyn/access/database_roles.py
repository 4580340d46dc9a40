"""The two roles on PostgreSQL: one that owns the tables, one that the application uses.

The application's role can read and write rows. It owns nothing, so it can neither alter a
table, nor take away a policy or a trigger; of the trail it can only add entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from psycopg.sql import SQL, Identifier, Literal

from samsyn.access import policies, policies_compared
from samsyn.kernel.errors import RuleViolation
from samsyn.settings import environment as env

ROWS = "select, insert, update, delete"
LATER = "alter default privileges in schema public grant"
TRAIL_APP = "audit"  # every table of this app can only be added to
TRAIL_ROWS = "select, insert"
TABLES = "select tablename from pg_tables where schemaname = 'public' order by tablename"
ROLE = (
    "select rolsuper, rolbypassrls, rolcreaterole or rolcreatedb from pg_roles where rolname = %s"
)
OWNED = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'S')
and pg_has_role(%s, c.relowner, 'member') order by c.relname limit 1
"""
TRAIL_CHANGES = """
select has_table_privilege(%s, %s, 'update') or has_table_privilege(%s, %s, 'delete')
or has_table_privilege(%s, %s, 'truncate') or has_table_privilege(%s, %s, 'trigger')
"""

OWN_SETTINGS = """
select s.setdatabase <> 0, split_part(unnest(s.setconfig), '=', 1)
from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase
where s.setrole = %s::regrole and (s.setdatabase = 0 or d.datname = current_database())
order by 2
"""

# On an older PostgreSQL everybody may create in "public": whose the tables are tells more.
MAY_ALTER = """
select current_user, has_schema_privilege('public', 'create') and not exists (
    select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p')
    and not pg_has_role(c.relowner, 'member')
)
"""


def owner_needed(role: str) -> str:
    """Return what to do for an act that only the owner of the tables can do."""
    return (
        f"This needs the role that owns the tables, and {role} does not. Set "
        "SAMSYN_DATABASE_OWNER_URL to the address of the same database with the owner's role, "
        "for this command only and never for the servers, and run it again. "
        "See docs/operations.md, Database roles on PostgreSQL."
    )


def owner() -> tuple[str, str]:
    """Return the owner's role and password; two empty texts when none is set.

    Raises:
        ImproperlyConfigured: the address is of another server or database, or of the
            application's own role.

    """
    url = env.DATABASE_OWNER_URL.value()
    if not url:
        return "", ""
    theirs, ours = urlsplit(url), urlsplit(env.DATABASE_URL.value())
    same = [(u.hostname, u.port or 5432, u.path) for u in (theirs, ours)]
    if same[0] != same[1]:
        raise ImproperlyConfigured(
            "SAMSYN_DATABASE_OWNER_URL and SAMSYN_DATABASE_URL must name the same database."
        )
    if theirs.username == ours.username:
        raise ImproperlyConfigured(
            "SAMSYN_DATABASE_OWNER_URL must name another role than SAMSYN_DATABASE_URL."
        )
    return unquote(theirs.username or ""), unquote(theirs.password or "")


@contextmanager
def as_owner() -> Iterator[bool]:
    """Be connected as the owner of the tables; as usual when no owner is set. Give which."""
    role, password = owner()
    if not role or connection.settings_dict["USER"] == role:
        yield bool(role)
        return
    kept = dict(connection.settings_dict)
    options = {name: value for name, value in kept["OPTIONS"].items() if name != "pool"}
    _connect_anew(USER=role, PASSWORD=password, OPTIONS=options)
    try:
        yield True
    finally:
        _connect_anew(**{name: kept[name] for name in ("USER", "PASSWORD", "OPTIONS")})


def _connect_anew(**changed: Any) -> None:
    connection.close()
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one
    connection.settings_dict.update(changed)


def secure() -> tuple[str, int]:
    """Make the application's role, give it what it needs and no more, and make the policies.

    Called while connected as the owner. Doing it again changes nothing.

    Returns:
        The role, and how many tables got policies.

    Raises:
        RuleViolation: the role exists and is too strong, or it cannot be made.

    """
    url = urlsplit(env.DATABASE_URL.value())
    role, password = unquote(url.username or ""), unquote(url.password or "")
    with transaction.atomic(), connection.cursor() as cursor:
        _make_role(cursor, role, password)
        if strong := too_strong(cursor, role):
            raise RuleViolation(f"{strong} See docs/operations.md, Database roles.")
        _grant(cursor, role)
        _reset(cursor, role)
        altered = policies_compared.altered(cursor, role)
        policies_compared.remove(cursor, role, altered)  # so that they count as missing
        made = policies.apply(cursor)
        policies_compared.sign(cursor, role)
        return role, made


def _make_role(cursor: CursorWrapper, role: str, password: str) -> None:
    cursor.execute(ROLE, [role])
    if cursor.fetchone() is not None:
        return
    cursor.execute("select rolcreaterole or rolsuper from pg_roles where rolname = current_user")
    if not (cursor.fetchone() or [False])[0]:
        raise RuleViolation(
            f"There is no role {role}, and the owner may not create one. As a superuser: "
            f"create role {role} login password '...';"
        )
    # The server and its log get a verifier, not the password.
    kept = connection.connection.pgconn.encrypt_password(password.encode(), role.encode())
    made = SQL("create role {} login noinherit password {}")
    try:
        with transaction.atomic():
            _run(cursor, made.format(Identifier(role), Literal(kept.decode())))
    except IntegrityError:
        return  # roles are the server's: another database's owner made it in this moment


def too_strong(cursor: CursorWrapper, role: str) -> str:
    """Return why policies and the trail do not hold against a role; nothing if they do."""
    cursor.execute(ROLE, [role])
    is_super, bypasses, creates = cursor.fetchone() or (False, False, False)
    if is_super or bypasses:
        return _("The role %s is a superuser or goes round row policies (BYPASSRLS).") % role
    if creates:
        return _("The role %s may create roles or databases.") % role
    cursor.execute(OWNED, [role])
    owned = cursor.fetchone()
    if owned is None:
        return ""
    shown = {"role": role, "table": owned[0]}
    return _("The role %(role)s owns the table %(table)s.") % shown


def changes_trail(cursor: CursorWrapper, role: str) -> list[str]:
    """Return the tables of the trail in which a role may change or delete rows."""
    found = []
    for table in sorted(trail_tables()):
        cursor.execute(TRAIL_CHANGES, [role, table] * 4)
        if (cursor.fetchone() or [False])[0]:
            found.append(table)
    return found


def trail_tables() -> set[str]:
    """Return the tables that can only be added to."""
    return {model._meta.db_table for model in apps.get_app_config(TRAIL_APP).get_models()}


def _grant(cursor: CursorWrapper, role: str) -> None:
    to = Identifier(role)
    database = Identifier(connection.settings_dict["NAME"])
    for statement in (
        "revoke all on all tables in schema public from {to}, public",
        "revoke create on schema public from {to}, public",
        "grant usage on schema public to {to}",
        "grant connect on database {database} to {to}",
        # A temporary table could bear the name of one of ours.
        "revoke temporary on database {database} from {to}, public",
        # A report's findings get their numbers all at once: that moves the sequence.
        "grant usage, select, update on all sequences in schema public to {to}",
        # A table made later can be read and added to until this has been run again.
        f"{LATER} select, insert on tables to {{to}}",
        f"{LATER} usage, select, update on sequences to {{to}}",
    ):
        _run(cursor, SQL(statement).format(to=to, database=database))
    cursor.execute(TABLES)
    for (table,) in cursor.fetchall():
        allowed = SQL(_allowed(table))
        _run(cursor, SQL("grant {} on {} to {}").format(allowed, Identifier(table), to))


def _reset(cursor: CursorWrapper, role: str) -> None:
    """Take from a role the settings that it may have given itself.

    Raises:
        RuleViolation: the owner may not take them, or may not refuse it temporary tables.

    """
    to, database = Identifier(role), Identifier(connection.settings_dict["NAME"])
    for is_here, name in own_settings(cursor, role):
        where = " in database {database}" if is_here else ""
        reset = SQL(f"alter role {{to}}{where} reset {{name}}")
        statement = reset.format(to=to, database=database, name=Identifier(name))
        try:
            with transaction.atomic():
                _run(cursor, statement)
        except DatabaseError as error:
            raise _for_superuser(statement.as_string(cursor.cursor)) from error
    if _may_make_temporary(cursor, role):  # not the owner of the database: only a warning
        revoke = SQL("revoke temporary on database {} from {}, public").format(database, to)
        raise _for_superuser(revoke.as_string(cursor.cursor))


def _for_superuser(statement: str) -> RuleViolation:
    return RuleViolation(f"The owner may not do this. As a superuser: {statement};")


def _allowed(table: str) -> str:
    if table == "django_migrations":
        return "select"
    return TRAIL_ROWS if table in trail_tables() else ROWS


def _run(cursor: CursorWrapper, statement: Any) -> None:
    cursor.execute(statement.as_string(cursor.cursor))


def problem() -> str:
    """Return what is wrong with the role that the application uses; nothing if all is well."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        role = cast("tuple[str]", cursor.fetchone())[0]
        if strong := too_strong(cursor, role):
            return strong
        if tables := changes_trail(cursor, role):
            shown = {"role": role, "tables": ", ".join(tables)}
            return _("The role %(role)s may change the trail (%(tables)s).") % shown
        if found := _widened(cursor, role):
            return found
        if tables := policies.missing(cursor):
            return _("Row policies are missing or old on: %s.") % ", ".join(tables[:5])
    return ""


def _widened(cursor: CursorWrapper, role: str) -> str:
    """Return what a role has beyond what it needs: temporary tables, settings of its own."""
    if _may_make_temporary(cursor, role):
        return _("The role %s may make temporary tables.") % role
    if own := own_settings(cursor, role):
        shown = {"role": role, "settings": ", ".join(sorted({name for _where, name in own}))}
        return _("The role %(role)s has settings of its own (%(settings)s).") % shown
    return ""


def _may_make_temporary(cursor: CursorWrapper, role: str) -> bool:
    cursor.execute("select has_database_privilege(%s, current_database(), 'temporary')", [role])
    return bool((cursor.fetchone() or [False])[0])


def own_settings(cursor: CursorWrapper, role: str) -> list[tuple[bool, str]]:
    """Return what a role sets for its connections, and whether in this database only."""
    cursor.execute(OWN_SETTINGS, [connection.ops.quote_name(role)])
    return [(bool(is_here), str(name)) for is_here, name in cursor.fetchall()]


def require_owner() -> None:
    """Raise unless the role that is connected may alter the tables; SQLite has no roles.

    Raises:
        RuleViolation: it may not, and needs SAMSYN_DATABASE_OWNER_URL.

    """
    if not is_postgresql():
        return
    with connection.cursor() as cursor:
        cursor.execute(MAY_ALTER)
        role, may_alter = cast("tuple[str, bool]", cursor.fetchone())
    if not may_alter:
        raise RuleViolation(owner_needed(role))


def altered_policies() -> list[str]:
    """Return the tables whose row policies are not what is declared, whatever they are called."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        role = cast("tuple[str]", cursor.fetchone())[0]
        return policies_compared.altered(cursor, role)


def is_postgresql() -> bool:
    """Return whether there are roles at all."""
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("postgresql"))
