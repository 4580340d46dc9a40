from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.access.versions import Versioned
from samsyn.kernel.periods import Period
from samsyn.organisations.models import OrganisationKind
from samsyn.situation.rules import Figures
from samsyn.ui.addresses import thing_url


class Audience(models.TextChoices):
    """For whom an edition is written."""

    MANAGEMENT = "management", _("management")
    TECHNICAL = "technical", _("technicians")


class EditionState(models.TextChoices):
    """Whether an edition may still change."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class Edition(Versioned, OrganisationOwned):
    """The situation picture of one organisation for a period and an audience.

    ``organisation`` is the member it is about, or the operator for the whole sector.
    Published, its figures and words never change: ``digest`` proves it, and ``frozen``
    names the file of episodes that every number opens to.
    """

    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices)
    begins_on = models.DateField(_("first day"))
    months = models.PositiveSmallIntegerField(_("months"), default=1)
    state = models.CharField(
        _("state"), max_length=10, choices=EditionState.choices, default=EditionState.DRAFT
    )
    figures = models.JSONField(_("figures"), default=dict)
    words = models.JSONField(_("the analyst's words"), default=dict, blank=True)
    frozen = models.CharField(_("file of episodes"), max_length=120)
    digest = models.CharField(_("checksum"), max_length=64)
    label = models.CharField(_("sharing label"), max_length=12, default="AMBER")
    built_at = models.DateTimeField(_("built at"), default=timezone.now)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.CharField(_("published by"), max_length=200, blank=True)

    objects = ScopedManager(Permission.SITUATION_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-begins_on", "organisation__name", "audience"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "audience", "begins_on", "months"], name="edition_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.period} {self.get_audience_display()}"

    def get_absolute_url(self) -> str:
        return thing_url("situation:edition", self.pk)

    @property
    def period(self) -> Period:
        """The months that it is about."""
        return Period(self.begins_on, self.months)

    @property
    def is_sector(self) -> bool:
        """Whether it is about all members together."""
        return self.organisation.kind == OrganisationKind.OPERATOR

    @property
    def is_published(self) -> bool:
        return self.state == EditionState.PUBLISHED

    @property
    def sharing_label(self) -> str:
        """The TLP label that the page and the PDF carry."""
        return self.label

    @property
    def picture(self) -> Figures:
        """The figures, typed."""
        return Figures.from_json(self.figures)

    @property
    def frozen_path(self) -> Path:
        """Where the episodes behind the figures lie."""
        return editions_folder() / self.frozen


def editions_folder() -> Path:
    """Return where the frozen episodes of editions are kept."""
    return Path(settings.SAMSYN_HOME) / "store" / "editions"
