"""Where and when a security centre can be called."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PhoneDays(models.TextChoices):
    """On which days a security centre answers its telephone."""

    WEEKDAYS = "weekdays", _("weekdays")
    DAILY = "daily", _("every day")
    ALWAYS = "always", _("around the clock")


PHONE = RegexValidator(r"^\+?[0-9 ()-]*\Z", _("Write digits, with + and country code."))


PHONE_HOURS = models.CheckConstraint(
    name="organisation_phone_hours",
    condition=Q(phone_from__isnull=True, phone_until__isnull=True)
    | Q(
        phone_from__isnull=False,
        phone_until__isnull=False,
        phone_until__gt=F("phone_from"),
    ),
    violation_error_message=_(
        "Give both hours or none; the phone is answered from the first to the second."
    ),
)


class WithPhone(models.Model):
    """The telephone of a security centre; it stands in its letters."""

    phone = models.CharField(
        _("phone"), max_length=30, blank=True, default="", db_default="", validators=[PHONE]
    )
    phone_days = models.CharField(
        _("phone is answered"),
        max_length=10,
        choices=PhoneDays.choices,
        blank=True,
        default="",
        db_default="",
    )
    phone_from = models.TimeField(_("phone is answered from"), null=True, blank=True)
    phone_until = models.TimeField(_("phone is answered until"), null=True, blank=True)

    class Meta:
        abstract = True
