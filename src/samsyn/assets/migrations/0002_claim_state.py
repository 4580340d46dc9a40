import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="resource",
            name="decided_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
        ),
        migrations.AddField(
            model_name="resource",
            name="decided_by",
            field=models.CharField(blank=True, max_length=200, verbose_name="decided by"),
        ),
        migrations.AddField(
            model_name="resource",
            name="ground",
            field=models.CharField(blank=True, max_length=400, verbose_name="explanation"),
        ),
        migrations.AddField(
            model_name="resource",
            name="ground_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("registry", "registry extract"),
                    ("paper", "the member's documents"),
                    ("operator", "the operator found out"),
                    ("import", "imported list"),
                    ("inside", "lies inside what it already has"),
                    ("before", "registered before claims were confirmed"),
                ],
                max_length=10,
                verbose_name="ground",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="host_asked",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
                verbose_name="is asked to be run by",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="reasons",
            field=models.CharField(blank=True, max_length=60, verbose_name="why it waits"),
        ),
        migrations.AddField(
            model_name="resource",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "waiting"),
                    ("confirmed", "confirmed"),
                    ("refused", "refused"),
                ],
                default="requested",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="within",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assets.resource",
                verbose_name="lies inside",
            ),
        ),
    ]
