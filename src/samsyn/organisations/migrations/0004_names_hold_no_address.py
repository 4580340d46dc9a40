"""Names of contacts get the form that services keep: one line, no address, no unseen signs.

Safe to run again. Backwards: nothing to undo.
Test: tests/access/test_names_of_people.py
"""

from django.db import migrations

from samsyn.access.naming import person_name_from


def write_plain_names(apps, schema_editor):
    rows = apps.get_model("organisations", "Contact")._base_manager.exclude(name="")
    for pk, name in rows.values_list("pk", "name"):
        if (plain := person_name_from(name)) != name:
            rows.filter(pk=pk).update(name=plain)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_once_whatever_the_case")]
    operations = [migrations.RunPython(write_plain_names, migrations.RunPython.noop)]
