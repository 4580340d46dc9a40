from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samsyn.findings.texts import report_title
from samsyn.monitoring.models import Batch
from samsyn.ui.components import Tag, Tone
from samsyn.ui.screens import Column

TONES = {
    "folded": Tone.SUCCESS,
    "duplicate": Tone.NEUTRAL,
    "replaced": Tone.NEUTRAL,
    "refused": Tone.DANGER,
}


def _url(batch: Batch) -> str:
    return reverse("monitoring:batch", args=[batch.pk])


BATCHES = (
    Column(
        name="file_name",
        label=_("File"),
        value=str,
        url=_url,
        note=lambda b: report_title(b.report) if b.report else "",
        sort=("file_name",),
        is_fixed=True,
    ),
    Column(name="report_on", label=_("Report date"), sort=("report_on",)),
    Column(
        name="state",
        label=_("State"),
        value=lambda b: b.get_state_display(),
        cell=lambda b: Tag(text=b.get_state_display(), tone=TONES[b.state]),
        sort=("state",),
    ),
    Column(name="rows", label=_("Rows"), is_numeric=True, sort=("rows",)),
    Column(name="rejected", label=_("Damaged"), is_numeric=True, sort=("rejected",)),
    Column(name="attributed", label=_("Known owner"), is_numeric=True, sort=("attributed",)),
    Column(name="unattributed", label=_("Unattributed"), is_numeric=True, sort=("unattributed",)),
    Column(
        name="contested",
        label=_("Contested"),
        is_numeric=True,
        sort=("contested",),
        is_shown=False,
    ),
    Column(name="received_at", label=_("Received"), sort=("received_at",)),
)
