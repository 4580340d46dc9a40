"""Facilitators and participants get the form that services keep: one line, no address.

Safe to run again. Backwards: nothing to undo.
Test: tests/access/test_names_of_people.py
"""

from django.db import migrations

from samsyn.access.naming import person_name_from


def write_plain_names(apps, schema_editor):
    for model, field in (("Dialogue", "facilitator"), ("Participant", "name")):
        rows = apps.get_model("maturity", model)._base_manager.exclude(**{field: ""})
        for pk, name in rows.values_list("pk", field):
            plain = person_name_from(name) or "–"
            if plain != name:
                rows.filter(pk=pk).update(**{field: plain})


class Migration(migrations.Migration):
    dependencies = [("maturity", "0001_initial")]
    operations = [migrations.RunPython(write_plain_names, migrations.RunPython.noop)]
