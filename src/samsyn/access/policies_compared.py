"""Whether the row policies in PostgreSQL still say what the declarations make.

PostgreSQL keeps conditions in a form of its own. So the owner makes each policy once more on an
empty temporary table of the same name, reads it back, and compares; the transaction is rolled
back. The application's role may make no tables: it compares with a code of the secret key, which
the owner left with each policy (``sign``) over what PostgreSQL keeps of it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.utils.crypto import constant_time_compare, salted_hmac

from samsyn.access.policies import ACTS, Policy, policies

Conditions = tuple[str | None, str | None]
LETTERS = {"select": "r", "insert": "a", "update": "w", "delete": "d"}
EVERYBODY = [0]
# Policies for other roles than everybody and the application's do not open it anything.
THERE = """
select c.relname, p.polname, p.polcmd, p.polpermissive, p.polroles::int8[],
       pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
       coalesce(split_part(obj_description(p.oid, 'pg_policy'), ' ', 2), '')
from pg_policy p join pg_class c on c.oid = p.polrelid
where c.relnamespace = 'public'::regnamespace and (
    0 = any(p.polroles)
    or exists (select 1 from pg_roles r where r.oid = any(p.polroles)
               and pg_has_role(%s, r.oid, 'member'))
)
"""
WANTED = """
select c.relname, p.polname, pg_get_expr(p.polqual, p.polrelid)
from pg_policy p join pg_class c on c.oid = p.polrelid
where c.relnamespace = pg_my_temp_schema()
"""


def altered(cursor: CursorWrapper, role: str) -> list[str]:
    """Return the tables whose policies open or refuse other rows to a role than declared."""
    declared, there = policies(), _there(cursor, role)
    cursor.execute("select has_database_privilege(current_database(), 'temporary')")
    if not (cursor.fetchone() or [False])[0]:
        return [each.table for each in declared if not _signed(each.table, there[each.table])]
    wanted = _wanted(cursor, declared)
    return [each.table for each in declared if _kept(there[each.table]) != wanted[each.table]]


def sign(cursor: CursorWrapper, role: str) -> None:
    """Leave with each policy a code over what PostgreSQL keeps of it, as the owner."""
    there = _there(cursor, role)
    for policy in policies():
        if not _signed(policy.table, there[policy.table]):
            for name, kept in _kept(there[policy.table]).items():
                said = f"{policy.digest} {_code(policy.table, name, kept)}"
                cursor.execute(
                    f'comment on policy "{name}" on public."{policy.table}" is \'{said}\''
                )


def _there(cursor: CursorWrapper, role: str) -> dict[str, dict[str, Any]]:
    """Return each policy that concerns a role: what is kept of it, and its code at the end."""
    cursor.execute(THERE, [role])
    there: dict[str, dict[str, Any]] = defaultdict(dict)
    for table, name, *rest in cursor.fetchall():
        there[table][name] = rest
    return there


def _kept(there: dict[str, Any]) -> dict[str, Any]:
    return {name: rest[:-1] for name, rest in there.items()}


def _signed(table: str, there: dict[str, Any]) -> bool:
    """Return whether a table has our policies, each with the code that belongs to it."""
    return set(there) == {f"samsyn_{act}" for act in ACTS} and all(
        constant_time_compare(code, _code(table, name, kept))
        for name, (*kept, code) in there.items()
    )


def _code(table: str, name: str, kept: list[Any]) -> str:
    told = json.dumps([table, name, *kept])
    return salted_hmac("samsyn row policy", told, algorithm="sha256").hexdigest()


def remove(cursor: CursorWrapper, role: str, tables: list[str]) -> None:
    """Take every policy that concerns a role away from these tables."""
    cursor.execute(THERE, [role])
    for table, name, *_rest in cursor.fetchall():
        if table in tables:
            cursor.execute(f'drop policy "{name}" on "{table}"')


def _wanted(cursor: CursorWrapper, declared: list[Policy]) -> dict[str, dict[str, Any]]:
    """Return how PostgreSQL writes the policies that the declarations make."""
    with transaction.atomic():
        for statement in ("".join(map(_table, declared)), "".join(map(_made, declared)), WANTED):
            cursor.execute(statement)
        read = {(table, name): condition for table, name, condition in cursor.fetchall()}
        transaction.set_rollback(True)
    return {
        each.table: {
            f"samsyn_{act}": [LETTERS[act], True, EVERYBODY, *_conditions(each, act, read)]
            for act in ACTS
        }
        for each in declared
    }


def _table(policy: Policy) -> str:
    return f'create temporary table "{policy.table}" (like public."{policy.table}");'


def _made(policy: Policy) -> str:
    on = f'on pg_temp."{policy.table}" for select using'
    return f"create policy seen {on} ({policy.seen});create policy changed {on} ({policy.changed});"


def _conditions(policy: Policy, act: str, read: dict[tuple[str, str], str]) -> Conditions:
    """Return what may be seen or left, and what may come in, by ``Policy.statements``."""
    if act == "select":
        return read[policy.table, "seen"], None
    changed = read[policy.table, "changed"]
    return (None if act == "insert" else changed), (None if act == "delete" else changed)
