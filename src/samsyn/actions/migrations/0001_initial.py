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
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="what")),
                ("why", models.TextField(blank=True, max_length=4000, verbose_name="why")),
                ("how", models.TextField(blank=True, max_length=4000, verbose_name="how")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("finding", "a finding"),
                            ("maturity", "the maturity dialogue"),
                            ("audit", "an audit"),
                            ("incident", "an incident"),
                            ("risk", "a risk"),
                            ("decision", "a decision"),
                            ("wheel", "an activity of the year"),
                            ("own", "our own idea"),
                        ],
                        default="own",
                        max_length=10,
                        verbose_name="comes from",
                    ),
                ),
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
                    models.CharField(
                        blank=True, max_length=300, verbose_name="the source in words"
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
                    "owner_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("leader", "leader"),
                            ("ciso", "security officer (CISO)"),
                            ("owner", "information owner"),
                            ("technician", "technician"),
                        ],
                        max_length=20,
                        verbose_name="role that owns it",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
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
                        verbose_name="horizon",
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "high"), (2, "medium"), (3, "low")],
                        default=2,
                        verbose_name="priority",
                    ),
                ),
                (
                    "cost",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="cost"),
                ),
                (
                    "effort_days",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="working days"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("planned", "decided"),
                            ("in_progress", "under way"),
                            ("done", "done, effect to be checked"),
                            ("confirmed", "effect confirmed"),
                            ("declined", "declined"),
                        ],
                        default="proposed",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="in this state since"
                    ),
                ),
                (
                    "effect_question",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="how we see that it helped"
                    ),
                ),
                (
                    "effect_due_on",
                    models.DateField(blank=True, null=True, verbose_name="effect to be checked on"),
                ),
                (
                    "effect_result",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "yes, it helped"), ("partly", "partly"), ("no", "no")],
                        max_length=6,
                        verbose_name="did it help",
                    ),
                ),
                (
                    "effect_note",
                    models.TextField(blank=True, max_length=2000, verbose_name="what was seen"),
                ),
                (
                    "effect_checked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="effect checked at"),
                ),
                (
                    "effect_checked_by",
                    models.CharField(blank=True, max_length=200, verbose_name="effect checked by"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="proposed at"
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
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "actions",
                "ordering": ["due_on", "priority", "-pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ActionEvent",
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
                            ("proposed", "proposed"),
                            ("changed", "changed"),
                            ("moved", "moved"),
                            ("checked", "effect checked"),
                            ("decided", "decided on"),
                            ("noted", "noted"),
                        ],
                        max_length=10,
                        verbose_name="what happened",
                    ),
                ),
                ("by", models.CharField(blank=True, max_length=200, verbose_name="by")),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("proposed", "proposed"),
                            ("planned", "decided"),
                            ("in_progress", "under way"),
                            ("done", "done, effect to be checked"),
                            ("confirmed", "effect confirmed"),
                            ("declined", "declined"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="from",
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("proposed", "proposed"),
                            ("planned", "decided"),
                            ("in_progress", "under way"),
                            ("done", "done, effect to be checked"),
                            ("confirmed", "effect confirmed"),
                            ("declined", "declined"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="to",
                    ),
                ),
                ("fields", models.JSONField(blank=True, default=list, verbose_name="changed")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="actions.action",
                        verbose_name="action",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of an action",
                "verbose_name_plural": "events of actions",
                "ordering": ["at", "pk"],
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="matter")),
                ("text", models.TextField(max_length=4000, verbose_name="decision")),
                ("basis", models.TextField(blank=True, max_length=4000, verbose_name="basis")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("approved", "approved"),
                            ("declined", "declined"),
                            ("deferred", "put off"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("decided_on", models.DateField(verbose_name="decided on")),
                ("decided_by", models.CharField(max_length=200, verbose_name="decided by")),
                ("present", models.JSONField(blank=True, default=list, verbose_name="present")),
                (
                    "valid_until",
                    models.DateField(blank=True, null=True, verbose_name="valid until"),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="recorded at"
                    ),
                ),
                ("recorded_by", models.CharField(max_length=200, verbose_name="recorded by")),
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
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="actions.decision",
                        verbose_name="replaces",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["-decided_on", "-pk"],
                "abstract": False,
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DecisionSubject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=80, verbose_name="kind of thing")),
                ("object_id", models.PositiveBigIntegerField(verbose_name="id of the thing")),
                ("name", models.CharField(max_length=300, verbose_name="name on that day")),
                ("digest", models.CharField(max_length=64, verbose_name="digest on that day")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subjects",
                        to="actions.decision",
                        verbose_name="decision",
                    ),
                ),
            ],
            options={
                "verbose_name": "subject of a decision",
                "verbose_name_plural": "subjects of decisions",
                "ordering": ["pk"],
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="SentReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=6, verbose_name="stage")),
                ("due_on", models.DateField(verbose_name="due")),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="actions.action",
                        verbose_name="action",
                    ),
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
                "verbose_name": "reminder that was sent",
                "verbose_name_plural": "reminders that were sent",
                "ordering": ["-sent_at", "-pk"],
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["organisation", "state", "due_on"], name="action_by_state"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["due_on"], name="action_by_date"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["owner_person", "state"], name="action_by_owner"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["source_kind", "source_id"], name="action_by_source"),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owner_person__isnull", True), ("owner_role", ""), _connector="OR"
                ),
                name="action_person_or_role",
                violation_error_message="An action is owned by a person or by a role.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    models.Q(("effect_checked_at__isnull", False), ("effect_result", "yes")),
                    _connector="OR",
                ),
                name="action_confirmed_only_by_check",
                violation_error_message="Look first whether it helped.",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["organisation", "-decided_on"], name="decision_by_date"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("valid_until__isnull", False)),
                fields=["valid_until"],
                name="decision_runs_out",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("decided_on")),
                    _connector="OR",
                ),
                name="decision_valid_after_decided",
                violation_error_message="A decision cannot run out before it is taken.",
            ),
        ),
        migrations.AddIndex(
            model_name="decisionsubject",
            index=models.Index(fields=["kind", "object_id"], name="subject_by_thing"),
        ),
        migrations.AddConstraint(
            model_name="decisionsubject",
            constraint=models.UniqueConstraint(
                fields=("decision", "kind", "object_id"), name="subject_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="sentreminder",
            constraint=models.UniqueConstraint(
                fields=("action", "person", "stage", "due_on"), name="reminder_once"
            ),
        ),
    ]
