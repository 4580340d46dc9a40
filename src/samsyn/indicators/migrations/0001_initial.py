import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=40, verbose_name="template")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "definition",
                    models.CharField(blank=True, max_length=400, verbose_name="definition"),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("percent", "per cent"),
                            ("count", "number"),
                            ("days", "days"),
                            ("hours", "hours"),
                            ("level", "level 1–4"),
                        ],
                        max_length=8,
                        verbose_name="unit",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("up", "higher is better"), ("down", "lower is better")],
                        max_length=4,
                        verbose_name="direction",
                    ),
                ),
                ("target", models.FloatField(blank=True, null=True, verbose_name="target")),
                ("band", models.FloatField(default=0, verbose_name="amber band")),
                (
                    "measure",
                    models.CharField(blank=True, max_length=60, verbose_name="what computes it"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("ciso", "security officer (CISO)"),
                            ("leader", "leader"),
                            ("owner", "information owner"),
                            ("technician", "technician"),
                        ],
                        default="ciso",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("monthly", "monthly"),
                            ("quarterly", "quarterly"),
                            ("yearly", "yearly"),
                        ],
                        default="monthly",
                        max_length=9,
                        verbose_name="how often",
                    ),
                ),
                ("is_retired", models.BooleanField(default=False, verbose_name="retired")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="begun at"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "owner_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicator",
                "verbose_name_plural": "indicators",
                "ordering": ["name", "pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("value", models.FloatField(verbose_name="value")),
                (
                    "out_of",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="worked out from"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("hand", "by hand"),
                            ("api", "by a program"),
                            ("samsyn", "by Samsyn"),
                        ],
                        max_length=6,
                        verbose_name="source",
                    ),
                ),
                ("noted_by", models.CharField(blank=True, max_length=200, verbose_name="noted by")),
                (
                    "noted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="noted at"
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.indicator",
                        verbose_name="indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "measurement",
                "verbose_name_plural": "measurements",
                "ordering": ["-on", "-pk"],
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="indicator",
            index=models.Index(
                condition=models.Q(("is_retired", False), models.Q(("measure", ""), _negated=True)),
                fields=["measure"],
                name="indicator_to_measure",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("organisation", "key"),
                name="indicator_template_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("band__gte", 0)),
                name="indicator_band_not_negative",
                violation_error_message="The amber band is not negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="measurement",
            constraint=models.UniqueConstraint(
                fields=("indicator", "on"), name="measurement_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="measurement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("source", "samsyn"), models.Q(("noted_by", ""), _negated=True), _connector="OR"
                ),
                name="measurement_by_somebody",
                violation_error_message="Say who has measured it.",
            ),
        ),
    ]
