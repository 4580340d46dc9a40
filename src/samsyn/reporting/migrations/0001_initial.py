import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("actions", "0002_decisions_are_kept"),
        ("organisations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "held_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="day of the meeting"
                    ),
                ),
                ("begins_at", models.TimeField(blank=True, null=True, verbose_name="begins at")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("chair", models.CharField(blank=True, max_length=120, verbose_name="chair")),
                (
                    "participants",
                    models.TextField(
                        blank=True,
                        help_text="One name a line.",
                        max_length=4000,
                        verbose_name="participants",
                    ),
                ),
                (
                    "preparation",
                    models.TextField(
                        blank=True,
                        help_text="What the CISO and the chair have agreed beforehand. It is not in the pack.",
                        max_length=4000,
                        verbose_name="notes from the pre-meeting",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("sv", "Svenska"), ("nb", "Norsk bokmål"), ("en", "English")],
                        default="nb",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("prepared", "being prepared"), ("frozen", "held and frozen")],
                        default="prepared",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("pack", models.JSONField(blank=True, default=dict, verbose_name="pack")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="checksum")),
                (
                    "frozen_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="frozen at"),
                ),
                (
                    "frozen_by",
                    models.CharField(blank=True, max_length=200, verbose_name="frozen by"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="prepared at"
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
            ],
            options={
                "verbose_name": "management's meeting",
                "verbose_name_plural": "management's meetings",
                "ordering": ["-held_on", "-pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DecisionProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="what is to be decided")),
                ("why", models.TextField(max_length=4000, verbose_name="why")),
                (
                    "recommendation",
                    models.TextField(max_length=2000, verbose_name="recommendation"),
                ),
                ("if_yes", models.TextField(max_length=2000, verbose_name="if we say yes")),
                ("if_no", models.TextField(max_length=2000, verbose_name="if we say no")),
                (
                    "cost",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="cost"),
                ),
                ("needed_by", models.DateField(blank=True, null=True, verbose_name="needed by")),
                (
                    "source_kind",
                    models.CharField(blank=True, max_length=80, verbose_name="kind of the source"),
                ),
                (
                    "source_id",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="id of the source"
                    ),
                ),
                (
                    "source_text",
                    models.CharField(blank=True, max_length=300, verbose_name="comes from"),
                ),
                ("asked_by", models.CharField(max_length=200, verbose_name="asked by")),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="asked at"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for a decision"),
                            ("approved", "approved"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled at"),
                ),
                (
                    "settled_by",
                    models.CharField(blank=True, max_length=200, verbose_name="settled by"),
                ),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "decision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="actions.decision",
                        verbose_name="decision",
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
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="reporting.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal for decision",
                "verbose_name_plural": "proposals for decision",
                "ordering": [models.OrderBy(models.F("needed_by"), nulls_last=True), "-pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=20, verbose_name="key")),
                ("place", models.PositiveSmallIntegerField(verbose_name="order")),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                (
                    "about",
                    models.TextField(blank=True, max_length=1000, verbose_name="what it is about"),
                ),
                (
                    "planned_minutes",
                    models.PositiveSmallIntegerField(default=5, verbose_name="planned minutes"),
                ),
                (
                    "minutes",
                    models.TextField(blank=True, max_length=8000, verbose_name="what was said"),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="reporting.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "point of an agenda",
                "verbose_name_plural": "points of agendas",
                "ordering": ["place", "pk"],
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="question")),
                ("area", models.CharField(blank=True, max_length=24, verbose_name="area")),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="asked at"
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=4000, verbose_name="answer")),
                (
                    "answered_by",
                    models.CharField(blank=True, max_length=200, verbose_name="answered by"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
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
                "verbose_name": "question to the CISO",
                "verbose_name_plural": "questions to the CISO",
                "ordering": ["-asked_at", "-pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="TargetPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until_year", models.PositiveSmallIntegerField(verbose_name="until the year")),
                ("text", models.TextField(max_length=4000, verbose_name="where we want to be")),
                (
                    "principles",
                    models.TextField(
                        blank=True,
                        help_text="One a line.",
                        max_length=4000,
                        verbose_name="principles",
                    ),
                ),
                (
                    "levels",
                    models.JSONField(blank=True, default=dict, verbose_name="wanted maturity"),
                ),
                (
                    "written_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="written at"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "decision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="actions.decision",
                        verbose_name="decision",
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
                "verbose_name": "target picture",
                "verbose_name_plural": "target pictures",
                "ordering": ["-written_at", "-pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="AreaWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area", models.CharField(max_length=24, verbose_name="area")),
                ("text", models.TextField(max_length=2000, verbose_name="the CISO's words")),
                (
                    "judged",
                    models.CharField(
                        choices=[
                            ("unknown", "not known"),
                            ("good", "in order"),
                            ("watch", "keep an eye on it"),
                            ("act", "something must be done"),
                        ],
                        default="unknown",
                        max_length=8,
                        verbose_name="how it stands",
                    ),
                ),
                (
                    "written_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="written at"
                    ),
                ),
                ("written_by", models.CharField(max_length=200, verbose_name="written by")),
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
                "verbose_name": "words on an area",
                "verbose_name_plural": "words on areas",
                "ordering": ["-written_at", "-pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
                "indexes": [
                    models.Index(fields=["organisation", "area", "-written_at"], name="word_newest")
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["organisation", "-held_on"], name="meeting_by_day"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "prepared"),
                    models.Q(
                        models.Q(("digest", ""), _negated=True),
                        models.Q(("participants", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="meeting_frozen_has_digest",
            ),
        ),
        migrations.AddIndex(
            model_name="decisionproposal",
            index=models.Index(fields=["organisation", "state"], name="proposal_by_state"),
        ),
        migrations.AddConstraint(
            model_name="decisionproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision__isnull", True), ("state__in", ["waiting", "withdrawn"])),
                    models.Q(("decision__isnull", False), ("state__in", ["approved", "declined"])),
                    _connector="OR",
                ),
                name="proposal_settled_by_decision",
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["organisation", "-asked_at"], name="question_newest"),
        ),
        migrations.AddConstraint(
            model_name="targetpicture",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision__isnull", True)),
                fields=("organisation",),
                name="target_one_draft",
            ),
        ),
    ]
