"""An address serves a purpose once and a name is one organisation's, however they are written.

Of double contacts the oldest stays. Names get the one form that services write; where two are
the same then, the younger gets a number after it.
"""

from django.db import migrations, models
from django.db.models.functions import Lower

from samsyn.kernel.texts import name_key, one_line


def remove_double_contacts(apps, schema_editor):
    contacts = apps.get_model("organisations", "Contact")
    kept, doubles = set(), []
    rows = contacts._base_manager.order_by("pk")
    for pk, place, purpose, email in rows.values_list("pk", "organisation", "purpose", "email"):
        key = (place, purpose, email.lower())
        if key in kept:
            doubles.append(pk)
        kept.add(key)
    contacts._base_manager.filter(pk__in=doubles).delete()


def write_names_once(apps, schema_editor):
    organisations = apps.get_model("organisations", "Organisation")._base_manager
    taken, changed = set(), {}
    for pk, name in organisations.order_by("pk").values_list("pk", "name"):
        free = _free(one_line(name) or f"Organisation {pk}", taken)
        taken.add(name_key(free))
        if free != name:
            changed[pk] = free
    for pk in changed:  # the name that one leaves may be the name that another gets
        organisations.filter(pk=pk).update(name=f"\t{pk}")
    for pk, name in changed.items():
        organisations.filter(pk=pk).update(name=name)


def _free(name, taken):
    number, free = 1, name
    while name_key(free) in taken:
        number += 1
        free = f"{name[:190]} ({number})"
    return free


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_agreement_accepted")]
    operations = [
        migrations.RunPython(remove_double_contacts, migrations.RunPython.noop),
        migrations.RunPython(write_names_once, migrations.RunPython.noop),
        migrations.AddConstraint(
            "organisation",
            models.UniqueConstraint(
                Lower("name"),
                name="organisation_name_once",
                violation_error_message="There is already an organisation with this name.",
            ),
        ),
        migrations.RemoveConstraint("contact", "contact_once"),
        migrations.AddConstraint(
            "contact",
            models.UniqueConstraint(
                "organisation",
                "purpose",
                Lower("email"),
                name="contact_once",
                violation_error_message="This address already serves that purpose.",
            ),
        ),
    ]
