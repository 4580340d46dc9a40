from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager


class BatchState(models.TextChoices):
    """How far a received file has come."""

    FOLDED = "folded", _("in use")
    DUPLICATE = "duplicate", _("the same as one received before")
    REPLACED = "replaced", _("replaced by a later file")
    REFUSED = "refused", _("refused")


class FileRefusal(models.TextChoices):
    """Why a file is not taken."""

    UNKNOWN_REPORT = "unknown_report", _("It is not a report that we know.")
    AMBIGUOUS_REPORT = "ambiguous_report", _("Several reports have these columns; keep the name.")
    WRONG_COLUMNS = "wrong_columns", _("Its columns are not those of such a report.")
    NO_HEADER = "no_header", _("It has no first line with column names.")
    NO_DATE = "no_date", _("Neither its name nor its rows say which day it is for.")
    EMPTY_ARCHIVE = "empty_archive", _("There is no CSV file in it.")
    DAMAGED_ARCHIVE = "damaged_archive", _("The archive is damaged.")
    PROTECTED_ARCHIVE = "protected_archive", _("The archive is protected by a password.")
    TOO_LARGE = "too_large", _("It is larger when unpacked than we take.")
    TOO_MANY_ENTRIES = "too_many_entries", _("The archive holds too many files.")
    MOSTLY_DAMAGED = "mostly_damaged", _("Nearly all of its lines are damaged.")
    READER_ENDED = (
        "reader_ended",
        _("Reading it fails, or takes more memory or time than we allow."),
    )


class Batch(OrganisationOwned):
    """One report as received; ``organisation`` is the operator who received it.

    The file itself is kept under ``sha256``; an archive gives one batch for each report
    in it. ``content_sha256`` is of the CSV inside, so that the same report counts once
    however it was packed.
    """

    sha256 = models.CharField(_("digest of the file"), max_length=64, db_index=True)
    content_sha256 = models.CharField(_("digest of the content"), max_length=64, blank=True)
    identity = models.CharField(_("identity"), max_length=32, unique=True, null=True, blank=True)
    file_name = models.CharField(_("file name"), max_length=255)
    kept_as = models.CharField(_("kept as"), max_length=120)
    entry_name = models.CharField(_("name inside the archive"), max_length=255, blank=True)
    report = models.CharField(_("report"), max_length=64, blank=True)
    stream = models.CharField(_("stream"), max_length=120, blank=True)
    report_on = models.DateField(_("report of"), null=True, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    observations = models.PositiveIntegerField(_("observations"), default=0)
    attributed = models.PositiveIntegerField(_("attributed"), default=0)
    unattributed = models.PositiveIntegerField(_("belonging to nobody"), default=0)
    contested = models.PositiveIntegerField(_("contested"), default=0)
    forgiven = models.JSONField(_("accepted although it differs"), default=dict, blank=True)
    is_clean = models.BooleanField(_("read the fast way"), default=False)
    claims = models.CharField(_("register it was attributed by"), max_length=16, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=BatchState.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=FileRefusal.choices, blank=True)
    reason_detail = models.CharField(_("detail"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    folded_at = models.DateTimeField(_("in use since"), null=True, blank=True)

    objects = ScopedManager(Permission.OBSERVATIONS_VIEW)

    class Meta(OrganisationOwned.Meta):
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-report_on", "-pk"]
        indexes = [models.Index(fields=["report", "report_on"], name="batch_by_report")]

    def __str__(self) -> str:
        return self.entry_name or self.file_name

    @property
    def kept_path(self) -> Path:
        """Where the file lies as it was received."""
        return received_folder() / self.kept_as

    @property
    def day(self) -> date:
        """The day of the report; only a refused batch has none."""
        if self.report_on is None:
            raise ValueError("a refused batch has no day")
        return self.report_on


def received_folder() -> Path:
    """Return where files are kept as received."""
    return Path(settings.SAMSYN_HOME) / "received"


def inbox_folder(operator: int = 0, *, is_alone: bool = True) -> Path:
    """Return the watched folder: an operator's own, named by its id, where there are several."""
    inbox = Path(settings.SAMSYN_HOME) / "inbox"
    return inbox if is_alone else inbox / str(operator)
