"""The moments at which a role is given and ended; what was given before has only its days."""

from __future__ import annotations

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_names_hold_no_address")]
    operations = [
        migrations.AddField(
            "membership",
            "given_at",
            models.DateTimeField(blank=True, null=True, verbose_name="given at"),
        ),
        migrations.AlterField(  # only now: roles from before were not given at this moment
            "membership",
            "given_at",
            models.DateTimeField(
                blank=True,
                default=django.utils.timezone.now,
                null=True,
                verbose_name="given at",
            ),
        ),
        migrations.AddField(
            "membership",
            "ended_at",
            models.DateTimeField(blank=True, null=True, verbose_name="ended at"),
        ),
    ]
