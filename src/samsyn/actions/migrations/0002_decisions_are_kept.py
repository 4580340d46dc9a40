"""Let both databases refuse to change or delete a decision, or what it is about."""

from django.db import migrations

TABLES = ("actions_decision", "actions_decisionsubject")


def sqlite(table):
    refuse = "begin select raise(abort, 'a decision is never changed'); end"
    return [
        f"create trigger {table}_no_update before update on {table} {refuse}",
        f"create trigger {table}_no_delete before delete on {table} {refuse}",
    ]


def postgresql(table):
    return [
        f"create trigger {table}_no_change before update or delete on {table}"
        " for each row execute function decision_refuse()"
    ]


FUNCTION = (
    "create function decision_refuse() returns trigger language plpgsql as"
    " $$ begin raise exception 'a decision is never changed'; end $$"
)


def forwards(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    if not is_sqlite:
        schema_editor.execute(FUNCTION)
    for table in TABLES:
        for statement in sqlite(table) if is_sqlite else postgresql(table):
            schema_editor.execute(statement)


def backwards(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES:
        if is_sqlite:
            schema_editor.execute(f"drop trigger {table}_no_update")
            schema_editor.execute(f"drop trigger {table}_no_delete")
        else:
            schema_editor.execute(f"drop trigger {table}_no_change on {table}")
    if not is_sqlite:
        schema_editor.execute("drop function decision_refuse()")


class Migration(migrations.Migration):
    dependencies = [("actions", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
