from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.models import ApiToken, Person
from samsyn.access.naming import LineField
from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.access.versions import Versioned
from samsyn.ui.addresses import thing_url

if TYPE_CHECKING:
    from datetime import datetime


OWN_ROOM = "webhooks."  # how commands begin that are about webhooks themselves


class WebhookState(models.TextChoices):
    """Whether something is sent."""

    ON = "on", _("on")
    PAUSED = "paused", _("paused")
    OFF = "off", _("switched off by Samsyn")
    RETIRED = "retired", _("retired")


class WebhookCoverage(models.TextChoices):
    """Whose happenings are told."""

    OWN = "own", _("the organisation's own")
    ALL = "all", _("also those of its units and of the members that it serves")


class StopReason(models.TextChoices):
    """Why Samsyn has switched a webhook off."""

    FAILING = "failing", _("The receiver has not accepted anything for five days.")
    GONE = "gone", _("The receiver has answered that nothing more is to be sent to it (410).")
    NO_RIGHTS = (
        "no_rights",
        _("Whoever answers for it may no longer see the change log or manage webhooks here."),
    )
    TOKEN_ENDED = "token_ended", _("The API token by which it was last saved has ended.")


class Webhook(Versioned, OrganisationOwned):
    """An address that is told what happens, and what of it.

    No ``kinds`` are everything but what is done with webhooks: that is told only if it is chosen.

    ``person`` answers for it: what is sent is what this person may see in the change log, by
    ``only`` if it was saved by a token made for less. ``token`` is the one by which it was last
    saved, if any: with it the webhook ends. ``seen_number`` is that of the last entry
    of the trail that has been looked at. ``lease`` is the worker's that is sending.
    """

    secret = ""  # as the service has just made it; no column of the database
    AUDIT_HIDDEN = frozenset({"sealed", "sealed_before", "lease"})

    name = LineField(_("name"), max_length=120)
    address = LineField(_("address"), max_length=2000)
    kinds = models.JSONField(_("what is told"), default=list, blank=True)
    covers = models.CharField(
        _("whose"), max_length=4, choices=WebhookCoverage.choices, default=WebhookCoverage.OWN
    )
    with_names = models.BooleanField(_("with names of things"), default=False)
    state = models.CharField(
        _("state"), max_length=8, choices=WebhookState.choices, default=WebhookState.ON
    )
    reason = models.CharField(_("why"), max_length=12, choices=StopReason.choices, blank=True)
    state_since = models.DateTimeField(_("since"), default=timezone.now)
    person = models.ForeignKey(
        Person, verbose_name=_("who answers for it"), on_delete=models.PROTECT, related_name="+"
    )
    token = models.ForeignKey(
        ApiToken,
        verbose_name=_("saved by the API token"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    only = models.JSONField(_("narrowed to"), null=True, blank=True)
    sealed = models.TextField(_("secret, encrypted"))
    sealed_before = models.TextField(_("secret before, encrypted"), blank=True)
    both_until = models.DateTimeField(_("both secrets until"), null=True, blank=True)
    seen_number = models.PositiveBigIntegerField(_("last entry looked at"))
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    tried_at = models.DateTimeField(_("last try at"), null=True, blank=True)
    lease = models.CharField(_("lease"), max_length=32, blank=True)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    created_at = models.DateTimeField(_("added at"), default=timezone.now)

    objects = ScopedManager(Permission.WEBHOOKS_MANAGE)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="webhook_name_once",
                condition=~Q(state="retired"),
                violation_error_message=_("There is already a webhook with this name."),
            ),
            models.CheckConstraint(
                name="webhook_off_has_reason", condition=~Q(state="off") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return thing_url("webhooks:detail", self.pk)

    def tells(self, kind: str) -> bool:
        """Return whether a happening of this kind is told."""
        return kind in self.kinds if self.kinds else not kind.startswith(OWN_ROOM)

    def is_failing(self) -> bool:
        """Return whether the last try was not accepted."""
        return self.state == WebhookState.ON and self.failing_since is not None


class DeliveryState(models.TextChoices):
    """What has become of one thing to tell."""

    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("not delivered")
    SKIPPED = "skipped", _("left out")
    WITHHELD = "withheld", _("not sent: it may no longer be seen")


class DeliveryProblem(models.TextChoices):
    """Why no answer came; the values are those of ``kernel.outgoing.OutgoingProblem``."""

    CLOSED = "closed", _("Nothing is sent from a demonstration.")
    ADDRESS_REFUSED = "address_refused", _("The address leads to a network that is not allowed.")
    NAME_UNKNOWN = "name_unknown", _("The name in the address is unknown.")
    NO_CONNECTION = "no_connection", _("Nothing answers at the address.")
    CERTIFICATE = "certificate", _("The certificate is not trusted, or not valid for the name.")
    TIMEOUT = "timeout", _("No answer came within ten seconds.")
    CONNECTION_LOST = "connection_lost", _("The connection was cut.")
    UNREADABLE = "unreadable", _("The secret cannot be read: the installation's key has changed.")


class Delivery(OrganisationOwned):
    """One happening for one webhook, or a test, and what has become of it.

    ``organisation`` is the webhook's; ``about`` is where it happened. ``entry_number`` is that
    of the entry in the trail, none for a test. ``key`` is the same however often it is tried.
    """

    AUDIT_HIDDEN = frozenset({"body", "answer"})

    webhook = models.ForeignKey(
        Webhook, verbose_name=_("webhook"), on_delete=models.PROTECT, related_name="+"
    )
    about = models.ForeignKey(
        "organisations.Organisation",
        verbose_name=_("where it happened"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    entry_number = models.PositiveBigIntegerField(_("number in the change log"), null=True)
    key = models.CharField(_("id"), max_length=64, unique=True)
    action = models.CharField(_("what"), max_length=100, blank=True)
    happened_at = models.DateTimeField(_("when"))
    body = models.TextField(_("what was sent"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    tried_at = models.DateTimeField(_("last try at"), null=True, blank=True)
    milliseconds = models.PositiveIntegerField(_("time taken, ms"), null=True, blank=True)
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    problem = models.CharField(
        _("problem"), max_length=16, choices=DeliveryProblem.choices, blank=True
    )
    answer = models.CharField(_("beginning of the answer"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("noted at"), default=timezone.now)

    objects = ScopedManager(Permission.WEBHOOKS_MANAGE)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "entry_number"], name="delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["webhook", "entry_number"],
                name="delivery_to_send",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return thing_url("webhooks:delivery", self.pk)

    @property
    def is_test(self) -> bool:
        """Whether it tells of nothing that has happened."""
        return self.entry_number is None

    @property
    def settled_at(self) -> datetime | None:
        """When it was last tried, if it waits for nothing more."""
        return None if self.state == DeliveryState.WAITING else self.tried_at
