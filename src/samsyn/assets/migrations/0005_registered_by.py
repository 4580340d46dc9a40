from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0004_confirmed_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="resource",
            name="registered_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="registered at"),
        ),
        migrations.AddField(
            model_name="resource",
            name="registered_by",
            field=models.CharField(blank=True, max_length=200, verbose_name="registered by"),
        ),
    ]
