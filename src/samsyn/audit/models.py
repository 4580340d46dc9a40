from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.audit.rules import CHANGE, EXPORT, READING, SIGN_IN

KINDS = [
    (CHANGE, _("change")),
    (SIGN_IN, _("sign-in")),
    (READING, _("opened by others")),
    (EXPORT, _("export")),
]


class Entry(models.Model):
    """One thing that somebody did, chained to the entry before it.

    The database refuses to update, replace or delete a row (see the migrations), and
    ``samsyn trail_verify`` proves that the chain is whole. ``mac`` is a code over the hash made
    with a key outside the database; entries from before there was a key have none.
    """

    WITHOUT_POLICY = (
        "the chain needs its last entry, whoever changes something; read through selectors"
    )

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("actor"), max_length=200)
    person_id = models.BigIntegerField(_("person"), null=True)
    action = models.CharField(_("action"), max_length=100)
    kind = models.CharField(
        _("kind"), max_length=8, choices=KINDS, default=CHANGE, db_default=CHANGE
    )
    organisation_id = models.BigIntegerField(_("organisation"), null=True)
    object_type = models.CharField(_("kind of thing"), max_length=100, blank=True)
    object_id = models.CharField(_("id of the thing"), max_length=64, blank=True)
    object_name = models.CharField(_("name of the thing"), max_length=300, blank=True)
    changes = models.JSONField(_("changes"), default=dict)
    previous_hash = models.CharField(_("hash of the entry before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)
    key_id = models.CharField(_("key"), max_length=12, blank=True, default="", db_default="")
    mac = models.CharField(
        _("code made with the key"), max_length=64, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail entries")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["organisation_id", "-number"], name="trail_by_organisation"),
            models.Index(fields=["object_type", "object_id"], name="trail_by_thing"),
            models.Index(fields=["kind", "-number"], name="trail_by_kind"),
            models.Index(fields=["person_id", "-number"], name="trail_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"
