"""Confirm the claims made before there was a state; of several to one resource, the earliest.

Later claims to the same resource become requests: from now on the earliest owner is told again,
and the operator decides about the others.
"""

from django.db import migrations

AT_ONCE = 500


def forwards(apps, schema_editor):
    del schema_editor
    resource = apps.get_model("assets", "Resource")
    resource._default_manager.filter(withdrawn_on__isnull=False).update(
        state="confirmed", ground_kind="before"
    )
    taken, changed = set(), []
    for claim in (
        resource._default_manager.filter(withdrawn_on__isnull=True).order_by("pk").iterator()
    ):
        is_first = (claim.kind, claim.value) not in taken
        taken.add((claim.kind, claim.value))
        claim.state = "confirmed" if is_first else "requested"
        claim.reasons = "" if is_first else "overlap"
        claim.ground_kind = "before"
        changed.append(claim)
    resource._default_manager.bulk_update(
        changed, ["state", "reasons", "ground_kind"], batch_size=AT_ONCE
    )


def backwards(apps, schema_editor):
    """Withdraw what nobody has confirmed: without a state it would count."""
    del schema_editor
    requests = apps.get_model("assets", "Resource")._default_manager.filter(
        state="requested", withdrawn_on__isnull=True
    )
    for claim in requests.exclude(ground_kind="before"):
        claim.withdrawn_on = claim.known_on
        claim.save(update_fields=["withdrawn_on"])


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0002_claim_state"),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
    ]
