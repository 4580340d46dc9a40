import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
import uuid
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
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=40, verbose_name="template")),
                ("title", models.CharField(max_length=200, verbose_name="activity")),
                (
                    "output",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="what comes out of it"
                    ),
                ),
                (
                    "area",
                    models.CharField(
                        choices=[
                            ("risk", "risk management"),
                            ("classification", "classification"),
                            ("incidents", "incident handling"),
                            ("procurement", "procurement"),
                            ("competence", "competence"),
                            ("followup", "follow-up"),
                            ("other", "other"),
                        ],
                        default="other",
                        max_length=16,
                        verbose_name="area",
                    ),
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
                    "together_with",
                    models.CharField(blank=True, max_length=200, verbose_name="together with"),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("monthly", "monthly"),
                            ("quarterly", "quarterly"),
                            ("yearly", "yearly"),
                        ],
                        max_length=9,
                        verbose_name="how often",
                    ),
                ),
                ("months", models.JSONField(default=list, verbose_name="months")),
                ("from_day", models.PositiveSmallIntegerField(default=1, verbose_name="from day")),
                ("to_day", models.PositiveSmallIntegerField(default=31, verbose_name="to day")),
                ("is_shifted", models.BooleanField(default=True, verbose_name="on a working day")),
                (
                    "legal_ground",
                    models.CharField(blank=True, max_length=300, verbose_name="legal ground"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="goes on")),
                (
                    "made_until",
                    models.DateField(blank=True, null=True, verbose_name="turns made until"),
                ),
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
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
                "ordering": ["title", "pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="FeedToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="checksum")),
                (
                    "is_own_only",
                    models.BooleanField(default=True, verbose_name="only what is mine"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="created at"
                    ),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last used at"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="revoked at"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("opens_on", models.DateField(verbose_name="from")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ahead", "ahead"),
                            ("done", "done"),
                            ("skipped", "skipped"),
                            ("removed", "removed"),
                        ],
                        default="ahead",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                ("done_by", models.CharField(blank=True, max_length=200, verbose_name="done by")),
                ("minutes", models.TextField(blank=True, max_length=8000, verbose_name="minutes")),
                (
                    "is_moved",
                    models.BooleanField(default=False, verbose_name="moved to a day of its own"),
                ),
                (
                    "skipped_reason",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="why it was skipped"
                    ),
                ),
                (
                    "uid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, verbose_name="mark in calendars"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="changed at"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annual_wheel.activity",
                        verbose_name="activity",
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
                "verbose_name": "turn of an activity",
                "verbose_name_plural": "turns of activities",
                "ordering": ["due_on", "pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="PlanningMark",
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
                            ("budget", "budget"),
                            ("planning", "planning"),
                            ("reporting", "annual report"),
                            ("other", "something else"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="name")),
                ("from_month", models.PositiveSmallIntegerField(verbose_name="from month")),
                ("to_month", models.PositiveSmallIntegerField(verbose_name="to month")),
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
                "verbose_name": "mark of the year",
                "verbose_name_plural": "marks of the year",
                "ordering": ["from_month", "pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("is_active", True)),
                fields=["made_until"],
                name="activity_to_extend",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("organisation", "key"),
                name="activity_template_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_day__gte", 1), ("from_day__lte", models.F("to_day")), ("to_day__lte", 31)
                ),
                name="activity_window",
                violation_error_message="The window begins on day 1 to 31, before it ends.",
            ),
        ),
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(fields=["organisation", "due_on"], name="occurrence_by_due"),
        ),
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(fields=["due_on"], name="occurrence_by_day"),
        ),
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(fields=["activity", "due_on"], name="occurrence_by_activity"),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "removed"), _negated=True),
                fields=("activity", "month"),
                name="occurrence_once_a_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "skipped"), _negated=True),
                    models.Q(("skipped_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="occurrence_skipped_with_reason",
                violation_error_message="Say why it is skipped.",
            ),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True),
                    ("done_at__isnull", False),
                    _connector="OR",
                ),
                name="occurrence_done_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="planningmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_month__range", (1, 12)), ("to_month__range", (1, 12))),
                name="mark_within_the_year",
                violation_error_message="Months are 1 to 12.",
            ),
        ),
    ]
