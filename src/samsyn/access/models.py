from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.naming import AddressField, LineField, PersonNameField, signed
from samsyn.access.permissions import Permission, Role
from samsyn.access.scoping import OrganisationOwned, ScopedManager

LANGUAGES = [("sv", "Svenska"), ("nb", "Norsk bokmål"), ("en", "English")]
THEMES = [("auto", _("as my device")), ("light", _("light")), ("dark", _("dark"))]
ROLE_NAMES = {
    Role.LEADER: _("leader"),
    Role.CISO: _("security officer (CISO)"),
    Role.OWNER: _("information owner"),
    Role.TECHNICIAN: _("technician"),
    Role.AUDITOR: _("auditor"),
    Role.EMPLOYEE: _("employee"),
    Role.ANALYST: _("analyst"),
    Role.ADVISER: _("adviser"),
    Role.ADMINISTRATOR: _("administrator"),
}


class PersonManager(BaseUserManager["Person"]):
    """Finds people by e-mail address, whatever the case of its letters."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do follows from their memberships."""

    AUDIT_HIDDEN = frozenset({"password"})
    WITHOUT_POLICY = "signs in before anybody is known; who may see whom goes through Membership"

    email = AddressField(_("e-mail address"), unique=True)
    name = PersonNameField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="nb")
    theme = models.CharField(_("colours"), max_length=5, choices=THEMES, default="auto")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Oslo")
    is_active = models.BooleanField(_("may sign in"), default=True)
    introduction = LineField(_("introduction"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="person_email_once",
                violation_error_message=_("There is already a person with this address."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """The first letters of the first and last name, for the person's mark."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Membership(OrganisationOwned):
    """A person's role in an organisation. It ends; it is not erased."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(
        _("role"), max_length=20, choices=[(r.value, n) for r, n in ROLE_NAMES.items()]
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    # The moments, for what is shown of the person's own doings; older rows have only the days.
    given_at = models.DateTimeField(_("given at"), null=True, blank=True, default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ScopedManager(Permission.PEOPLE_VIEW, own="person")

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["person__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(ended_on__isnull=True),
                name="membership_once",
                violation_error_message=_("The person already has this role here."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_role_display()})"


class Answer(models.TextChoices):
    """What became of a role that was offered."""

    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    TAKEN_BACK = "taken_back", _("taken back")


class RoleOffer(OrganisationOwned):
    """A role offered to somebody who has one elsewhere; it opens nothing until they accept it.

    Address and name are as they were typed: whoever offers it does not learn whom they met.
    """

    AUDIT_HIDDEN = frozenset({"person_id"})

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    email = AddressField(_("e-mail address"))
    name = PersonNameField(_("name"), max_length=120)
    role = models.CharField(
        _("role"), max_length=20, choices=[(r.value, n) for r, n in ROLE_NAMES.items()]
    )
    offered_by = models.ForeignKey(
        Person, verbose_name=_("offered by"), on_delete=models.PROTECT, related_name="+"
    )
    offered_at = models.DateTimeField(_("offered at"), default=timezone.now)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = ScopedManager(Permission.PEOPLE_VIEW, own="person")

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("offered role")
        verbose_name_plural = _("offered roles")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(answer=""),
                name="role_offer_once",
                violation_error_message=_("The person already has this role here."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_role_display()})"

    @property
    def signed_as(self) -> str:
        """How the trail signs what was done to it, if not by who did it.

        Whoever declines stays as unknown to the organisation as before.
        """
        return signed(self.name, self.email) if self.answer == Answer.DECLINED else ""


class ApiToken(models.Model):
    """A key with which a person's program speaks to the API; only its digest is kept."""

    AUDIT_HIDDEN = frozenset({"digest"})
    WITHOUT_POLICY = "is looked up by its digest before anybody is known; belongs to a person"

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="+"
    )
    name = PersonNameField(_("name"), max_length=80)
    digest = models.CharField(_("checksum"), max_length=64, unique=True)
    only = models.JSONField(_("only these permissions"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def is_ended(self, now: Any) -> bool:
        """Return whether the token has been ended or its time is over."""
        return self.revoked_at is not None or self.expires_at <= now

    def is_usable(self, now: Any) -> bool:
        """Return whether the token opens the door at this moment."""
        return not self.is_ended(now) and self.person.is_active
