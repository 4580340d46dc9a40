"""People's names get the form that services keep: one line, no address, no unseen signs.

Safe to run again. Backwards: nothing to undo. What is on record keeps what was written then.
Test: tests/access/test_names_of_people.py
"""

from django.db import migrations

from samsyn.access.naming import person_name_from


def write_plain_names(apps, schema_editor):
    for model in ("Person", "ApiToken"):
        rows = apps.get_model("access", model)._base_manager
        for pk, name in rows.values_list("pk", "name"):
            plain = person_name_from(name) or f"{model} {pk}"
            if plain != name:
                rows.filter(pk=pk).update(name=plain)


class Migration(migrations.Migration):
    dependencies = [("access", "0002_initial")]
    operations = [migrations.RunPython(write_plain_names, migrations.RunPython.noop)]
