from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing that somebody changed, chained to the entry before it.

    The database refuses to update or delete a row (see the first migration), and
    ``samsyn trail_verify`` proves that the chain is whole.
    """

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("actor"), max_length=200)
    person_id = models.BigIntegerField(_("person"), null=True)
    action = models.CharField(_("action"), max_length=100)
    organisation_id = models.BigIntegerField(_("organisation"), null=True)
    object_type = models.CharField(_("kind of thing"), max_length=100, blank=True)
    object_id = models.CharField(_("id of the thing"), max_length=64, blank=True)
    object_name = models.CharField(_("name of the thing"), max_length=300, blank=True)
    changes = models.JSONField(_("changes"), default=dict)
    previous_hash = models.CharField(_("hash of the entry before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail entries")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["organisation_id", "-number"], name="trail_by_organisation"),
            models.Index(fields=["object_type", "object_id"], name="trail_by_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"
