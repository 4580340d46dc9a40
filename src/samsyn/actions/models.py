from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.models import ROLE_NAMES, Person
from samsyn.access.naming import LineField
from samsyn.access.permissions import Permission, Role
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.access.versions import Versioned

OWNER_ROLES = (Role.LEADER, Role.CISO, Role.OWNER, Role.TECHNICIAN)


class ActionState(models.TextChoices):
    """Where an action is in its life."""

    PROPOSED = "proposed", _("proposed")
    PLANNED = "planned", _("decided")
    IN_PROGRESS = "in_progress", _("under way")
    DONE = "done", _("done, effect to be checked")
    CONFIRMED = "confirmed", _("effect confirmed")
    DECLINED = "declined", _("declined")


class ActionSource(models.TextChoices):
    """What an action comes from."""

    FINDING = "finding", _("a finding")
    MATURITY = "maturity", _("the maturity dialogue")
    AUDIT = "audit", _("an audit")
    INCIDENT = "incident", _("an incident")
    RISK = "risk", _("a risk")
    DECISION = "decision", _("a decision")
    WHEEL = "wheel", _("an activity of the year")
    OWN = "own", _("our own idea")


# The kinds of things (kernel.refs) that a source can point to.
SOURCE_KINDS = {
    "findings.Finding": ActionSource.FINDING,
    "actions.Decision": ActionSource.DECISION,
    "maturity.Dialogue": ActionSource.MATURITY,
    "annual_wheel.Occurrence": ActionSource.WHEEL,
    "reporting.Meeting": ActionSource.DECISION,
    "reporting.DecisionProposal": ActionSource.DECISION,
}


class ActionArea(models.TextChoices):
    """Which part of the security work it belongs to: the areas of the maturity dialogue."""

    RISK = "risk", _("risk management")
    CLASSIFICATION = "classification", _("classification")
    INCIDENTS = "incidents", _("incident handling")
    PROCUREMENT = "procurement", _("procurement")
    COMPETENCE = "competence", _("competence")
    FOLLOWUP = "followup", _("follow-up")
    OTHER = "other", _("other")


class Horizon(models.TextChoices):
    """In which stretch of the plan it is to be done."""

    NEAR = "near", _("within 6 months")
    MID = "mid", _("in 6–12 months")
    LATER = "later", _("later")


class Priority(models.IntegerChoices):
    """What comes first when not everything can be done."""

    HIGH = 1, _("high")
    MEDIUM = 2, _("medium")
    LOW = 3, _("low")


class EffectResult(models.TextChoices):
    """Whether it helped."""

    YES = "yes", _("yes, it helped")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")


