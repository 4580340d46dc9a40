from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "number",
                    models.PositiveBigIntegerField(
                        primary_key=True, serialize=False, verbose_name="number"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("actor", models.CharField(max_length=200, verbose_name="actor")),
                ("person_id", models.BigIntegerField(null=True, verbose_name="person")),
                ("action", models.CharField(max_length=100, verbose_name="action")),
                ("organisation_id", models.BigIntegerField(null=True, verbose_name="organisation")),
                (
                    "object_type",
                    models.CharField(blank=True, max_length=100, verbose_name="kind of thing"),
                ),
                (
                    "object_id",
                    models.CharField(blank=True, max_length=64, verbose_name="id of the thing"),
                ),
                (
                    "object_name",
                    models.CharField(blank=True, max_length=300, verbose_name="name of the thing"),
                ),
                ("changes", models.JSONField(default=dict, verbose_name="changes")),
                (
                    "previous_hash",
                    models.CharField(max_length=64, verbose_name="hash of the entry before"),
                ),
                ("hash", models.CharField(max_length=64, verbose_name="hash")),
            ],
            options={
                "verbose_name": "trail entry",
                "verbose_name_plural": "trail entries",
                "ordering": ["-number"],
                "indexes": [
                    models.Index(
                        fields=["organisation_id", "-number"], name="trail_by_organisation"
                    ),
                    models.Index(fields=["object_type", "object_id"], name="trail_by_thing"),
                ],
            },
        ),
    ]
