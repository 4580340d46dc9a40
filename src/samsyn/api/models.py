from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """What a program was answered to a change that it named by an Idempotency-Key.

    The row is written in the transaction of the change: there is one exactly if it was made.
    """

    WITHOUT_POLICY = "belongs to a person; encrypted, and found only by who knows its key"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    digest = models.CharField(_("checksum"), max_length=64, unique=True)
    content_sha256 = models.CharField(_("checksum of what was sent"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    sealed = models.TextField(_("answer, encrypted"), blank=True)
    passed = models.JSONField(_("permissions asked for"), default=list, blank=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.digest[:12]
