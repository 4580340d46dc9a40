from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.models import LANGUAGES
from samsyn.access.naming import AddressField, LineField, LinesField, PersonNameField
from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.access.versions import Versioned
from samsyn.actions.models import Action, Decision, Horizon
from samsyn.maturity.content import area_name
from samsyn.maturity.rules import lines_of
from samsyn.ui.addresses import thing_url

LEVEL_CHOICES = [(1, "1"), (2, "2"), (3, "3"), (4, "4")]


class DialogueStep(models.TextChoices):
    """How far a dialogue has come."""

    PREPARED = "prepared", _("being prepared")
    RATING = "rating", _("everyone rates alone")
    MEETING = "meeting", _("in the meeting")
    CLOSED = "closed", _("closed")


class Group(models.TextChoices):
    """Which side of the table a rater sits on."""

    LEADERSHIP = "leadership", _("leadership")
    STAFF = "staff", _("staff")


class Dialogue(Versioned, OrganisationOwned):
    """A maturity dialogue: prepared, rated alone, agreed in a meeting, made into a plan.

    ``nonce`` is what the links to it are signed with besides; a new one closes the old links.
    """

    title = LineField(_("title"), max_length=120)
    held_on = models.DateField(_("day of the meeting"), default=timezone.localdate)
    facilitator = PersonNameField(_("facilitator"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="nb")
    previous = models.ForeignKey(
        "self",
        verbose_name=_("last time"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    is_by_aspect = models.BooleanField(
        _("rate each aspect too"),
        default=False,
        help_text=_("Five ratings for each area rather than one: slower, and says more."),
    )
    step = models.CharField(
        _("step"), max_length=10, choices=DialogueStep.choices, default=DialogueStep.PREPARED
    )
    nonce = models.CharField(_("mark in the links"), max_length=16, blank=True)
    shown = models.CharField(_("area on the screen"), max_length=20, blank=True)
    timer_ends_at = models.DateTimeField(_("timer ends at"), null=True, blank=True)
    present = LinesField(_("present"), max_length=2000, blank=True, help_text=_("One name a line."))
    losses = models.TextField(
        _("losses avoided"),
        max_length=2000,
        blank=True,
        help_text=_("What it would cost to leave things as they are. One a line."),
    )
    gains = models.TextField(
        _("gains"), max_length=2000, blank=True, help_text=_("What we win. One a line.")
    )
    closing = models.TextField(_("closing words"), max_length=2000, blank=True)
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("decision on the plan"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    created_at = models.DateTimeField(_("prepared at"), default=timezone.now)

    objects = ScopedManager(Permission.MATURITY_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("maturity dialogue")
        verbose_name_plural = _("maturity dialogues")
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["organisation", "-held_on"], name="dialogue_by_day")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return thing_url("maturity:detail", self.pk)

    @property
    def is_open_for_rating(self) -> bool:
        """Whether a rating can be given now; areas that have been shown are closed."""
        return self.step in {DialogueStep.RATING, DialogueStep.MEETING}

    @property
    def day(self) -> date:
        return self.held_on


class DialogueArea(models.Model):
    """One area in one dialogue: where one wants to be, what was agreed and why."""

    dialogue = models.ForeignKey(
        Dialogue, verbose_name=_("dialogue"), on_delete=models.CASCADE, related_name="areas"
    )
    key = models.CharField(_("key"), max_length=20)
    own_name = LineField(_("own name"), max_length=80, blank=True)
    own_scope = LineField(_("what it is about"), max_length=300, blank=True)
    place = models.PositiveSmallIntegerField(_("place"))
    target = models.PositiveSmallIntegerField(
        _("where we want to be"), choices=LEVEL_CHOICES, null=True, blank=True
    )
    agreed = models.PositiveSmallIntegerField(
        _("agreed level"), choices=LEVEL_CHOICES, null=True, blank=True
    )
    reasons = models.TextField(
        _("reasons"), max_length=4000, blank=True, help_text=_("One reason a line.")
    )
    dissent = models.TextField(
        _("who saw it otherwise, and why"),
        max_length=2000,
        blank=True,
        help_text=_("The view, not the name: it is kept beside what was agreed."),
    )
    is_revealed = models.BooleanField(_("shown in the meeting"), default=False)

    objects = ScopedManager(Permission.MATURITY_VIEW, path="dialogue__organisation")
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("area of a dialogue")
        verbose_name_plural = _("areas of dialogues")
        ordering = ["place"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["dialogue", "key"], name="area_once"),
            models.CheckConstraint(
                name="area_agreed_has_reasons",
                condition=Q(agreed__isnull=True) | ~Q(reasons=""),
                violation_error_message=_("Write at least one reason for the level."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owner_id(self) -> int:
        """The organisation whose dialogue it is."""
        return self.dialogue.organisation_id

    @property
    def name(self) -> str:
        """What it is called, in the reader's language."""
        return area_name(self.key, self.own_name)

    @property
    def reason_lines(self) -> tuple[str, ...]:
        """The reasons one by one."""
        return lines_of(self.reasons)


class Participant(models.Model):
    """Somebody who was asked to rate. Nothing leads from here to what they answered."""

    dialogue = models.ForeignKey(
        Dialogue, verbose_name=_("dialogue"), on_delete=models.CASCADE, related_name="participants"
    )
    name = PersonNameField(_("name"), max_length=120)
    email = AddressField(_("e-mail address"))
    group = models.CharField(_("group"), max_length=12, choices=Group.choices)
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True)

    objects = ScopedManager(Permission.MATURITY_VIEW, path="dialogue__organisation")
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["name", "pk"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["dialogue", "email"],
                name="participant_once",
                violation_error_message=_("This address has been invited already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owner_id(self) -> int:
        """The organisation whose dialogue it is."""
        return self.dialogue.organisation_id


class Rating(models.Model):
    """What one rater thinks of one area. It names nobody, and nothing here tells who it was.

    ``rater`` is worked out from the secret in a rater's own link and from nothing that is
    kept. The key is random and no moment is written down, so that not even the order of
    answers can be laid beside the order of invitations.
    """

    id = models.UUIDField(_("key"), primary_key=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(
        DialogueArea, verbose_name=_("area"), on_delete=models.CASCADE, related_name="+"
    )
    rater = models.CharField(_("rater"), max_length=64)
    group = models.CharField(_("group"), max_length=12, choices=Group.choices)
    level = models.PositiveSmallIntegerField(_("level"), choices=LEVEL_CHOICES)
    aspects = models.JSONField(_("level of each aspect"), default=dict, blank=True)
    reason = models.TextField(_("why"), max_length=1000, blank=True)
    evidence = models.TextField(_("what shows it"), max_length=1000, blank=True)

    objects = ScopedManager(Permission.MATURITY_LEAD, path="area__dialogue__organisation")
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["pk"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["area", "rater"], name="rating_once"),
            models.CheckConstraint(
                name="rating_level_known", condition=Q(level__gte=1, level__lte=4)
            ),
        ]

    def __str__(self) -> str:
        return str(_("rating"))


class Proposal(models.Model):
    """What would lift an area: what, how, who and in which stretch of the plan."""

    area = models.ForeignKey(
        DialogueArea, verbose_name=_("area"), on_delete=models.CASCADE, related_name="proposals"
    )
    what = LineField(_("what"), max_length=200)
    how = models.TextField(_("how"), max_length=2000, blank=True)
    who = LineField(_("who"), max_length=120, blank=True)
    horizon = models.CharField(
        _("when"), max_length=5, choices=Horizon.choices, default=Horizon.NEAR
    )
    is_declined = models.BooleanField(_("not to be done"), default=False)
    action = models.ForeignKey(
        Action,
        verbose_name=_("action"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ScopedManager(Permission.MATURITY_VIEW, path="area__dialogue__organisation")
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["pk"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.what

    @property
    def owner_id(self) -> int:
        """The organisation whose dialogue it is."""
        return self.area.dialogue.organisation_id
