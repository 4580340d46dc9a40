"""Let the function that protects what has been settled keep to a search path of its own on PostgreSQL."""

from django.db import migrations

FUNCTION = "alter function public.settled_refuse()"


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"{FUNCTION} set search_path = pg_catalog, public, pg_temp")


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"{FUNCTION} reset search_path")


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_never_changed")]
    operations = [migrations.RunPython(forwards, backwards)]
