"""What a person keeps of how they look at lists."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.access.naming import LineField


class SavedView(models.Model):
    """A list as a person wants to see it again: filters, order and columns under a name.

    Each screen may have one without a name: the columns that the person has chosen
    once and for all.
    """

    WITHOUT_POLICY = "belongs to a person, whose lists it names; selectors narrow to oneself"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    screen = models.CharField(_("screen"), max_length=100)
    name = LineField(_("name"), max_length=60, blank=True)
    query = models.CharField(_("what is chosen"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "screen", "name"],
                name="savedview_name_once",
                violation_error_message=_("You already have a view with that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name
