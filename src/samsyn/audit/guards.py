"""The triggers that keep the trail from being changed, and whether they are as they were made.

A trigger is compared with its definition, not by its name: one of the same name that does
nothing protects nothing. A trigger or rule that is not ours could drop entries unseen.

On PostgreSQL each function names its schema and has a search path of its own: without one, a
temporary table called ``audit_entry`` would be asked for the last number instead of the trail.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

TABLE = "audit_entry"
REFUSED = "begin select raise(abort, 'the trail is append-only'); end"
NEXT = "(select coalesce(max(number), 0) + 1 from {table})"
FAILS = "raise exception 'the trail is append-only'"
PATH = "search_path=pg_catalog, public, pg_temp"  # of the functions, as PostgreSQL keeps it
# As the migrations made them. PostgreSQL: how the trigger reads, its path, and the body.
SQLITE = {
    "trail_no_update": f"create trigger trail_no_update before update on audit_entry {REFUSED}",
    "trail_no_delete": f"create trigger trail_no_delete before delete on audit_entry {REFUSED}",
    "trail_in_order": (
        "create trigger trail_in_order before insert on audit_entry "
        f"when new.number is not {NEXT.format(table=TABLE)} {REFUSED}"
    ),
}
REFUSES = f"begin {FAILS}; end"
IN_ORDER = (
    f"begin if new.number is distinct from {NEXT.format(table=f'public.{TABLE}')} "
    f"then {FAILS}; end if; return new; end"
)
POSTGRESQL = {
    "trail_no_change": (
        "create trigger trail_no_change before delete or update on public.audit_entry "
        f"for each row execute function public.trail_refuse() {PATH} {REFUSES}"
    ),
    "trail_no_truncate": (
        "create trigger trail_no_truncate before truncate on public.audit_entry "
        f"for each statement execute function public.trail_refuse() {PATH} {REFUSES}"
    ),
    "trail_in_order": (
        "create trigger trail_in_order before insert on public.audit_entry "
        f"for each row execute function public.trail_order() {PATH} {IN_ORDER}"
    ),
}
MADE = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
THERE = {
    "sqlite": "select name, sql from sqlite_master where type = 'trigger' and tbl_name = %s",
    "postgresql": """
        select t.tgname,
            replace(
                pg_get_triggerdef(t.oid),
                'FUNCTION ' || p.proname,
                'FUNCTION ' || n.nspname || '.' || p.proname
            ) || ' ' || coalesce(array_to_string(p.proconfig, ' '), '') || ' ' || p.prosrc
        from pg_trigger t join pg_proc p on p.oid = t.tgfoid
        join pg_namespace n on n.oid = p.pronamespace
        join pg_language l on l.oid = p.prolang
        where t.tgrelid = ('public.' || %s)::regclass and not t.tgisinternal
        and t.tgenabled in ('O', 'A') and l.lanname = 'plpgsql'
        union all
        select rulename, 'rule' from pg_rewrite where ev_class = ('public.' || %s)::regclass
    """,
}


def guards_missing() -> set[str]:
    """Return the triggers that should keep the trail from being changed and are not in force."""
    return set(MADE[connection.vendor]) - set(_there())


def guards_altered() -> set[str]:
    """Return the triggers and rules on the trail that are not as the migrations made them."""
    made = {name: _plain(sql) for name, sql in MADE[connection.vendor].items()}
    return {name for name, sql in _there().items() if _plain(sql) != made.get(name)}


def _there() -> dict[str, str]:
    query = THERE[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query, [TABLE] * query.count("%s"))
        return {str(name): str(sql) for name, sql in cursor.fetchall()}


def _plain(sql: str) -> str:
    """Return SQL without regard to line breaks and to the case in which SQLite keeps its words."""
    return " ".join(sql.lower().split())


def guards_make() -> list[str]:
    """Make anew what protects the trail, where it is missing or altered; return what that was.

    As the owner of the table. What was changed while it lay open is for ``trail_verify`` to find.
    """
    wrong = sorted(guards_missing() | guards_altered())
    with transaction.atomic(), connection.cursor() as cursor:
        for name in wrong:
            for statement in _statements(name):
                cursor.execute(statement)
    return wrong


def _statements(name: str) -> Iterator[str]:
    """Yield how a trigger is taken away and, if it is ours, made."""
    quoted = connection.ops.quote_name(name)
    made = MADE[connection.vendor].get(name)
    if connection.vendor == "sqlite":
        yield f"drop trigger if exists {quoted}"
        if made:
            yield made
        return
    yield f"drop trigger if exists {quoted} on public.{TABLE}"
    yield f"drop rule if exists {quoted} on public.{TABLE}"
    if made:
        trigger, _path, body = made.partition(f" {PATH} ")
        function = trigger.rpartition(" ")[2]
        yield (
            f"create or replace function {function} returns trigger language plpgsql"
            f" set {PATH} as $$ {body} $$"
        )
        yield trigger
