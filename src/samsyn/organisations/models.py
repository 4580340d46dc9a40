from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.models import LANGUAGES, Person
from samsyn.access.naming import CopiedAddressField, LineField, PersonNameField
from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.access.versions import Versioned
from samsyn.kernel.mail_addresses import address_in
from samsyn.kernel.registers import organisation_number_text
from samsyn.organisations.countries import NUMBERS, Country
from samsyn.organisations.phone_fields import PHONE, PHONE_HOURS, WithPhone
from samsyn.ui.addresses import thing_url


class OrganisationKind(models.TextChoices):
    """What sort of organisation it is."""

    OPERATOR = "operator", _("security centre")
    MUNICIPALITY = "municipality", _("municipality")
    COMPANY = "company", _("municipal company")
    INTERMUNICIPAL = "intermunicipal", _("inter-municipal company")
    REGION = "region", _("region or county")
    OTHER = "other", _("other organisation")
    UNIT = "unit", _("unit")


class Organisation(WithPhone, Versioned):
    """Anyone with security work or a role in it: the one whose data it is.

    A unit is a part of its parent; every other kind is a legal entity of its own.
    """

    name = LineField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    country = models.CharField(
        _("country"), max_length=2, choices=Country.choices, default=Country.NORWAY
    )
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="nb")
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of or owned by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    short_code = LineField(
        _("short code"),
        max_length=6,
        blank=True,
        help_text=_("Two to six letters for maps and tables."),
    )
    tile_x = models.PositiveSmallIntegerField(_("column on the map"), null=True, blank=True)
    tile_y = models.PositiveSmallIntegerField(_("row on the map"), null=True, blank=True)
    population = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    organisation_number = LineField(
        _("organisation number"), max_length=20, blank=True, default="", db_default=""
    )
    municipality_code = LineField(
        _("municipality code"), max_length=10, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    choice_name = "name"  # what a choice among organisations shows
    waiting_since: tuple[str, ...] = ()  # what waits since a move; organisation_arrange tells

    objects = ScopedManager(
        Permission.ORGANISATIONS_VIEW,
        path="pk",
        known_to_all="whoever sees a thing sees whose it is: its owner, host or operator",
    )
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="organisation_name_once",
                violation_error_message=_("There is already an organisation with this name."),
            ),
            models.CheckConstraint(
                name="organisation_unit_has_parent",
                condition=~Q(kind="unit") | Q(parent__isnull=False),
                violation_error_message=_("A unit is a part of another organisation: say which."),
            ),
            models.CheckConstraint(
                name="organisation_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                violation_error_message=_("An organisation cannot be a part of itself."),
            ),
            models.UniqueConstraint(
                fields=["country", "organisation_number"],
                condition=~Q(organisation_number=""),
                name="organisation_number_once",
                violation_error_message=_(
                    "Another organisation already has this organisation number."
                ),
            ),
            PHONE_HOURS,
        ]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Keep the numbers that its country's registers give in their one form.

        Raises:
            ValidationError: one of them is no such number in that country.

        """
        super().clean_fields(exclude=exclude)
        for name, read in NUMBERS.items():
            setattr(self, name, read(self.country, getattr(self, name)))

    @property
    def organisation_number_shown(self) -> str:
        """The organisation number as people in its country write it."""
        return organisation_number_text(self.country, self.organisation_number)

    def get_absolute_url(self) -> str:
        return thing_url("organisations:detail", self.pk)

    @property
    def owner_id(self) -> int:
        """An organisation is its own."""
        return self.pk

    @property
    def is_operator(self) -> bool:
        """Whether it is a security centre, whose people may serve members."""
        return self.kind == OrganisationKind.OPERATOR

    @property
    def mark(self) -> str:
        """The short code, or the first letters of the name."""
        return self.short_code or self.name[:3].upper()


class Lineage(models.Model):
    """Which organisations stand above which, each step from an organisation to itself included.

    ``same_entity`` says that every step down is to a unit, so that both are one legal
    entity. Kept by the services of this room, so that scope is a sub-select.
    """

    WITHOUT_POLICY = "pairs of ids without content, which the scope itself is made of"

    ancestor = models.ForeignKey(
        Organisation, verbose_name=_("above"), on_delete=models.CASCADE, related_name="+"
    )
    descendant = models.ForeignKey(
        Organisation, verbose_name=_("below"), on_delete=models.CASCADE, related_name="+"
    )
    same_entity = models.BooleanField(_("same legal entity"))

    class Meta:
        verbose_name = _("lineage")
        verbose_name_plural = _("lineages")
        ordering = ["ancestor", "descendant"]
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "descendant"], name="lineage_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} > {self.descendant_id}"


class Purpose(models.TextChoices):
    """What a contact is for."""

    TECHNICAL = "technical", _("technical")
    MANAGEMENT = "management", _("management")
    AROUND_THE_CLOCK = "24-7", _("around the clock")


class Contact(Versioned, OrganisationOwned):
    """Where an organisation wants to be reached, for one purpose."""

    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    email = CopiedAddressField(_("e-mail address"))
    name = PersonNameField(_("name"), max_length=120, blank=True)
    phone = models.CharField(
        _("phone"),
        max_length=30,
        blank=True,
        validators=[PHONE],
    )
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, blank=True)

    objects = ScopedManager(Permission.ORGANISATIONS_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["purpose", "email"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "purpose",
                Lower("email"),
                name="contact_once",
                violation_error_message=_("This address already serves that purpose."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.email}"

    def get_absolute_url(self) -> str:
        return thing_url("contacts:detail", self.pk)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Write the domain in small letters: some databases only fold the case of A to Z."""
        self.email = BaseUserManager.normalize_email(address_in(self.email))
        super().clean_fields(exclude=exclude)

    @property
    def spoken(self) -> str:
        """The language to write in: the contact's, else the organisation's."""
        return self.language or self.organisation.language


