from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.models import ROLE_NAMES, Person
from samsyn.access.naming import AddressField, LineField
from samsyn.access.permissions import Permission, Role
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.access.versions import Versioned
from samsyn.ui.addresses import thing_url

ROLES = (Role.LEADER, Role.CISO, Role.OWNER, Role.TECHNICIAN)


class Criticality(models.IntegerChoices):
    """What happens if the supplier fails."""

    LOW = 1, pgettext_lazy("supplier fails", "we hardly notice it")
    MEDIUM = 2, pgettext_lazy("supplier fails", "some services suffer")
    HIGH = 3, pgettext_lazy("supplier fails", "important services stop")
    VITAL = 4, pgettext_lazy("supplier fails", "life and health are at risk")


class Supplier(Versioned, OrganisationOwned):
    """A company that an organisation depends on, the contract with it, and who follows it up."""

    name = LineField(_("name"), max_length=200)
    delivers = LineField(_("delivers"), max_length=200, blank=True)
    criticality = models.PositiveSmallIntegerField(
        _("criticality"), choices=Criticality.choices, default=Criticality.MEDIUM
    )
    contact = AddressField(_("e-mail in an emergency"), blank=True)
    contract_until = models.DateField(_("last day of the contract"), null=True, blank=True)
    owner_role = models.CharField(
        _("role that owns it"),
        max_length=20,
        blank=True,
        choices=[(role.value, ROLE_NAMES[role]) for role in ROLES],
        default="",
        db_default="",
    )
    owner_person = models.ForeignKey(
        Person,
        verbose_name=_("person who owns it"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)
    is_retired = models.BooleanField(_("retired"), default=False)
    created_at = models.DateTimeField(_("added at"), default=timezone.now)

    objects = ScopedManager(Permission.SUPPLIERS_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="supplier_name_once",
                violation_error_message=_("There is already a supplier with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return thing_url("suppliers:detail", self.pk)

    @property
    def owner_name(self) -> str:
        """The person, else the role, else nothing."""
        return str(self.owner_person or self.get_owner_role_display())
