"""Let both databases refuse to change or delete what the trail says."""

from django.db import migrations

SQLITE = [
    "create trigger trail_no_update before update on audit_entry begin select raise(abort, 'the trail is append-only'); end",
    "create trigger trail_no_delete before delete on audit_entry begin select raise(abort, 'the trail is append-only'); end",
]
POSTGRESQL = [
    "create function trail_refuse() returns trigger language plpgsql as $$ begin raise exception 'the trail is append-only'; end $$",
    "create trigger trail_no_change before update or delete on audit_entry for each row execute function trail_refuse()",
    "create trigger trail_no_truncate before truncate on audit_entry for each statement execute function trail_refuse()",
]


def forwards(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("drop trigger trail_no_update")
        schema_editor.execute("drop trigger trail_no_delete")
    else:
        schema_editor.execute("drop trigger trail_no_change on audit_entry")
        schema_editor.execute("drop trigger trail_no_truncate on audit_entry")
        schema_editor.execute("drop function trail_refuse()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
