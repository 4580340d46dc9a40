"""Let PostgreSQL's functions name the schema, and keep to a search path of their own.

A temporary table called "audit_entry" was asked for the last number instead of the trail.
"""

from django.db import migrations

PATH = "set search_path = pg_catalog, public, pg_temp"
REFUSE = (
    "create or replace function public.trail_refuse() returns trigger language plpgsql {path}"
    " as $$ begin raise exception 'the trail is append-only'; end $$"
)
ORDER = (
    "create or replace function public.trail_order() returns trigger language plpgsql {path}"
    " as $$ begin if new.number is distinct from"
    " (select coalesce(max(number), 0) + 1 from {table})"
    " then raise exception 'the trail is append-only'; end if; return new; end $$"
)


def forwards(apps, schema_editor):
    make(schema_editor, path=PATH, table="public.audit_entry")


def backwards(apps, schema_editor):
    make(schema_editor, path="", table="audit_entry")


def make(schema_editor, **names):
    if schema_editor.connection.vendor == "postgresql":
        for function in (REFUSE, ORDER):
            schema_editor.execute(function.format(**names))


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_keyed_chain")]
    operations = [migrations.RunPython(forwards, backwards)]
