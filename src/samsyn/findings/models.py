from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.assets.models import Resource
from samsyn.organisations.models import Organisation
from samsyn.ui.addresses import thing_url


class FindingState(models.TextChoices):
    """Where a finding is in its life."""

    OPEN = "open", _("open")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    FIXED = "fixed", _("said to be fixed")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("reopened")


# Whether a finding is unsolved, letter for letter as the partial indexes say it: from a value
# given beside the statement SQLite cannot know that the index says so already, and would
# read the row of each finding it counts or passes over.
IS_UNSOLVED = Func(
    F("state"),
    template=f"(NOT (%(expressions)s = '{FindingState.CLOSED.value}'))",
    output_field=models.BooleanField(),
)


class Severity(models.IntegerChoices):
    """How bad it is when somebody makes use of it."""

    INFO = 0, _("for information")
    LOW = 1, _("low")
    MEDIUM = 2, _("medium")
    HIGH = 3, _("high")
    CRITICAL = 4, _("critical")


class AnswerKind(models.TextChoices):
    """What a member answers."""

    PLANNED = "planned", _("we will fix it")
    FIXED = "fixed", _("we have fixed it")
    ACCEPTED = "accepted", _("we accept it")
    NOT_OURS = "not_ours", _("it is not ours")
    FALSE_ALARM = "false_alarm", _("it is a false alarm")
    HELP = "help", _("we need help")


class Finding(OrganisationOwned):
    """One problem of a member on one address or name, as one kind of report tells it.

    What is observed comes from the fold (``fold.py``), which alone makes findings. What
    people say (states acknowledged and fixed, answers, told) comes from the services.
    The subject is the address, or the name where the report has no address; port 0
    means that the report names none.
    """

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # finding_once begins with it
    )
    operated_by = models.ForeignKey(
        Organisation,
        verbose_name=_("run by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    resource = models.ForeignKey(
        Resource,
        verbose_name=_("resource"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # checked row by row it costs a second for each million
    )
    report = models.CharField(_("report"), max_length=64)
    subject = models.CharField(_("address or name"), max_length=253)
    port = models.PositiveIntegerField(_("port"), default=0)
    protocol = models.CharField(_("protocol"), max_length=20, blank=True)
    host_name = models.CharField(_("host name"), max_length=253, blank=True)
    asn = models.BigIntegerField(_("AS number"), null=True, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    taxonomy = models.CharField(_("class"), max_length=40)
    rsit_type = models.CharField(_("type"), max_length=40)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity.choices)
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    times_seen = models.PositiveIntegerField(_("times seen"), default=1)
    last_reported_on = models.DateField(_("last reported on"))
    stream = models.CharField(_("stream"), max_length=120, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=FindingState.choices, default=FindingState.OPEN
    )
    state_since = models.DateTimeField(_("in this state since"))
    reopened_count = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    detail = models.JSONField(_("product and vulnerabilities"), default=dict, blank=True)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    # Which of its lives was told. Not to be seen from told_at: a report of the morning
    # that reopens a finding may be read after the letter of noon has gone.
    told_reopened = models.PositiveSmallIntegerField(
        _("times reopened when told"), null=True, blank=True
    )
    answer_kind = models.CharField(
        _("answer"), max_length=12, choices=AnswerKind.choices, blank=True
    )
    answer_until = models.DateField(_("until"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = ScopedManager(Permission.FINDINGS_VIEW, also=("operated_by",))

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-severity", "-first_seen_at", "-pk"]
        constraints = [
            # It begins with the organisation, so that it also finds a member's own.
            models.UniqueConstraint(
                fields=["organisation", "report", "subject", "port"], name="finding_once"
            )
        ]
        # Only what does not change from day to day may be indexed: a row seen again
        # must not cost an index entry (last_seen_at and times_seen change daily).
        indexes = [
            models.Index(
                fields=["severity", "first_seen_at"],
                name="finding_unsolved",
                condition=~Q(state="closed"),
            ),
            models.Index(
                # Counting what is unsolved, cut in any way, reads this alone.
                fields=[
                    "organisation",
                    "severity",
                    "first_seen_at",
                    "told_at",
                    "report",
                    "operated_by",
                ],
                name="finding_picture",
                condition=~Q(state="closed"),
            ),
            models.Index(
                fields=["operated_by"],
                name="finding_by_host",
                condition=Q(operated_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_number} {self.report} {self.subject}"

    def get_absolute_url(self) -> str:
        return thing_url("findings:detail", self.pk)

    @property
    def host_id(self) -> int | None:
        """The id of the organisation that runs the resource for its owner, if another does."""
        return self.operated_by_id

    @property
    def case_number(self) -> str:
        """What people call it: the year it was first seen and its number."""
        return f"F-{self.first_seen_at:%Y}-{self.pk:06d}"

    @property
    def is_unsolved(self) -> bool:
        """Whether something is left to do or to confirm."""
        return self.state != FindingState.CLOSED


class FindingEventKind(models.TextChoices):
    """What happened to a finding."""

    CLOSED = "closed", _("not seen any more")
    REOPENED = "reopened", _("seen again")
    TOLD = "told", _("told")
    UNDELIVERED = "undelivered", _("letter did not arrive")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    ANSWERED = "answered", _("answered")
    MOVED = "moved", _("moved")


OBSERVED_EVENTS = (FindingEventKind.CLOSED, FindingEventKind.REOPENED)


class FindingEvent(models.Model):
    """One line in the history of a finding.

    That it was opened is not an event: the finding itself says when it was first seen.
    Events that follow from reports (closed, reopened) carry the date of the report and
    are made by the fold; the others by people.
    """

    finding = models.ForeignKey(
        Finding, verbose_name=_("finding"), on_delete=models.CASCADE, related_name="events"
    )
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what happened"), max_length=12, choices=FindingEventKind.choices)
    by = models.CharField(_("by"), max_length=200, blank=True)
    answer_kind = models.CharField(
        _("answer"), max_length=12, choices=AnswerKind.choices, blank=True
    )
    note = models.CharField(_("note"), max_length=1000, blank=True)

    objects = ScopedManager(
        Permission.FINDINGS_VIEW,
        path="finding__organisation",
        also=("finding__operated_by",),
    )
    unscoped = models.Manager()

    class Meta:
        verbose_name = _("event of a finding")
        verbose_name_plural = _("events of findings")
        ordering = ["at", "pk"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.kind}"

    @property
    def owner_id(self) -> int:
        """The organisation whose finding it is."""
        return self.finding.organisation_id


class TellingStart(OrganisationOwned):
    """An operator has said that letters about findings go out by the clock."""

    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=200)

    objects = ScopedManager(Permission.MESSAGES_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("start of telling")
        verbose_name_plural = _("starts of telling")
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["organisation"], name="telling_start_once")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class FoldedReport(models.Model):
    """Which file of episodes in the store the findings of one report agree with.

    Written in the same transaction as the findings, so that after a kill the two
    still agree; a file that no row names is waste.
    """

    WITHOUT_POLICY = "names a file of the store for each report; nothing of anybody"

    report = models.CharField(_("report"), max_length=64, unique=True)
    episodes = models.CharField(_("file of episodes"), max_length=120)
    latest_on = models.DateField(_("latest report"))
    has_port = models.BooleanField(_("told apart by port"), default=True)
    folded_at = models.DateTimeField(_("folded at"), default=timezone.now)

    class Meta:
        verbose_name = _("folded report")
        verbose_name_plural = _("folded reports")
        ordering = ["report"]

    def __str__(self) -> str:
        return f"{self.report} {self.latest_on}"
