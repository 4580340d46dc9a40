"""Make requests of claims that lie inside another's that is no longer of the same legal entity.

They have not counted since the move, but looked confirmed, and what lay inside them counted.
"""

from django.db import migrations


def forwards(apps, schema_editor):
    del schema_editor
    lineage = apps.get_model("organisations", "Lineage")
    claims = apps.get_model("assets", "Resource")._default_manager.filter(
        withdrawn_on__isnull=True, state="confirmed"
    )
    same = lineage.objects.filter(same_entity=True).values_list("ancestor_id", "descendant_id")
    entities = set(same.iterator())
    fields = ("pk", "organisation_id", "within_id", "within__organisation_id")
    held = {pk: rest for pk, *rest in claims.filter(within__isnull=False).values_list(*fields)}
    stale = {
        pk
        for pk, (owner, _within, holder) in held.items()
        if not {(owner, holder), (holder, owner)} & entities
    }
    new = stale
    while new:  # and what lies inside those
        new = {pk for pk, (_owner, within, _holder) in held.items() if within in new} - stale
        stale |= new
    for pk in sorted(stale):
        claims.filter(pk=pk).update(
            state="requested", within=None, ground_kind="", reasons="overlap"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0006_who_said_the_host"),
        ("organisations", "0006_agreement_ended"),
    ]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
