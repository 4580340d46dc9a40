from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.naming import LineField
from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.assets.rules import ClaimReason, as_read
from samsyn.organisations.models import Organisation
from samsyn.ui.addresses import thing_url


class ResourceKind(models.TextChoices):
    """The digital resources by which a signal is known to be somebody's."""

    PREFIX = "prefix", _("address range")
    ASN = "asn", _("AS number")
    DOMAIN = "domain", _("domain")
    MAIL_DOMAIN = "mail_domain", _("mail domain")


class ResourceSource(models.TextChoices):
    """How we know that the resource is theirs."""

    MEMBER = "member", _("the member said so")
    OPERATOR = "operator", _("the operator found out")
    IMPORT = "import", _("imported list")
    REGISTRY = "registry", _("public registry")
    SEEN = "seen", _("seen in a scan")


class ClaimState(models.TextChoices):
    """What has become of a claim. Only a confirmed one decides whom a signal concerns."""

    REQUESTED = "requested", pgettext_lazy("claim", "waiting")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")


class Ground(models.TextChoices):
    """On what ground a claim is confirmed."""

    REGISTRY = "registry", _("registry extract")
    PAPER = "paper", _("the member's documents")
    OPERATOR = "operator", _("the operator found out")
    IMPORT = "import", _("imported list")
    INSIDE = "inside", _("lies inside what it already has")
    BEFORE = "before", _("registered before claims were confirmed")


REASON_TEXTS = {
    ClaimReason.OVERLAP: _("another organisation has this, or a part of it"),
    ClaimReason.UNKNOWN: _("it lies outside everything that is known to be the organisation's"),
    ClaimReason.BROAD: _("it is an unusually wide range"),
}


class Overlap(models.TextChoices):
    """Why an organisation claims what another has, or a part of it."""

    PART_OF = "part_of", _("it is a part of the other's")
    RUN_FOR = "run_for", _("it is run for the other")
    TAKEN_OVER = "taken_over", _("it has been taken over from the other")


# What the operator's people can choose; the others are set by how the claim came about.
GROUNDS_GIVEN = (Ground.REGISTRY, Ground.PAPER, Ground.OPERATOR)

HOST_FIELDS = (
    "operated_by", "host_asked", "host_ground_kind", "host_ground", "host_by", "host_at",
)  # fmt: skip


class Resource(OrganisationOwned):
    """A claim that an address range, AS number or domain belongs to an organisation.

    It is a request until the operator confirms it; inside what the organisation already has it
    counts at once. A request decides nothing: whoever had a confirmed claim before keeps
    being told. ``ground`` says why it was confirmed or refused, ``within`` which claim
    holds it. ``host_asked`` is another organisation that shall run it, until that is confirmed.
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
        _("source"), max_length=10, choices=ResourceSource.choices, default=ResourceSource.MEMBER
    )
    known_on = models.DateField(_("date of the fact"), default=timezone.localdate)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    note = LineField(_("note"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ClaimState.choices, default=ClaimState.REQUESTED
    )
    reasons = models.CharField(_("why it waits"), max_length=60, blank=True)
    ground_kind = models.CharField(_("ground"), max_length=10, choices=Ground.choices, blank=True)
    ground = LineField(_("explanation"), max_length=400, blank=True)
    registered_by = models.CharField(_("registered by"), max_length=200, blank=True)
    registered_at = models.DateTimeField(_("registered at"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    overlap = models.CharField(
        _("why another has it too"),
        max_length=10,
        choices=Overlap.choices,
        blank=True,
        default="",
        db_default="",
    )
    within = models.ForeignKey(
        "self",
        verbose_name=_("lies inside"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    host_asked = models.ForeignKey(
        Organisation,
        verbose_name=_("is asked to be run by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    host_ground_kind = models.CharField(
        _("ground for who runs it"),
        max_length=10,
        choices=Ground.choices,
        blank=True,
        default="",
        db_default="",
    )
    host_ground = LineField(
        _("explanation of who runs it"), max_length=400, blank=True, default="", db_default=""
    )
    host_by = models.CharField(
        _("who said who runs it"), max_length=200, blank=True, default="", db_default=""
    )
    host_at = models.DateTimeField(_("when that was said"), null=True, blank=True)

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
            ),
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=Q(withdrawn_on__isnull=True, state="confirmed"),
                name="resource_confirmed_once",
                violation_error_message=_("It is already confirmed for another organisation."),
            ),
        ]
        indexes = [models.Index(fields=["kind", "value"], name="resource_by_value")]

    def __str__(self) -> str:
        return f"AS{self.value}" if self.kind == ResourceKind.ASN else as_read(self.value)

    def get_absolute_url(self) -> str:
        return thing_url("assets:resource", self.pk)

    @property
    def is_waiting(self) -> bool:
        """Whether the operator has something to decide about it."""
        is_open = self.withdrawn_on is None
        return is_open and (self.state == ClaimState.REQUESTED or self.host_asked_id is not None)

    def confirm(self, *, kind: str, ground: str, by: str, at: datetime) -> None:
        """Set what makes it a confirmed claim; the caller saves."""
        self.state, self.reasons, self.within = ClaimState.CONFIRMED, "", None
        self.ground_kind, self.ground = kind, ground[:400]
        self.decided_by, self.decided_at = by[:200], at

    def run_by(
        self, host: Organisation | None, *, by: str, kind: str = "", ground: str = ""
    ) -> None:
        """Set who runs it, and who says so on what ground; the caller saves."""
        self.operated_by, self.host_asked = host, None
        self.host_ground_kind, self.host_ground = kind, ground[:400]
        self.host_by, self.host_at = by[:200], timezone.now()


def reason_texts(claim: Resource) -> list[str | Promise]:
    """Return why a claim waits, in words that begin small."""
    texts: list[str | Promise] = [
        text for reason, text in REASON_TEXTS.items() if reason in claim.reasons.split(",")
    ]
    if claim.host_asked is not None:
        texts.append(_("%s is to run it for the owner") % claim.host_asked)
    return texts
