"""Two roles on PostgreSQL: the application's can neither change the trail nor its protection."""

from __future__ import annotations

import ast
from importlib import import_module

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from samsyn.access import policies_compared
from samsyn.access.database_roles import (
    altered_policies,
    as_owner,
    owner,
    problem,
    secure,
    too_strong,
)
from samsyn.access.policies import apply, missing, our_models, policies, scope_of
from samsyn.audit.guards import guards_altered, guards_missing
from samsyn.audit.models import Entry
from samsyn.audit.services import record
from samsyn.kernel.errors import RuleViolation
from samsyn.site.health import database_role, row_policies
from tests.house.laws import PACKAGE

two_roles = pytest.mark.skipif(not owner()[0], reason="one role owns everything")
REFUSED = (
    "alter table audit_entry disable trigger all",
    "drop trigger trail_no_change on audit_entry",
    "update audit_entry set actor = 'x'",
    "delete from audit_entry",
    "truncate audit_entry",
    "alter table findings_finding disable row level security",
    "drop policy samsyn_select on findings_finding",
    "truncate findings_finding",
    "create table mine (id int)",
    "create function mine() returns int language sql as 'select 1'",
    "delete from django_migrations",
    "set role samsyn",
    "set session authorization samsyn",
    "alter role samsyn_app bypassrls",
    "create temp table audit_entry (number bigint)",
)


@two_roles
@pytest.mark.parametrize("sql", REFUSED)
def test_the_applications_role_cannot_weaken_the_protection(db, sql):
    with (
        pytest.raises(DatabaseError, match=r"must be owner|denied|must be (a )?superuser"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@two_roles
def test_the_applications_role_adds_to_the_trail(cast):
    from samsyn.assets.services import resource_claim

    resource_claim(actor=cast.jonas, organisation=cast.fjellvik, kind="domain", value="x.example")
    assert Entry.objects.count() == 1


@two_roles
def test_the_doctor_is_content_with_the_applications_role(db):
    assert database_role().is_fine
    assert problem() == ""


@two_roles
@pytest.mark.django_db(transaction=True)
def test_the_doctor_says_what_is_wrong_and_the_command_mends_it(capsys):
    faults = (
        ("grant update on audit_entry to samsyn_app", "may change the trail (audit_entry)"),
        ("drop policy samsyn_update on findings_finding", "missing or old on: findings_finding."),
        (
            "alter table findings_finding disable row level security",
            "missing or old on: findings_finding.",
        ),
        ("comment on policy samsyn_insert on findings_finding is 'old'", "findings_finding"),
        ("grant temporary on database {database} to samsyn_app", "may make temporary tables"),
        (
            "alter role samsyn_app in database {database} set work_mem = '1MB'",
            "has settings of its own (work_mem)",
        ),
    )
    for sql, said in faults:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(sql.format(database=connection.settings_dict["NAME"]))
        assert said in database_role().says
        call_command("database_secure")
        assert database_role().is_fine
    assert "samsyn_app" in capsys.readouterr().out


ALTERED = {
    "alter policy samsyn_select on findings_finding using (true)": "findings_finding",
    "alter policy samsyn_update on findings_finding using (true) with check (true)": (
        "findings_finding"
    ),
    "create policy mine on findings_finding for select using (true)": "findings_finding",
    "create policy mine on documents_link to samsyn_app using (true)": "documents_link",
}


@two_roles
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", ALTERED)
def test_a_policy_that_bears_the_right_name_and_says_something_else_is_told_and_mended(sql):
    assert row_policies().is_fine
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert not row_policies().is_fine
    assert ALTERED[sql] in row_policies().says
    call_command("database_secure")
    assert row_policies().is_fine
    assert database_role().is_fine


@two_roles
@pytest.mark.django_db(transaction=True)
def test_a_policy_altered_by_somebody_without_the_secret_key_is_told(settings):
    """The application's role makes no tables to compare with: it believes a code of the key."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("alter policy samsyn_select on findings_finding using (true)")
        kept, settings.SECRET_KEY = settings.SECRET_KEY, "of somebody else" * 4
        policies_compared.sign(cursor, "samsyn_app")
        settings.SECRET_KEY = kept
    assert "findings_finding" in altered_policies()
    call_command("database_secure")
    assert row_policies().is_fine


ITS_OWN = (
    "default_transaction_read_only = on",
    "search_path = pg_temp",
    "statement_timeout = 1",
    "row_security = off",
    "default_transaction_isolation = serializable",
    "standard_conforming_strings = off",
)


@two_roles
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("setting", ITS_OWN)
def test_what_a_role_sets_for_itself_changes_nothing_for_a_new_connection(cast, setting):
    from samsyn.assets.services import resource_claim

    name, database = setting.split(" ")[0], connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"show {name}")
        usual = cursor.fetchone()
        cursor.execute(f"alter role samsyn_app in database {database} set {setting}")
    connection.close()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"show {name}")
            assert cursor.fetchone() == usual
        resource_claim(
            actor=cast.jonas, organisation=cast.fjellvik, kind="domain", value="x.example"
        )
        assert name in database_role().says
    finally:
        call_command("database_secure")
    assert database_role().is_fine


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no search path")
@pytest.mark.owner
def test_a_temporary_table_does_not_stand_in_for_the_trail(cast):
    """By whoever may make one, and with whatever search path: the triggers name the schema."""
    record(actor="x", person_id=None, action="x.y")
    insert = (
        "insert into public.audit_entry (number, at, actor, action, object_type, object_id,"
        " object_name, changes, previous_hash, hash)"
        " values (900000000000000001, now(), 'x', 'x.y', '', '', '', '{}', 'a', 'b')"
    )
    with connection.cursor() as cursor:
        cursor.execute("create temp table audit_entry (number bigint) on commit drop")
        cursor.execute("insert into pg_temp.audit_entry values (900000000000000000)")
        cursor.execute("set local search_path = pg_temp, public")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(insert)
        cursor.execute("drop table pg_temp.audit_entry")
        cursor.execute("set local search_path = public, pg_temp")
    assert guards_altered() == set()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no functions of ours")
@pytest.mark.owner
def test_functions_of_the_release_before_are_told_and_made_anew(cast, capsys):
    migration = import_module("samsyn.audit.migrations.0004_names_with_schema")
    migration.backwards(None, connection.schema_editor())
    assert guards_altered() == {"trail_in_order", "trail_no_change", "trail_no_truncate"}
    call_command("trail_guard")
    assert "Made anew: trail_in_order" in capsys.readouterr().out
    assert guards_altered() == guards_missing() == set()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no functions of ours")
def test_every_function_of_ours_has_a_search_path_of_its_own(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select proname, proconfig from pg_proc where pronamespace = 'public'::regnamespace"
        )
        functions = dict(cursor.fetchall())
    assert {"trail_refuse", "trail_order", "settled_refuse", "decision_refuse"} <= set(functions)
    assert set(map(str, functions.values())) == {"['search_path=pg_catalog, public, pg_temp']"}


@two_roles
@pytest.mark.django_db(transaction=True)
def test_a_policy_for_another_role_is_left_alone():
    policy = "create policy theirs on findings_finding for select to pg_read_all_data using (true)"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(policy)
    assert row_policies().is_fine
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("drop policy theirs on findings_finding")


@two_roles
@pytest.mark.django_db(transaction=True)
def test_run_again_the_command_changes_nothing():
    with as_owner():
        assert secure() == ("samsyn_app", 0)


@two_roles
@pytest.mark.django_db(transaction=True)
def test_a_policy_on_a_table_that_has_none_any_more_is_taken_away():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("alter table jobs_run enable row level security")
        cursor.execute("create policy samsyn_select on jobs_run using (true)")
        apply(cursor)
        cursor.execute("select relrowsecurity from pg_class where relname = 'jobs_run'")
        assert cursor.fetchone() == (False,)
        assert missing(cursor) == []


@two_roles
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("strength", "said"),
    [
        ("superuser", "superuser"),
        ("bypassrls", "BYPASSRLS"),
        ("createrole", "create roles"),
    ],
)
def test_a_role_that_is_too_strong_is_refused_and_told(strength, said):
    """Roles are the server's: other tests run beside this one, so nothing is committed."""
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"alter role samsyn_app {strength}")
        assert said in too_strong(cursor, "samsyn_app")
        with pytest.raises(RuleViolation, match=said):
            secure()
        transaction.set_rollback(True)


@two_roles
@pytest.mark.django_db(transaction=True)
def test_a_role_that_owns_a_table_is_refused_and_told():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("create table stray (id int); alter table stray owner to samsyn_app")
    try:
        assert "owns the table stray" in database_role().says
        with pytest.raises(CommandError, match="owns the table stray"):
            call_command("database_secure")
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("drop table stray")


@two_roles
@pytest.mark.django_db(transaction=True)
def test_the_owner_migrates_and_the_application_gets_what_is_new():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("revoke all on findings_finding from samsyn_app")
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from findings_finding")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_with_one_role_the_doctor_warns_on_postgresql_and_is_content_on_sqlite():
    with as_owner():
        found = database_role()
    assert found.is_fine == (connection.vendor == "sqlite")
    assert "database_secure" in found.says or found.is_fine


def test_the_command_needs_an_owner(db, monkeypatch):
    monkeypatch.setenv("SAMSYN_DATABASE_OWNER_URL", "")
    with pytest.raises(CommandError, match=r"SQLite has no roles|Set SAMSYN_DATABASE_OWNER_URL"):
        call_command("database_secure")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://boss:x@db/other", "same database"),
        ("postgresql://boss:x@elsewhere/samsyn", "same database"),
        ("postgresql://app:x@db:5432/samsyn", "another role"),
    ],
)
def test_an_owner_of_another_database_is_refused(monkeypatch, url, said):
    monkeypatch.setenv("SAMSYN_DATABASE_URL", "postgresql://app:y@db/samsyn")
    monkeypatch.setenv("SAMSYN_DATABASE_OWNER_URL", url)
    with pytest.raises(ImproperlyConfigured, match=said):
        owner()


