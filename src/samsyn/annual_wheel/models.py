from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.models import ROLE_NAMES, Person
from samsyn.access.naming import LineField
from samsyn.access.permissions import Permission, Role
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.access.versions import Versioned
from samsyn.actions.models import ActionArea
from samsyn.ui.addresses import thing_url

ROLES = (Role.CISO, Role.LEADER, Role.OWNER, Role.TECHNICIAN)
MONTH_DAYS = 31


class ActivityFrequency(models.TextChoices):
    """How often an activity comes round."""

    MONTHLY = "monthly", _("monthly")
    QUARTERLY = "quarterly", _("quarterly")
    YEARLY = "yearly", _("yearly")


class Activity(Versioned, OrganisationOwned):
    """Something that an organisation does again and again: from the pack, adapted, or its own.

    ``key`` names the template that it began from. ``made_until`` is the month up to which
    its turns exist; a job makes the following ones.
    """

    key = models.CharField(_("template"), max_length=40, blank=True)
    title = LineField(_("activity"), max_length=200)
    output = LineField(_("what comes out of it"), max_length=300, blank=True)
    area = models.CharField(
        _("area"), max_length=16, choices=ActionArea.choices, default=ActionArea.OTHER
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
    together_with = LineField(_("together with"), max_length=200, blank=True)
    frequency = models.CharField(_("how often"), max_length=9, choices=ActivityFrequency.choices)
    months = models.JSONField(_("months"), default=list)
    from_day = models.PositiveSmallIntegerField(_("from day"), default=1)
    to_day = models.PositiveSmallIntegerField(_("to day"), default=MONTH_DAYS)
    is_shifted = models.BooleanField(_("on a working day"), default=True)
    legal_ground = LineField(_("legal ground"), max_length=300, blank=True)
    is_active = models.BooleanField(_("goes on"), default=True)
    made_until = models.DateField(_("turns made until"), null=True, blank=True)
    created_at = models.DateTimeField(_("begun at"), default=timezone.now)

    objects = ScopedManager(Permission.WHEEL_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key"], condition=~Q(key=""), name="activity_template_once"
            ),
            models.CheckConstraint(
                name="activity_window",
                condition=Q(from_day__gte=1, to_day__lte=MONTH_DAYS, from_day__lte=F("to_day")),
                violation_error_message=_("The window begins on day 1 to 31, before it ends."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["made_until"], name="activity_to_extend", condition=Q(is_active=True)
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return thing_url("wheel:activity", self.pk)

    @property
    def owner_name(self) -> str:
        """The person, else the role."""
        return str(self.owner_person) if self.owner_person_id else str(self.get_role_display())


class OccurrenceState(models.TextChoices):
    """What has become of a turn of an activity."""

    AHEAD = "ahead", pgettext_lazy("wheel", "ahead")
    DONE = "done", pgettext_lazy("wheel", "done")
    SKIPPED = "skipped", pgettext_lazy("wheel", "skipped")
    REMOVED = "removed", pgettext_lazy("wheel", "removed")


class Occurrence(Versioned, OrganisationOwned):
    """One turn of an activity, with its window, and what came of it.

    ``removed`` ones are kept, so that the calendars that know them hear that they are off.
    ``version`` counts changes: it is the SEQUENCE in those calendars.
    """

    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="+"
    )
    month = models.DateField(_("month"))
    opens_on = models.DateField(_("from"))
    due_on = models.DateField(_("due"))
    state = models.CharField(
        _("state"), max_length=7, choices=OccurrenceState.choices, default=OccurrenceState.AHEAD
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.CharField(_("done by"), max_length=200, blank=True)
    minutes = models.TextField(_("minutes"), max_length=8000, blank=True)
    is_moved = models.BooleanField(_("moved to a day of its own"), default=False)
    skipped_reason = models.TextField(_("why it was skipped"), max_length=2000, blank=True)
    uid = models.UUIDField(_("mark in calendars"), default=uuid.uuid4, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects = ScopedManager(Permission.WHEEL_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("turn of an activity")
        verbose_name_plural = _("turns of activities")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "month"],
                condition=~Q(state="removed"),
                name="occurrence_once_a_month",
            ),
            models.CheckConstraint(
                name="occurrence_skipped_with_reason",
                condition=~Q(state="skipped") | ~Q(skipped_reason=""),
                violation_error_message=_("Say why it is skipped."),
            ),
            models.CheckConstraint(
                name="occurrence_done_at_a_time",
                condition=~Q(state="done") | Q(done_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "due_on"], name="occurrence_by_due"),
            models.Index(fields=["due_on"], name="occurrence_by_day"),
            models.Index(fields=["activity", "due_on"], name="occurrence_by_activity"),
        ]

    def __str__(self) -> str:
        return f"{self.activity.title} {self.due_on:%Y-%m}"

    def get_absolute_url(self) -> str:
        return thing_url("wheel:detail", self.pk)


class MarkKind(models.TextChoices):
    """What stretch of the organisation's own year it is."""

    BUDGET = "budget", _("budget")
    PLANNING = "planning", _("planning")
    REPORTING = "reporting", _("annual report")
    OTHER = "other", _("something else")


class PlanningMark(OrganisationOwned):
    """A stretch of the organisation's own year that the wheel is laid beside."""

    kind = models.CharField(_("kind"), max_length=9, choices=MarkKind.choices)
    title = LineField(_("name"), max_length=60)
    from_month = models.PositiveSmallIntegerField(_("from month"))
    to_month = models.PositiveSmallIntegerField(_("to month"))

    objects = ScopedManager(Permission.WHEEL_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("mark of the year")
        verbose_name_plural = _("marks of the year")
        ordering = ["from_month", "pk"]
        constraints = [
            models.CheckConstraint(
                name="mark_within_the_year",
                condition=Q(from_month__range=(1, 12), to_month__range=(1, 12)),
                violation_error_message=_("Months are 1 to 12."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class FeedToken(models.Model):
    """The secret address of a person's calendar feed; only its digest is kept."""

    AUDIT_HIDDEN = frozenset({"digest"})
    WITHOUT_POLICY = "is looked up by its secret before anybody is known; belongs to a person"
    secret = ""  # of a new one, for who made it; never kept

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="+"
    )
    digest = models.CharField(_("checksum"), max_length=64, unique=True)
    is_own_only = models.BooleanField(_("only what is mine"), default=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.created_at:%Y-%m-%d}"
