from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.benchmark.rules import Published


class Round(OrganisationOwned):
    """A half-year's benchmark of an operator's sector (``organisation`` is the operator).

    Open, it has contributors and no figures. Closing it works the figures out, publishes
    those that may be shown, and freezes them.
    """

    key = models.CharField(_("half-year"), max_length=7)
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.CharField(_("closed by"), max_length=200, blank=True)
    contributors = models.PositiveIntegerField(_("contributors when closed"), default=0)
    figures = models.JSONField(_("published figures"), default=dict, blank=True)

    objects = ScopedManager(Permission.BENCHMARK_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("round of the benchmark")
        verbose_name_plural = _("rounds of the benchmark")
        ordering = ["-key"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="round_once"),
            models.CheckConstraint(
                name="round_open_says_nothing",
                condition=Q(closed_at__isnull=False) | Q(figures={}, contributors=0),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_closed(self) -> bool:
        """Whether its figures are published and can no longer change."""
        return self.closed_at is not None

    @property
    def published(self) -> dict[str, Published]:
        """What is published, by the figure's key."""
        return {key: Published.from_json(found) for key, found in self.figures.items()}


class Contribution(OrganisationOwned):
    """That an organisation takes part in a round. Withdrawn, it is gone with all it holds.

    ``figures`` is empty until the round is closed; then it holds what was contributed, for
    the organisation alone to see itself by.
    """

    AUDIT_HIDDEN = frozenset({"figures"})

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="+"
    )
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now)
    joined_by = models.CharField(_("joined by"), max_length=200)
    figures = models.JSONField(_("contributed figures"), default=dict, blank=True)

    objects = ScopedManager(Permission.BENCHMARK_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-round__key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation"], name="contribution_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.round}"
