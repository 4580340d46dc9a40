import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[("management", "management"), ("technical", "technicians")],
                        max_length=12,
                        verbose_name="audience",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="first day")),
                ("months", models.PositiveSmallIntegerField(default=1, verbose_name="months")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "published")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("figures", models.JSONField(default=dict, verbose_name="figures")),
                (
                    "words",
                    models.JSONField(blank=True, default=dict, verbose_name="the analyst's words"),
                ),
                ("frozen", models.CharField(max_length=120, verbose_name="file of episodes")),
                ("digest", models.CharField(max_length=64, verbose_name="checksum")),
                (
                    "label",
                    models.CharField(default="AMBER", max_length=12, verbose_name="sharing label"),
                ),
                (
                    "built_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="built at"
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="published at"),
                ),
                (
                    "published_by",
                    models.CharField(blank=True, max_length=200, verbose_name="published by"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "edition",
                "verbose_name_plural": "editions",
                "ordering": ["-begins_on", "organisation__name", "audience"],
                "abstract": False,
                "default_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "audience", "begins_on", "months"),
                        name="edition_once",
                    )
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
    ]
