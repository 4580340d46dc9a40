from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0003_claims_before"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "confirmed"), ("withdrawn_on__isnull", True)),
                fields=("kind", "value"),
                name="resource_confirmed_once",
                violation_error_message="It is already confirmed for another organisation.",
            ),
        ),
    ]
