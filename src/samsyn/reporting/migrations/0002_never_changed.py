"""Let both databases refuse to change or delete what has been settled, decided or frozen."""

from django.db import migrations

REFUSED = "what has been settled is never changed"
SETTLED = {
    "reporting_decisionproposal": "old.state <> 'waiting'",
    "reporting_targetpicture": "old.decision_id is not null",
    "reporting_meeting": "old.state = 'frozen'",
    "reporting_areaword": "1 = 1",
}


def sqlite(table, settled):
    refuse = f"when {settled} begin select raise(abort, '{REFUSED}'); end"
    return [
        f"create trigger {table}_no_update before update on {table} {refuse}",
        f"create trigger {table}_no_delete before delete on {table} {refuse}",
    ]


def postgresql(table, settled):
    return [
        f"create trigger {table}_no_change before update or delete on {table}"
        f" for each row when ({settled}) execute function settled_refuse()"
    ]


FUNCTION = (
    "create function settled_refuse() returns trigger language plpgsql as"
    f" $$ begin raise exception '{REFUSED}'; end $$"
)


def forwards(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    if not is_sqlite:
        schema_editor.execute(FUNCTION)
    for table, settled in SETTLED.items():
        write = sqlite if is_sqlite else postgresql
        for statement in write(table, settled):
            schema_editor.execute(statement)


def backwards(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in SETTLED:
        if is_sqlite:
            schema_editor.execute(f"drop trigger {table}_no_update")
            schema_editor.execute(f"drop trigger {table}_no_delete")
        else:
            schema_editor.execute(f"drop trigger {table}_no_change on {table}")
    if not is_sqlite:
        schema_editor.execute("drop function settled_refuse()")


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
