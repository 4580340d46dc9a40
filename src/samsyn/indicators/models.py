from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.models import ROLE_NAMES, Person
from samsyn.access.naming import LineField
from samsyn.access.permissions import Permission, Role
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.access.versions import Versioned
from samsyn.kernel.measuring import MEASURES
from samsyn.ui.addresses import thing_url

ROLES = (Role.CISO, Role.LEADER, Role.OWNER, Role.TECHNICIAN)


class Unit(models.TextChoices):
    """What a value is counted in."""

    PERCENT = "percent", _("per cent")
    COUNT = "count", pgettext_lazy("unit", "number")
    DAYS = "days", _("days")
    HOURS = "hours", _("hours")
    LEVEL = "level", _("level 1–4")


class BetterDirection(models.TextChoices):
    """Which way is better."""

    UP = "up", _("higher is better")
    DOWN = "down", _("lower is better")


class MeasuringFrequency(models.TextChoices):
    """How often a new value is expected."""

    MONTHLY = "monthly", _("monthly")
    QUARTERLY = "quarterly", _("quarterly")
    YEARLY = "yearly", _("yearly")


def measure_words() -> list[tuple[str, Any]]:
    """Return what Samsyn can compute an indicator by: what the rooms above have registered."""
    return [(key, each.word) for key, each in MEASURES.items()]


class Indicator(Versioned, OrganisationOwned):
    """Something that an organisation measures over time, with a target.

    ``key`` names the template that it began from. ``measure`` is what Samsyn computes it by
    (``kernel.measuring``); empty, it is measured by hand or by a program.
    """

    key = models.CharField(_("template"), max_length=40, blank=True)
    name = LineField(_("name"), max_length=120)
    definition = LineField(_("definition"), max_length=400, blank=True)
    unit = models.CharField(_("unit"), max_length=8, choices=Unit.choices)
    direction = models.CharField(_("direction"), max_length=4, choices=BetterDirection.choices)
    target = models.FloatField(_("target"), null=True, blank=True)
    band = models.FloatField(_("amber band"), default=0)
    measure = models.CharField(
        _("what computes it"), max_length=60, blank=True, choices=measure_words
    )
    role = models.CharField(
        _("role"),
        max_length=20,
        choices=[(role.value, ROLE_NAMES[role]) for role in ROLES],
        default=Role.CISO.value,
    )
    owner_person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    frequency = models.CharField(
        _("how often"),
        max_length=9,
        choices=MeasuringFrequency.choices,
        default=MeasuringFrequency.MONTHLY,
    )
    is_retired = models.BooleanField(_("retired"), default=False)
    created_at = models.DateTimeField(_("begun at"), default=timezone.now)

    objects = ScopedManager(Permission.INDICATORS_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key"],
                condition=~Q(key=""),
                name="indicator_template_once",
            ),
            models.CheckConstraint(
                name="indicator_band_not_negative",
                condition=Q(band__gte=0),
                violation_error_message=_("The amber band is not negative."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["measure"],
                name="indicator_to_measure",
                condition=Q(is_retired=False) & ~Q(measure=""),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return thing_url("indicators:detail", self.pk)

    @property
    def owner_name(self) -> str:
        """The person, else the role."""
        return str(self.owner_person) if self.owner_person_id else str(self.get_role_display())


class MeasurementSource(models.TextChoices):
    """Where a value comes from."""

    HAND = "hand", pgettext_lazy("measurement", "by hand")
    API = "api", pgettext_lazy("measurement", "by a program")
    SAMSYN = "samsyn", pgettext_lazy("measurement", "by Samsyn")


class Measurement(Versioned):
    """The value of an indicator on a day; one for each day. A correction is told in the trail."""

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField(_("day"))
    value = models.FloatField(_("value"))
    out_of = models.PositiveIntegerField(_("worked out from"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=6, choices=MeasurementSource.choices)
    noted_by = models.CharField(_("noted by"), max_length=200, blank=True)
    noted_at = models.DateTimeField(_("noted at"), default=timezone.now)
    note = models.TextField(_("note"), max_length=2000, blank=True)

    objects = ScopedManager(Permission.INDICATORS_VIEW, path="indicator__organisation")
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["-on", "-pk"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "on"], name="measurement_once_a_day"),
            models.CheckConstraint(
                name="measurement_by_somebody",
                condition=Q(source="samsyn") | ~Q(noted_by=""),
                violation_error_message=_("Say who has measured it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return thing_url("indicators:measurement", self.pk)

    @property
    def owner_id(self) -> int:
        """The organisation whose measurement it is."""
        return self.indicator.organisation_id
