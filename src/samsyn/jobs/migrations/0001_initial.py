from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job", models.CharField(max_length=80, verbose_name="job")),
                ("actor", models.CharField(max_length=200, verbose_name="actor")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("lost", "lost"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("arguments", models.JSONField(default=dict, verbose_name="arguments")),
                (
                    "step",
                    models.CharField(blank=True, max_length=200, verbose_name="what it is doing"),
                ),
                ("done", models.PositiveIntegerField(default=0, verbose_name="done")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="of")),
                ("result", models.JSONField(default=dict, verbose_name="result")),
                ("problem", models.TextField(blank=True, verbose_name="problem")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("started_at", models.DateTimeField(null=True, verbose_name="started at")),
                ("beat_at", models.DateTimeField(null=True, verbose_name="last sign of life")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
            ],
            options={
                "verbose_name": "job run",
                "verbose_name_plural": "job runs",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["state", "due_at"], name="run_by_state")],
            },
        ),
    ]
