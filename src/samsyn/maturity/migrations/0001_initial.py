import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("actions", "0002_decisions_are_kept"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dialogue",
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
                (
                    "facilitator",
                    models.CharField(blank=True, max_length=120, verbose_name="facilitator"),
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
                    "is_by_aspect",
                    models.BooleanField(
                        default=False,
                        help_text="Five ratings for each area rather than one: slower, and says more.",
                        verbose_name="rate each aspect too",
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("prepared", "being prepared"),
                            ("rating", "everyone rates alone"),
                            ("meeting", "in the meeting"),
                            ("closed", "closed"),
                        ],
                        default="prepared",
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                (
                    "nonce",
                    models.CharField(blank=True, max_length=16, verbose_name="mark in the links"),
                ),
                (
                    "shown",
                    models.CharField(blank=True, max_length=20, verbose_name="area on the screen"),
                ),
                (
                    "timer_ends_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="timer ends at"),
                ),
                (
                    "present",
                    models.TextField(
                        blank=True,
                        help_text="One name a line.",
                        max_length=2000,
                        verbose_name="present",
                    ),
                ),
                (
                    "losses",
                    models.TextField(
                        blank=True,
                        help_text="What it would cost to leave things as they are. One a line.",
                        max_length=2000,
                        verbose_name="losses avoided",
                    ),
                ),
                (
                    "gains",
                    models.TextField(
                        blank=True,
                        help_text="What we win. One a line.",
                        max_length=2000,
                        verbose_name="gains",
                    ),
                ),
                (
                    "closing",
                    models.TextField(blank=True, max_length=2000, verbose_name="closing words"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="prepared at"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="actions.decision",
                        verbose_name="decision on the plan",
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
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="maturity.dialogue",
                        verbose_name="last time",
                    ),
                ),
            ],
            options={
                "verbose_name": "maturity dialogue",
                "verbose_name_plural": "maturity dialogues",
                "ordering": ["-held_on", "-pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DialogueArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=20, verbose_name="key")),
                ("own_name", models.CharField(blank=True, max_length=80, verbose_name="own name")),
                (
                    "own_scope",
                    models.CharField(blank=True, max_length=300, verbose_name="what it is about"),
                ),
                ("place", models.PositiveSmallIntegerField(verbose_name="place")),
                (
                    "target",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4")],
                        null=True,
                        verbose_name="where we want to be",
                    ),
                ),
                (
                    "agreed",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4")],
                        null=True,
                        verbose_name="agreed level",
                    ),
                ),
                (
                    "reasons",
                    models.TextField(
                        blank=True,
                        help_text="One reason a line.",
                        max_length=4000,
                        verbose_name="reasons",
                    ),
                ),
                (
                    "dissent",
                    models.TextField(
                        blank=True,
                        help_text="The view, not the name: it is kept beside what was agreed.",
                        max_length=2000,
                        verbose_name="who saw it otherwise, and why",
                    ),
                ),
                (
                    "is_revealed",
                    models.BooleanField(default=False, verbose_name="shown in the meeting"),
                ),
                (
                    "dialogue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="maturity.dialogue",
                        verbose_name="dialogue",
                    ),
                ),
            ],
            options={
                "verbose_name": "area of a dialogue",
                "verbose_name_plural": "areas of dialogues",
                "ordering": ["place"],
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "group",
                    models.CharField(
                        choices=[("leadership", "leadership"), ("staff", "staff")],
                        max_length=12,
                        verbose_name="group",
                    ),
                ),
                (
                    "invited_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="invited at"),
                ),
                (
                    "dialogue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="maturity.dialogue",
                        verbose_name="dialogue",
                    ),
                ),
            ],
            options={
                "verbose_name": "participant",
                "verbose_name_plural": "participants",
                "ordering": ["name", "pk"],
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="what")),
                ("how", models.TextField(blank=True, max_length=2000, verbose_name="how")),
                ("who", models.CharField(blank=True, max_length=120, verbose_name="who")),
                (
                    "horizon",
                    models.CharField(
                        choices=[
                            ("near", "within 6 months"),
                            ("mid", "in 6–12 months"),
                            ("later", "later"),
                        ],
                        default="near",
                        max_length=5,
                        verbose_name="when",
                    ),
                ),
                ("is_declined", models.BooleanField(default=False, verbose_name="not to be done")),
                (
                    "action",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="actions.action",
                        verbose_name="action",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="maturity.dialoguearea",
                        verbose_name="area",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "ordering": ["pk"],
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="key",
                    ),
                ),
                ("rater", models.CharField(max_length=64, verbose_name="rater")),
                (
                    "group",
                    models.CharField(
                        choices=[("leadership", "leadership"), ("staff", "staff")],
                        max_length=12,
                        verbose_name="group",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4")], verbose_name="level"
                    ),
                ),
                (
                    "aspects",
                    models.JSONField(blank=True, default=dict, verbose_name="level of each aspect"),
                ),
                ("reason", models.TextField(blank=True, max_length=1000, verbose_name="why")),
                (
                    "evidence",
                    models.TextField(blank=True, max_length=1000, verbose_name="what shows it"),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="maturity.dialoguearea",
                        verbose_name="area",
                    ),
                ),
            ],
            options={
                "verbose_name": "rating",
                "verbose_name_plural": "ratings",
                "ordering": ["pk"],
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="dialogue",
            index=models.Index(fields=["organisation", "-held_on"], name="dialogue_by_day"),
        ),
        migrations.AddConstraint(
            model_name="dialoguearea",
            constraint=models.UniqueConstraint(fields=("dialogue", "key"), name="area_once"),
        ),
        migrations.AddConstraint(
            model_name="dialoguearea",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agreed__isnull", True),
                    models.Q(("reasons", ""), _negated=True),
                    _connector="OR",
                ),
                name="area_agreed_has_reasons",
                violation_error_message="Write at least one reason for the level.",
            ),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(
                fields=("dialogue", "email"),
                name="participant_once",
                violation_error_message="This address has been invited already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.UniqueConstraint(fields=("area", "rater"), name="rating_once"),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__gte", 1), ("level__lte", 4)), name="rating_level_known"
            ),
        ),
    ]
