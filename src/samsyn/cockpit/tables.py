from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.cockpit.selectors import OrganisationStanding
from samsyn.jobs.models import Run
from samsyn.jobs.registry import JOBS
from samsyn.ui.components import Tag, Tone
from samsyn.ui.screens import Column

TONES = {"done": Tone.SUCCESS, "failed": Tone.DANGER, "lost": Tone.WARNING, "running": Tone.INFO}


def _known(name: str) -> Callable[[OrganisationStanding], int | None]:
    """Return what reads a figure of a member; nothing where it is not known."""
    return lambda standing: getattr(standing, name) if standing.is_known else None


MEMBERS = (
    Column(
        name="name",
        label=_("Member"),
        url=OrganisationStanding.get_absolute_url,
        sort=("name",),
        is_fixed=True,
    ),
    Column(
        name="critical",
        value=_known("critical"),
        label=pgettext_lazy("findings", "Critical"),
        is_numeric=True,
        sort=("critical",),
    ),
    Column(
        name="high",
        value=_known("high"),
        label=pgettext_lazy("findings", "High"),
        is_numeric=True,
        sort=("high",),
    ),
    Column(
        name="open",
        value=_known("open"),
        label=pgettext_lazy("findings", "Open"),
        is_numeric=True,
        sort=("open",),
    ),
    Column(
        name="new",
        value=_known("new"),
        label=_("New since yesterday"),
        is_numeric=True,
        sort=("new",),
    ),
    Column(
        name="old_critical",
        value=_known("old_critical"),
        label=_("Critical for over 30 days"),
        is_numeric=True,
        sort=("old_critical",),
    ),
    Column(
        name="population",
        label=_("Inhabitants"),
        value=lambda s: s.organisation.population if s.organisation else None,
        is_numeric=True,
        sort=("population",),
        is_shown=False,
    ),
)
WITHOUT_FINDINGS = {"name", "population"}  # what is shown to who may not see findings


def _title(run: Run) -> str:
    job = JOBS.get(run.job)
    return str(job.title) if job else run.job


def _progress(run: Run) -> str:
    step = gettext(run.step) if run.step else ""
    return f"{step} {run.done}/{run.total}" if run.total else step


RUNS = (
    Column(name="job", label=_("Job"), value=_title, is_fixed=True),
    Column(
        name="state",
        label=_("State"),
        value=lambda r: r.get_state_display(),
        cell=lambda r: Tag(text=r.get_state_display(), tone=TONES.get(r.state, Tone.NEUTRAL)),
    ),
    Column(name="step", label=_("Progress"), value=_progress),
    Column(name="started_at", label=_("Started"), sort=("started_at",)),
    Column(name="ended_at", label=_("Ended")),
    Column(name="problem", label=_("Problem")),
)
