"""Codes made with a key outside the database, kinds of entries, and no way round by inserting.

No entry is written anew: the columns are added with what they mean for entries of before. The
first entry written after this migration seals them (audit/services.py).
"""

from django.db import migrations, models

KINDS = [
    ("change", "change"),
    ("sign_in", "sign-in"),
    ("reading", "opened by others"),
    ("export", "export"),
]
ADDED = {
    "kind": ("varchar(8)", "change"),
    "key_id": ("varchar(12)", ""),
    "mac": ("varchar(64)", ""),
}
# "insert or replace" deletes a row without the trigger on delete: refuse it on insert.
SQLITE = [
    """create trigger trail_in_order before insert on audit_entry
    when new.number is not (select coalesce(max(number), 0) + 1 from audit_entry)
    begin select raise(abort, 'the trail is append-only'); end"""
]
POSTGRESQL = [
    """create function trail_order() returns trigger language plpgsql as $$ begin
    if new.number is distinct from (select coalesce(max(number), 0) + 1 from audit_entry) then
    raise exception 'the trail is append-only'; end if; return new; end $$""",
    "create trigger trail_in_order before insert on audit_entry for each row execute function trail_order()",
]


def forwards(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    # Django would copy the table on SQLite, and drop the triggers with the old one.
    for name, (kind, default) in ADDED.items():
        schema_editor.execute(
            f"alter table audit_entry add column {name} {kind} not null default '{default}'"
        )
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("drop trigger trail_in_order")
    else:
        schema_editor.execute("drop trigger trail_in_order on audit_entry")
        schema_editor.execute("drop function trail_order()")
    for name in ADDED:
        schema_editor.execute(f"alter table audit_entry drop column {name}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forwards, backwards)],
            state_operations=[
                migrations.AddField(
                    model_name="entry",
                    name="kind",
                    field=models.CharField(
                        choices=KINDS,
                        db_default="change",
                        default="change",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                migrations.AddField(
                    model_name="entry",
                    name="key_id",
                    field=models.CharField(
                        blank=True, db_default="", default="", max_length=12, verbose_name="key"
                    ),
                ),
                migrations.AddField(
                    model_name="entry",
                    name="mac",
                    field=models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=64,
                        verbose_name="code made with the key",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["kind", "-number"], name="trail_by_kind"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["person_id", "-number"], name="trail_by_person"),
        ),
    ]
