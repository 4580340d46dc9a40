"""Whether the row policies in PostgreSQL still say what the declarations make.

PostgreSQL keeps conditions in a form of its own. So each policy is made once more on an empty
temporary table of the same name, read back, and compared; the transaction is rolled back.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from samsyn.access.policies import ACTS, Policy, policies

Conditions = tuple[str | None, str | None]
LETTERS = {"select": "r", "insert": "a", "update": "w", "delete": "d"}
EVERYBODY = [0]
# Policies for other roles than everybody and the application's do not open it anything.
THERE = """
select c.relname, p.polname, p.polcmd, p.polpermissive, p.polroles::int8[],
       pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
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
    declared = policies()
    cursor.execute(THERE, [role])
    there: dict[str, dict[str, Any]] = defaultdict(dict)
    for table, name, *rest in cursor.fetchall():
        there[table][name] = rest
    wanted = _wanted(cursor, declared)
    return [each.table for each in declared if there[each.table] != wanted[each.table]]


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
