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
            name="Resource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("prefix", "address range"),
                            ("asn", "AS number"),
                            ("domain", "domain"),
                            ("mail_domain", "mail domain"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=253, verbose_name="value")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("member", "the member said so"),
                            ("operator", "the operator found out"),
                            ("import", "imported list"),
                            ("registry", "public registry"),
                            ("seen", "seen in a scan"),
                        ],
                        default="member",
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                (
                    "known_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="date of the fact"
                    ),
                ),
                (
                    "withdrawn_on",
                    models.DateField(blank=True, null=True, verbose_name="withdrawn on"),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "operated_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The organisation that runs it for the owner, if it is another.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="run by",
                    ),
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
                "verbose_name": "resource",
                "verbose_name_plural": "resources",
                "ordering": ["organisation__name", "kind", "value"],
                "abstract": False,
                "default_manager_name": "unscoped",
                "indexes": [models.Index(fields=["kind", "value"], name="resource_by_value")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on__isnull", True)),
                        fields=("organisation", "kind", "value"),
                        name="resource_claimed_once",
                        violation_error_message="The organisation already has this resource.",
                    )
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
    ]
