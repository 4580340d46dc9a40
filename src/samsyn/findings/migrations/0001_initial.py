import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assets", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FoldedReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("report", models.CharField(max_length=64, unique=True, verbose_name="report")),
                ("episodes", models.CharField(max_length=120, verbose_name="file of episodes")),
                ("latest_on", models.DateField(verbose_name="latest report")),
                (
                    "has_port",
                    models.BooleanField(default=True, verbose_name="told apart by port"),
                ),
                ("folded_at", models.DateTimeField(auto_now=True, verbose_name="folded at")),
            ],
            options={
                "verbose_name": "folded report",
                "verbose_name_plural": "folded reports",
                "ordering": ["report"],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("report", models.CharField(max_length=64, verbose_name="report")),
                ("subject", models.CharField(max_length=253, verbose_name="address or name")),
                ("port", models.PositiveIntegerField(default=0, verbose_name="port")),
                ("protocol", models.CharField(blank=True, max_length=20, verbose_name="protocol")),
                (
                    "host_name",
                    models.CharField(blank=True, max_length=253, verbose_name="host name"),
                ),
                ("asn", models.BigIntegerField(blank=True, null=True, verbose_name="AS number")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("taxonomy", models.CharField(max_length=40, verbose_name="class")),
                ("rsit_type", models.CharField(max_length=40, verbose_name="type")),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "for information"),
                            (1, "low"),
                            (2, "medium"),
                            (3, "high"),
                            (4, "critical"),
                        ],
                        verbose_name="severity",
                    ),
                ),
                ("first_seen_at", models.DateTimeField(verbose_name="first seen")),
                ("last_seen_at", models.DateTimeField(verbose_name="last seen")),
                ("times_seen", models.PositiveIntegerField(default=1, verbose_name="times seen")),
                ("last_reported_on", models.DateField(verbose_name="last reported on")),
                ("stream", models.CharField(blank=True, max_length=120, verbose_name="stream")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("acknowledged", "acknowledged"),
                            ("fixed", "said to be fixed"),
                            ("closed", "closed"),
                            ("reopened", "reopened"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                (
                    "reopened_count",
                    models.PositiveSmallIntegerField(default=0, verbose_name="times reopened"),
                ),
                (
                    "detail",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="product and vulnerabilities"
                    ),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="told at")),
                (
                    "told_reopened",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="times reopened when told"
                    ),
                ),
                (
                    "answer_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("planned", "we will fix it"),
                            ("fixed", "we have fixed it"),
                            ("accepted", "we accept it"),
                            ("not_ours", "it is not ours"),
                            ("false_alarm", "it is a false alarm"),
                            ("help", "we need help"),
                        ],
                        max_length=12,
                        verbose_name="answer",
                    ),
                ),
                ("answer_until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
                ),
                (
                    "operated_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="assets.resource",
                        verbose_name="resource",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "ordering": ["-severity", "-first_seen_at", "-pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="FindingEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("closed", "not seen any more"),
                            ("reopened", "seen again"),
                            ("told", "told"),
                            ("acknowledged", "acknowledged"),
                            ("answered", "answered"),
                            ("moved", "moved"),
                        ],
                        max_length=12,
                        verbose_name="what happened",
                    ),
                ),
                ("by", models.CharField(blank=True, max_length=200, verbose_name="by")),
                (
                    "answer_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("planned", "we will fix it"),
                            ("fixed", "we have fixed it"),
                            ("accepted", "we accept it"),
                            ("not_ours", "it is not ours"),
                            ("false_alarm", "it is a false alarm"),
                            ("help", "we need help"),
                        ],
                        max_length=12,
                        verbose_name="answer",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="note")),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="findings.finding",
                        verbose_name="finding",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a finding",
                "verbose_name_plural": "events of findings",
                "ordering": ["at", "pk"],
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["severity", "first_seen_at"],
                name="finding_unsolved",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=[
                    "organisation",
                    "severity",
                    "first_seen_at",
                    "told_at",
                    "report",
                    "operated_by",
                ],
                name="finding_picture",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("operated_by__isnull", False)),
                fields=["operated_by"],
                name="finding_by_host",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                fields=("organisation", "report", "subject", "port"), name="finding_once"
            ),
        ),
    ]
