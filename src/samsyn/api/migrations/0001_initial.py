import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="checksum")),
                (
                    "content_sha256",
                    models.CharField(max_length=64, verbose_name="checksum of what was sent"),
                ),
                ("status", models.PositiveSmallIntegerField(default=0, verbose_name="status")),
                ("sealed", models.TextField(blank=True, verbose_name="answer, encrypted")),
                (
                    "made_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="made at"
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
                "verbose_name": "kept answer",
                "verbose_name_plural": "kept answers",
                "ordering": ["-made_at", "-pk"],
            },
        ),
    ]
