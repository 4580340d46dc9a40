"""An agreement says when the member accepted it; those that are there were, when they began."""

import django.utils.timezone
from django.db import migrations, models


def accept_from_the_first_day(apps, schema_editor):
    agreements = apps.get_model("organisations", "Agreement")
    agreements._base_manager.update(accepted_on=models.F("valid_from"))


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [
        migrations.AddField(
            "agreement",
            "accepted_on",
            models.DateField(
                blank=True,
                default=django.utils.timezone.localdate,
                null=True,
                verbose_name="accepted on",
            ),
        ),
        migrations.AddField(
            "agreement",
            "accepted_by",
            models.CharField(blank=True, max_length=200, verbose_name="accepted by"),
        ),
        migrations.RunPython(accept_from_the_first_day, migrations.RunPython.noop),
    ]
