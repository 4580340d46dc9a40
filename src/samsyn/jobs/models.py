from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """How far a run has come."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    LOST = "lost", _("lost")


class Run(models.Model):
    """One run of a job: when, by whom, how far, and how it ended.

    ``beat_at`` moves while it works; a run whose beat has stopped was killed, and the
    sweep marks it lost and lets it start again.
    """

    WITHOUT_POLICY = "the installation's own; says nothing of anybody"

    job = models.CharField(_("job"), max_length=80)
    actor = models.CharField(_("actor"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=RunState.choices, default=RunState.WAITING
    )
    arguments = models.JSONField(_("arguments"), default=dict)
    step = models.CharField(_("what it is doing"), max_length=200, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    result = models.JSONField(_("result"), default=dict)
    problem = models.TextField(_("problem"), blank=True)
    due_at = models.DateTimeField(_("due at"))
    started_at = models.DateTimeField(_("started at"), null=True)
    beat_at = models.DateTimeField(_("last sign of life"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="run_by_state")]

    def __str__(self) -> str:
        return f"{self.job} {self.state}"
