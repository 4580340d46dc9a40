"""A contact serves a purpose once, however its address is written; the oldest of doubles stays."""

from django.db import migrations, models
from django.db.models.functions import Lower


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


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_agreement_accepted")]
    operations = [
        migrations.RunPython(remove_double_contacts, migrations.RunPython.noop),
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
