"""Keep the links of messages apart from their texts, encrypted; of sent messages not at all."""

from django.db import migrations, models

from samsyn.messages.sealing import Body, seal, unseal

BATCH = 500


def seal_links(apps, schema_editor):
    """Seal the links of every message that has any."""
    _rewrite(apps, lambda message: seal(message.text, message.html))
    apps.get_model("delivery", "Message").unscoped.filter(state="sent").update(sealed="")


def unseal_links(apps, schema_editor):
    """Put the links back into the texts; those of sent messages are gone."""
    _rewrite(apps, lambda message: unseal(Body(message.text, message.html, message.sealed)))


def _rewrite(apps, change):
    messages = apps.get_model("delivery", "Message").unscoped
    changed = []
    for message in messages.only("text", "html", "sealed").iterator(chunk_size=BATCH):
        body = change(message)
        if (body.text, body.html) != (message.text, message.html):
            message.text, message.html, message.sealed = body.text, body.html, body.sealed
            changed.append(message)
        if len(changed) >= BATCH:
            messages.bulk_update(changed, ["text", "html", "sealed"])
            changed.clear()
    messages.bulk_update(changed, ["text", "html", "sealed"])


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="sealed",
            field=models.TextField(blank=True, default="", verbose_name="sealed links"),
            preserve_default=False,
        ),
        migrations.RunPython(seal_links, unseal_links),
    ]