class Action(Versioned, OrganisationOwned):
    """Something to be done, with an owner, a date and a check that it helped.

    ``owner_person`` owns it; ``owner_role`` holds the place until somebody does. (The gate
    reads ``owner_id``, which is the organisation.) ``version`` counts changes, so that two
    people who change it at once are told.
    """

    title = LineField(_("what"), max_length=200)
    why = models.TextField(_("why"), max_length=4000, blank=True)
    how = models.TextField(_("how"), max_length=4000, blank=True)
    source = models.CharField(
        _("comes from"), max_length=10, choices=ActionSource.choices, default=ActionSource.OWN
    )
    source_kind = models.CharField(_("kind of the source"), max_length=80, blank=True)
    source_id = models.PositiveBigIntegerField(_("id of the source"), null=True, blank=True)
    source_text = LineField(_("the source in words"), max_length=300, blank=True)
    area = models.CharField(
        _("area"), max_length=16, choices=ActionArea.choices, default=ActionArea.OTHER
    )
    owner_person = models.ForeignKey(
        Person,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    owner_role = models.CharField(
        _("role that owns it"),
        max_length=20,
        blank=True,
        choices=[(role.value, ROLE_NAMES[role]) for role in OWNER_ROLES],
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    horizon = models.CharField(
        _("horizon"), max_length=5, choices=Horizon.choices, default=Horizon.NEAR
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.MEDIUM
    )
    cost = models.PositiveBigIntegerField(_("cost"), null=True, blank=True)
    effort_days = models.PositiveIntegerField(_("working days"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ActionState.choices, default=ActionState.PROPOSED
    )
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now)
    effect_question = LineField(_("how we see that it helped"), max_length=500, blank=True)
    effect_due_on = models.DateField(_("effect to be checked on"), null=True, blank=True)
    effect_result = models.CharField(
        _("did it help"), max_length=6, choices=EffectResult.choices, blank=True
    )
    effect_note = models.TextField(_("what was seen"), max_length=2000, blank=True)
    effect_checked_at = models.DateTimeField(_("effect checked at"), null=True, blank=True)
    effect_checked_by = models.CharField(_("effect checked by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("proposed at"), default=timezone.now)

    objects = ScopedManager(Permission.ACTIONS_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = pgettext_lazy("work", "action")
        verbose_name_plural = _("actions")
        ordering = ["due_on", "priority", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="action_person_or_role",
                condition=Q(owner_person__isnull=True) | Q(owner_role=""),
                violation_error_message=_("An action is owned by a person or by a role."),
            ),
            models.CheckConstraint(
                name="action_confirmed_only_by_check",
                condition=~Q(state="confirmed")
                | Q(effect_result="yes", effect_checked_at__isnull=False),
                violation_error_message=_("Look first whether it helped."),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "due_on"], name="action_by_state"),
            models.Index(fields=["due_on"], name="action_by_date"),
            models.Index(fields=["owner_person", "state"], name="action_by_owner"),
            models.Index(fields=["source_kind", "source_id"], name="action_by_source"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("actions:detail", args=[self.pk])

    @property
    def owner_name(self) -> str:
        """The person, else the role, else nothing."""
        if self.owner_person_id:
            return str(self.owner_person)
        return str(self.get_owner_role_display()) if self.owner_role else ""


class ActionEventKind(models.TextChoices):
    """What happened to an action."""

    PROPOSED = "proposed", _("proposed")
    CHANGED = "changed", _("changed")
    MOVED = "moved", _("moved")
    CHECKED = "checked", _("effect checked")
    DECIDED = "decided", _("decided on")
    NOTED = "noted", _("noted")


class ActionEvent(models.Model):
    """One line in the history of an action."""

    action = models.ForeignKey(
        Action,
        verbose_name=pgettext_lazy("work", "action"),
        on_delete=models.CASCADE,
        related_name="events",
    )
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what happened"), max_length=10, choices=ActionEventKind.choices)
    by = models.CharField(_("by"), max_length=200, blank=True)
    from_state = models.CharField(
        _("from"), max_length=12, choices=ActionState.choices, blank=True, default=""
    )
    to_state = models.CharField(
        _("to"), max_length=12, choices=ActionState.choices, blank=True, default=""
    )
    fields = models.JSONField(_("changed"), default=list, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)

    objects = ScopedManager(Permission.ACTIONS_VIEW, path="action__organisation")
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("event of an action")
        verbose_name_plural = _("events of actions")
        ordering = ["at", "pk"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.kind}"

    @property
    def owner_id(self) -> int:
        """The organisation whose action it is."""
        return self.action.organisation_id


class SentReminder(models.Model):
    """That an owner has been reminded of one date of an action, so that it is not done twice."""

    action = models.ForeignKey(
        Action,
        verbose_name=pgettext_lazy("work", "action"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="+"
    )
    stage = models.CharField(_("stage"), max_length=6)
    due_on = models.DateField(_("due"))
    sent_at = models.DateTimeField(_("sent at"))

    objects = ScopedManager(Permission.ACTIONS_VIEW, path="action__organisation")
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("reminder that was sent")
        verbose_name_plural = _("reminders that were sent")
        ordering = ["-sent_at", "-pk"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "person", "stage", "due_on"], name="reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action_id} {self.stage} {self.due_on}"

    @property
    def owner_id(self) -> int:
        """The organisation whose action it is."""
        return self.action.organisation_id


class DecisionOutcome(models.TextChoices):
    """What was decided."""

    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")
    DEFERRED = "deferred", _("put off")


class Decision(OrganisationOwned):
    """Who decided what, when and on what basis. Recorded once; a newer one replaces it.

    The database refuses to change or delete one (migration 0002). That it has been
    replaced therefore stands at the newer one: ``replaces``.
    """

    title = LineField(_("matter"), max_length=200)
    text = models.TextField(_("decision"), max_length=4000)
    basis = models.TextField(_("basis"), max_length=4000, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=DecisionOutcome.choices)
    decided_on = models.DateField(_("decided on"))
    decided_by = LineField(_("decided by"), max_length=200)
    present = models.JSONField(_("present"), default=list, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("replaces"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    recorded_by = models.CharField(_("recorded by"), max_length=200)

    objects = ScopedManager(Permission.ACTIONS_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_valid_after_decided",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("decided_on")),
                violation_error_message=_("A decision cannot run out before it is taken."),
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "-decided_on"], name="decision_by_date"),
            models.Index(
                fields=["valid_until"],
                name="decision_runs_out",
                condition=Q(valid_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("decisions:detail", args=[self.pk])


class DecisionSubject(models.Model):
    """What a decision is about, bound to what it said on that day by its digest."""

    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="subjects"
    )
    kind = models.CharField(_("kind of thing"), max_length=80)
    object_id = models.PositiveBigIntegerField(_("id of the thing"))
    name = models.CharField(_("name on that day"), max_length=300)
    digest = models.CharField(_("digest on that day"), max_length=64)

    objects = ScopedManager(Permission.ACTIONS_VIEW, path="decision__organisation")
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("subject of a decision")
        verbose_name_plural = _("subjects of decisions")
        ordering = ["pk"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["decision", "kind", "object_id"], name="subject_once")
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="subject_by_thing")]

    def __str__(self) -> str:
        return self.name

    @property
    def owner_id(self) -> int:
        """The organisation whose decision it is."""
        return self.decision.organisation_id