def test_every_table_of_ours_has_a_policy_or_says_why_not():
    for model in our_models():
        reason = getattr(model, "WITHOUT_POLICY", "")
        assert bool(reason) != (scope_of(model) is not None), model._meta.label
    tables = {policy.table for policy in policies()}
    assert {"findings_finding", "findings_findingevent", "documents_link"} <= tables


def test_what_goes_beyond_the_scope_says_why():
    silent = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            if name in {"beyond_scope", "beyond"} and path.parent.name != "access":
                reason = node.args[-1]
                if not isinstance(reason, ast.Name) and len(reason.value.split()) < 2:
                    silent.append(f"{path.name}:{node.lineno}")
    assert silent == []


def test_a_policy_follows_the_path_to_the_organisation():
    found = {policy.table: policy for policy in policies()}
    finding = found["findings_finding"].seen
    assert all(f'"{name}_id" in' in finding for name in ("organisation", "operated_by"))
    # The finding's own policy decides of its events; a rating asks for more than its area does.
    assert 'exists (select 1 from "findings_finding"' in found["findings_findingevent"].seen
    assert "samsyn.maturity_lead" in found["maturity_rating"].seen
    assert '"organisation_id" in' in found["maturity_rating"].seen
    assert '"organisation_id" in' in found["findings_findingevent"].changed
    assert "_view" not in found["findings_finding"].changed
