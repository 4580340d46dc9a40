from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.models import LANGUAGES, Person
from samsyn.access.naming import LineField, LinesField, PersonNameField
from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.access.versions import Versioned
from samsyn.actions.models import Decision
from samsyn.reporting.rules import lines_of
from samsyn.ui.addresses import thing_url


class Judged(models.TextChoices):
    """How the CISO judges an area, in words."""

    UNKNOWN = "unknown", _("not known")
    GOOD = "good", _("in order")
    WATCH = "watch", _("keep an eye on it")
    ACT = "act", _("something must be done")


class ProposalState(models.TextChoices):
    """How far a proposal for decision has come."""

    WAITING = "waiting", _("waiting for a decision")
    APPROVED = "approved", pgettext_lazy("proposal", "approved")
    DECLINED = "declined", pgettext_lazy("proposal", "declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class MeetingState(models.TextChoices):
    """How far a meeting has come."""

    PREPARED = "prepared", _("being prepared")
    FROZEN = "frozen", _("held and frozen")


class Meeting(Versioned, OrganisationOwned):
    """Management's review: an agenda, who was there, minutes, and the pack that they saw.

    ``language`` is what agenda and minutes are written in. Frozen, ``pack`` holds what was
    known in every language, and ``digest`` proves that it still says the same; the database
    then refuses to change it (migration 0002).
    """

    AUDIT_HIDDEN = frozenset({"pack"})

    title = LineField(_("title"), max_length=120)
    held_on = models.DateField(_("day of the meeting"), default=timezone.localdate)
    begins_at = models.TimeField(_("begins at"), null=True, blank=True)
    place = LineField(_("place"), max_length=120, blank=True)
    chair = PersonNameField(_("chair"), max_length=120, blank=True)
    participants = LinesField(
        _("participants"), max_length=4000, blank=True, help_text=_("One name a line.")
    )
    preparation = models.TextField(
        _("notes from the pre-meeting"),
        max_length=4000,
        blank=True,
        help_text=_("What the CISO and the chair have agreed beforehand. It is not in the pack."),
    )
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="nb")
    state = models.CharField(
        _("state"), max_length=10, choices=MeetingState.choices, default=MeetingState.PREPARED
    )
    pack = models.JSONField(_("pack"), default=dict, blank=True)
    digest = models.CharField(_("checksum"), max_length=64, blank=True)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True)
    frozen_by = models.CharField(_("frozen by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("prepared at"), default=timezone.now)

    objects = ScopedManager(Permission.REPORTING_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("management's meeting")
        verbose_name_plural = _("management's meetings")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="meeting_frozen_has_digest",
                condition=Q(state="prepared") | ~Q(digest="") & ~Q(participants=""),
            )
        ]
        indexes = [models.Index(fields=["organisation", "-held_on"], name="meeting_by_day")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return thing_url("management:meeting", self.pk)

    @property
    def is_frozen(self) -> bool:
        return self.state == MeetingState.FROZEN

    @property
    def names(self) -> list[str]:
        """Who takes part, one by one."""
        return lines_of(self.participants)


class AgendaItem(models.Model):
    """A point of a meeting's agenda, and the minutes of it."""

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="items"
    )
    key = models.CharField(_("key"), max_length=20, blank=True)
    place = models.PositiveSmallIntegerField(_("order"))
    title = LineField(_("title"), max_length=160)
    about = models.TextField(_("what it is about"), max_length=1000, blank=True)
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"), default=5)
    minutes = models.TextField(_("what was said"), max_length=8000, blank=True)

    objects = ScopedManager(Permission.REPORTING_VIEW, path="meeting__organisation")
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("point of an agenda")
        verbose_name_plural = _("points of agendas")
        ordering = ["place", "pk"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()

    @property
    def owner_id(self) -> int:
        """The organisation whose meeting it is."""
        return self.meeting.organisation_id


class DecisionProposal(Versioned, OrganisationOwned):
    """What management is asked to decide, with a recommendation and what follows from yes and no.

    Settled, it is never changed: the database refuses it (migration 0002). A yes and a no
    both leave a Decision that is bound to what the proposal said.
    """

    title = LineField(_("what is to be decided"), max_length=200)
    why = models.TextField(_("why"), max_length=4000)
    recommendation = models.TextField(_("recommendation"), max_length=2000)
    if_yes = models.TextField(_("if we say yes"), max_length=2000)
    if_no = models.TextField(_("if we say no"), max_length=2000)
    cost = models.PositiveBigIntegerField(_("cost"), null=True, blank=True)
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    source_kind = models.CharField(_("kind of the source"), max_length=80, blank=True)
    source_id = models.PositiveBigIntegerField(_("id of the source"), null=True, blank=True)
    source_text = LineField(_("comes from"), max_length=300, blank=True)
    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("meeting"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
    )
    asked_by = models.CharField(_("asked by"), max_length=200)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING
    )
    decision = models.OneToOneField(
        Decision,
        verbose_name=_("decision"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)

    objects = ScopedManager(Permission.REPORTING_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("proposal for decision")
        verbose_name_plural = _("proposals for decision")
        ordering = [models.F("needed_by").asc(nulls_last=True), "-pk"]
        constraints = [
            models.CheckConstraint(
                name="proposal_settled_by_decision",
                condition=Q(state__in=["waiting", "withdrawn"], decision__isnull=True)
                | Q(state__in=["approved", "declined"], decision__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="proposal_by_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return thing_url("management:proposal", self.pk)

    @property
    def is_waiting(self) -> bool:
        return self.state == ProposalState.WAITING


class AreaWord(OrganisationOwned):
    """What the CISO says of an area. Never changed: the next one stands before it."""

    area = models.CharField(_("area"), max_length=24)
    text = models.TextField(_("the CISO's words"), max_length=2000)
    judged = models.CharField(
        _("how it stands"), max_length=8, choices=Judged.choices, default=Judged.UNKNOWN
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)
    written_by = models.CharField(_("written by"), max_length=200)

    objects = ScopedManager(Permission.REPORTING_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("words on an area")
        verbose_name_plural = _("words on areas")
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "area", "-written_at"], name="word_newest")]

    def __str__(self) -> str:
        return f"{self.area} {self.written_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return thing_url("management:page", self.organisation_id)


class Question(OrganisationOwned):
    """What management asks the CISO between meetings, and the answer."""

    text = models.TextField(_("question"), max_length=2000)
    area = models.CharField(_("area"), max_length=24, blank=True)
    asked_by = models.ForeignKey(
        Person,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = ScopedManager(Permission.REPORTING_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("question to the CISO")
        verbose_name_plural = _("questions to the CISO")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "-asked_at"], name="question_newest")]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return thing_url("management:page", self.organisation_id) + "#questions"


class TargetPicture(Versioned, OrganisationOwned):
    """Where an organisation wants to be in five years, and the principles on the way.

    ``levels`` holds the wanted maturity by area. It is a draft until it is decided; after
    that it is never changed, and a new one takes its place.
    """

    until_year = models.PositiveSmallIntegerField(_("until the year"))
    text = models.TextField(_("where we want to be"), max_length=4000)
    principles = models.TextField(
        _("principles"), max_length=4000, blank=True, help_text=_("One a line.")
    )
    levels = models.JSONField(_("wanted maturity"), default=dict, blank=True)
    decision = models.OneToOneField(
        Decision,
        verbose_name=_("decision"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)

    objects = ScopedManager(Permission.REPORTING_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("target picture")
        verbose_name_plural = _("target pictures")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(decision__isnull=True),
                name="target_one_draft",
            )
        ]

    def __str__(self) -> str:
        return str(_("Target picture until %d")) % self.until_year

    def get_absolute_url(self) -> str:
        return thing_url("management:page", self.organisation_id) + "#target"

    @property
    def principle_lines(self) -> list[str]:
        """The principles one by one."""
        return lines_of(self.principles)


def field_texts(thing: Any, names: tuple[str, ...]) -> dict[str, str]:
    """Return what some fields of a thing say, as texts for a digest."""
    return {name: _text(getattr(thing, name)) for name in names}


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return " ".join(f"{key}={value[key]}" for key in sorted(value))
    return "" if value is None else str(value)
