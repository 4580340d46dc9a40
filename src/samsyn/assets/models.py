from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.organisations.models import Organisation
from samsyn.ui.addresses import thing_url


class ResourceKind(models.TextChoices):
    """The digital resources by which a signal is known to be somebody's."""

    PREFIX = "prefix", _("address range")
    ASN = "asn", _("AS number")
    DOMAIN = "domain", _("domain")
    MAIL_DOMAIN = "mail_domain", _("mail domain")


class Source(models.TextChoices):
    """How we know that the resource is theirs."""

    MEMBER = "member", _("the member said so")
    OPERATOR = "operator", _("the operator found out")
    IMPORT = "import", _("imported list")
    REGISTRY = "registry", _("public registry")
    SEEN = "seen", _("seen in a scan")


class Resource(OrganisationOwned):
    """A claim that an address range, AS number or domain belongs to an organisation.

    Two organisations may claim the same one. Then neither gets the signals until
    somebody has decided (``withdrawn_on`` on the claim that was wrong): we do not guess.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=ResourceKind.choices)
    value = models.CharField(_("value"), max_length=253)
    operated_by = models.ForeignKey(
        Organisation,
        verbose_name=_("run by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The organisation that runs it for the owner, if it is another."),
    )
    source = models.CharField(
        _("source"), max_length=10, choices=Source.choices, default=Source.MEMBER
    )
    known_on = models.DateField(_("date of the fact"), default=timezone.localdate)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = ScopedManager(Permission.RESOURCES_VIEW, also=("operated_by",))

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["organisation__name", "kind", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "value"],
                condition=Q(withdrawn_on__isnull=True),
                name="resource_claimed_once",
                violation_error_message=_("The organisation already has this resource."),
            )
        ]
        indexes = [models.Index(fields=["kind", "value"], name="resource_by_value")]

    def __str__(self) -> str:
        return f"AS{self.value}" if self.kind == ResourceKind.ASN else self.value

    def get_absolute_url(self) -> str:
        return thing_url("assets:resource", self.pk)
