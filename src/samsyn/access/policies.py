"""PostgreSQL's row policies, made from what each model's ``ScopedManager`` declares.

A row is seen where ``visible_to`` would show it, or in an organisation that the gate has
opened; it is changed only in an opened one. The settings that say so are kept by ``rows``.
A model without a scope says why it has no policy in ``WITHOUT_POLICY``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.backends.utils import CursorWrapper

from samsyn.access.permissions import Permission
from samsyn.access.rows import ALL, OPENED, PERSON, SHOWN, UNSCOPED, setting_of
from samsyn.access.scoping import ScopedManager

ACTS = ("select", "insert", "update", "delete")
MADE = """
select c.relname, p.polname, split_part(obj_description(p.oid, 'pg_policy'), ' ', 1)
from pg_policy p join pg_class c on c.oid = p.polrelid
where p.polname like 'samsyn\\_%%' and c.relrowsecurity
and c.relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who sees the rows of a table, and who changes them, as SQL conditions on a row."""

    table: str
    seen: str
    changed: str

    def statements(self) -> Iterator[str]:
        """Yield what makes the policy anew."""
        yield f'alter table "{self.table}" enable row level security'
        for act in ACTS:
            name = f'samsyn_{act} on "{self.table}"'
            yield f"drop policy if exists {name}"
            yield f"create policy {name} for {act} {self._conditions(act)}"
            yield f"comment on policy {name} is '{self.digest}'"

    @property
    def digest(self) -> str:
        """What the conditions are, in short: kept with the policy to see whether it is stale."""
        return hashlib.sha256(f"{self.seen}\n{self.changed}".encode()).hexdigest()[:16]

    def _conditions(self, act: str) -> str:
        if act == "select":
            return f"using ({self.seen})"
        using = "" if act == "insert" else f"using ({self.changed})"
        return using if act == "delete" else f"{using} with check ({self.changed})"


def our_models() -> Iterator[type[models.Model]]:
    """Yield every model whose table is ours, those between many and many too."""
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("samsyn."):
            yield model


def scope_of(model: type[models.Model]) -> ScopedManager | None:
    """Return the scope that a model declares, if it does."""
    manager = getattr(model, "objects", None)
    return manager if isinstance(manager, ScopedManager) else None


def policies() -> list[Policy]:
    """Return the policies of all tables whose model declares a scope."""
    scopes = ((model, scope_of(model)) for model in our_models())
    return [_policy(model, scope) for model, scope in scopes if scope is not None]


def missing(cursor: CursorWrapper) -> list[str]:
    """Return the tables whose policies are not in the database, or are other ones."""
    cursor.execute(MADE)
    made = {(table, name): digest for table, name, digest in cursor.fetchall()}
    return [
        policy.table
        for policy in policies()
        if any(made.get((policy.table, f"samsyn_{act}")) != policy.digest for act in ACTS)
    ]


def apply(cursor: CursorWrapper) -> int:
    """Make the policies that are missing or stale, take away others of ours; return how many."""
    stale = set(missing(cursor))
    for policy in policies():
        if policy.table in stale:
            for statement in policy.statements():
                cursor.execute(statement)
    _remove_others(cursor, {policy.table for policy in policies()})
    return len(stale)


def _remove_others(cursor: CursorWrapper, kept: set[str]) -> None:
    cursor.execute(MADE)
    for table, name, _digest in cursor.fetchall():
        if table not in kept:
            cursor.execute(f'drop policy "{name}" on "{table}"')
            cursor.execute(f'alter table "{table}" disable row level security')


def _policy(model: type[models.Model], scope: ScopedManager) -> Policy:
    table = model._meta.db_table
    seen = [_everywhere(scope.permission), *_seen_at(model, scope)]
    if scope.own:
        seen.append(f'"{table}".{_column(model, scope.own)}::text = {_setting(PERSON)}')
    if scope.known_to_all:
        seen.append(f"(select {_setting_sql(PERSON)} <> '' or {_setting_sql(SHOWN)} <> '')")
    opened = _at(model, scope.paths[0], _listed_in(OPENED))
    return Policy(table, _any(seen), _any([f"(select {_setting_sql(UNSCOPED)} = 'on')", opened]))


def _seen_at(model: type[models.Model], scope: ScopedManager) -> list[str]:
    """Return the conditions on the organisations that a scope's paths lead to."""
    step = scope.paths[0].partition("__")[0]
    if all(path.startswith(f"{step}__") for path in scope.paths):
        parent = _parent(model, step)
        above = scope_of(parent)
        left = tuple(path.removeprefix(f"{step}__") for path in scope.paths)
        if above and (above.permission, above.paths) == (scope.permission, left):
            # The parent's own policy says it: PostgreSQL asks that too, once is enough.
            return [_above(model, step, f'"{model._meta.db_table}"', "true", depth=0)]
    listed = _listed_in(setting_of(scope.permission))
    return [_at(model, path, listed) for path in scope.paths]


def _everywhere(permission: Permission) -> str:
    # In a sub-select it is evaluated once for a query, not for each row.
    unscoped, reached = _setting_sql(UNSCOPED), _setting_sql(setting_of(permission))
    return f"(select {unscoped} = 'on' or {reached} = '{ALL}')"


def _setting_sql(name: str) -> str:
    return f"coalesce(current_setting('{name}', true), '')"


def _setting(name: str) -> str:
    return f"(select {_setting_sql(name)})"


def _listed_in(name: str) -> str:
    """Return a condition on ``$organisation``, whose list is made once for a query."""
    text = f"nullif(nullif(current_setting('{name}', true), ''), '{ALL}')"
    return f"$organisation in (select unnest(string_to_array({text}, ',')::bigint[]))"


def _at(model: type[models.Model], path: str, condition: str) -> str:
    """Return the condition on the organisation at the end of a path of foreign keys."""
    return _below(model, path.split("__"), f'"{model._meta.db_table}"', condition, depth=0)


def _below(
    model: type[models.Model], steps: list[str], row: str, condition: str, *, depth: int
) -> str:
    if len(steps) == 1:
        return condition.replace("$organisation", f"{row}.{_column(model, steps[0])}")
    parent = _parent(model, steps[0])
    inner = _below(parent, steps[1:], f"above_{depth}", condition, depth=depth + 1)
    return _above(model, steps[0], row, inner, depth=depth)


def _above(model: type[models.Model], step: str, row: str, condition: str, *, depth: int) -> str:
    parent, alias = _parent(model, step), f"above_{depth}"
    return (
        f'exists (select 1 from "{parent._meta.db_table}" {alias} '  # noqa: S608  our own names
        f"where {alias}.{_column(parent, 'pk')} = {row}.{_column(model, step)} and {condition})"
    )


def _parent(model: type[models.Model], step: str) -> type[models.Model]:
    found = model._meta.get_field(step).related_model
    assert isinstance(found, type)  # noqa: S101  a path follows foreign keys
    return found


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return f'"{field.column}"'  # type: ignore[union-attr]  # a path follows fields that have columns


def _any(conditions: Iterable[str]) -> str:
    return f"({' or '.join(conditions)})"