class Service(models.TextChoices):
    """What an operator does for a member."""

    CSIRT = "csirt", _("CSIRT membership")
    CISO = "ciso", _("virtual CISO")


class Engagement(models.TextChoices):
    """How the service is agreed."""

    SUBSCRIPTION = "subscription", _("subscription")
    PROJECT = "project", _("project")
    HYBRID = "hybrid", _("hybrid")


class Ending(models.TextChoices):
    """How an agreement, or the offer of one, came to its end before its time."""

    DECLINED = "declined", _("declined")
    TAKEN_BACK = "taken_back", _("taken back")
    ENDED = "ended", _("ended")


class Agreement(Versioned, OrganisationOwned):
    """What opens a member's data to an operator's people, while it is in force.

    ``organisation`` is the member. One on a CSIRT covers the member and everything below it;
    one on a virtual CISO that legal entity only (``access.permissions.OPENINGS``). Without
    ``accepted_on`` it is an offer that the member has not accepted, and opens nothing.
    ``valid_from`` and ``valid_until`` alone decide what it opens: one ended at once has its
    last day before ``ended_on``, and before ``valid_from`` if it began that day or never did.
    """

    operator = models.ForeignKey(
        Organisation, verbose_name=_("operator"), on_delete=models.PROTECT, related_name="+"
    )
    service = models.CharField(_("service"), max_length=20, choices=Service.choices)
    engagement = models.CharField(
        _("engagement"), max_length=20, choices=Engagement.choices, default=Engagement.SUBSCRIPTION
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    accepted_on = models.DateField(
        _("accepted on"), null=True, blank=True, default=timezone.localdate
    )
    accepted_by = models.CharField(_("accepted by"), max_length=200, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_by = models.CharField(
        _("ended by"), max_length=200, blank=True, default="", db_default=""
    )
    ending = models.CharField(
        _("how it ended"),
        max_length=10,
        choices=Ending.choices,
        blank=True,
        default="",
        db_default="",
    )

    objects = ScopedManager(Permission.ORGANISATIONS_VIEW, also=("operator",))

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["organisation__name", "service", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_it_begins",
                condition=Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from"))
                | Q(ended_on__isnull=False),
                violation_error_message=_("The agreement cannot end before it begins."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "operator", "service"],
                condition=Q(valid_until__isnull=True),
                name="agreement_once_open",
                violation_error_message=_("There is already such an agreement without an end."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.operator}: {self.get_service_display()}"

    @classmethod
    def in_force(cls) -> QuerySet[Any]:
        """Return the agreements accepted and in force today, in the reader's zone."""
        today = timezone.localdate()
        return cls._accepted().filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today))

    @classmethod
    def begun(cls) -> QuerySet[Any]:
        """Return the agreements in force today or earlier: not those ended before they began."""
        return cls._accepted().filter(
            Q(valid_until__isnull=True)
            | Q(valid_until__gte=F("valid_from"))
            | Q(ended_on__gte=F("valid_from"))
        )

    @classmethod
    def _accepted(cls) -> QuerySet[Any]:
        """Return what is accepted, and due to begin today or earlier: offers are none."""
        accepted = cls.unscoped.filter(accepted_on__isnull=False)  # scope: it makes the scope
        return accepted.filter(valid_from__lte=timezone.localdate())

    @property
    def is_offer(self) -> bool:
        """Whether the member has not accepted it, or never did."""
        return self.accepted_on is None

    @property
    def is_past(self) -> bool:
        """Whether its last day is over."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def last_day(self) -> date | None:
        """The last day on which it opened anything, None without an end."""
        if self.ended_on is None or self.valid_until is None:
            return self.valid_until
        last: date = max(self.valid_until, self.ended_on)
        return last


class Assignment(OrganisationOwned):
    """Who of an operator's people works for which member.

    ``organisation`` is the operator. Without an agreement it holds for all of the
    operator's agreements for the service.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    service = models.CharField(_("service"), max_length=20, choices=Service.choices)
    agreement = models.ForeignKey(
        Agreement,
        verbose_name=_("agreement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    is_staff: bool = True  # as one that is given; assignment_history tells how it is now

    objects = ScopedManager(Permission.PEOPLE_VIEW, own="person")

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["person__name", "pk"]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_service_display()}"
