"""Let the function that protects decisions keep to a search path of its own on PostgreSQL."""

from django.db import migrations

FUNCTION = "alter function public.decision_refuse()"


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"{FUNCTION} set search_path = pg_catalog, public, pg_temp")


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"{FUNCTION} reset search_path")


class Migration(migrations.Migration):
    dependencies = [("actions", "0002_decisions_are_kept")]
    operations = [migrations.RunPython(forwards, backwards)]
