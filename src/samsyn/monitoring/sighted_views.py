from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.findings.evidence import told_in_words
from samsyn.findings.models import Finding
from samsyn.findings.selectors import finding_get
from samsyn.findings.texts import report_title
from samsyn.monitoring.evidence import PARTED_BY
from samsyn.monitoring.sighted import SightedDay, raw_csv, sightings_of
from samsyn.ui.moments import day_text, moment_html
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import Button, Column, DetailScreen
from samsyn.ui.screens.details import FileScreen
from samsyn.ui.tables import ColumnHeading, table_html

FINDINGS = Crumb(label=_("Findings"), url="/findings/?state=unsolved")


def crumbs(finding: Finding) -> tuple[Crumb, ...]:
    """Return the way to the observations of a finding."""
    return (FINDINGS, Crumb(label=finding.case_number, url=finding.get_absolute_url()))


def sightings_page(*, actor: Actor, subject: Finding) -> dict[str, Any]:
    """Return what the page of a finding's observations shows."""
    found = sightings_of(actor=actor, finding=subject, until=timezone.localdate())
    return {
        "title": gettext("Observations of %s") % subject.case_number,
        "lead": f"{report_title(subject.report)} · {subject.subject}",
        "days": found.days,
        "says": days_in_words(found.days),
        "table": table_html(
            [ColumnHeading(column=column) for column in ROWS],
            found.rows,
            caption=gettext("Each observation"),
        ),
        "is_cut": found.is_cut,
    }


def days_in_words(days: Sequence[SightedDay]) -> str:
    """Return on how many of the days with a report the finding was seen."""
    came = [day for day in days if day.has_report]
    seen = sum(day.times > 0 for day in came)
    said = ngettext(
        "Seen on %(seen)d of the %(came)d day on which the report came, %(since)s to %(until)s.",
        "Seen on %(seen)d of the %(came)d days on which the report came, %(since)s to %(until)s.",
        len(came),
    )
    return said % {
        "seen": seen,
        "came": len(came),
        "since": day_text(days[0].on),
        "until": day_text(days[-1].on),
    }


def _place(row: Mapping[str, Any]) -> str:
    place = row["source_ip"] or row["subject"]
    return f"{place}:{row['source_port']}" if row["source_port"] else str(place)


ROWS = (
    Column(
        name="observed_at",
        label=_("Observed"),
        cell=lambda row: moment_html(datetime.fromisoformat(row["observed_at"])),
        is_fixed=True,
    ),
    Column(
        name="place",
        label=_("Address"),
        value=_place,
    ),
    Column(name="host_name", label=_("Host name"), value=lambda row: row["host_name"] or ""),
    Column(name="tags", label=_("Tags"), value=lambda row: (row["tags"] or "").replace(";", ", ")),
    Column(
        name="evidence",
        label=_("What was seen there"),
        value=lambda row: "; ".join(
            f"{seen.label}: {seen.value}"
            for seen in told_in_words((row["evidence"] or "").split(PARTED_BY))
        ),
    ),
)


def sightings_buttons(*, actor: Actor, subject: Finding) -> tuple[Button, ...]:
    """Return the way to the rows as they were received."""
    del actor
    url = reverse("monitoring:sightings-csv", args=[subject.pk])
    return (Button(label=_("The rows as received (CSV)"), url=url),)


def rows_made(*, actor: Actor, subject: Finding, language: str) -> bytes:
    """Return the rows of a finding as they were received, as a file."""
    del language  # the report's own columns and words
    found = sightings_of(actor=actor, finding=subject, until=timezone.localdate(), with_raw=True)
    return ("\ufeff" + "".join(raw_csv(found.rows))).encode()


finding_sightings = DetailScreen.as_view(
    subject=finding_get,
    template_name="monitoring/sightings.html",
    content=sightings_page,
    buttons=sightings_buttons,
    crumbs=crumbs,
    label="AMBER",
)
finding_rows = FileScreen.as_view(
    subject=finding_get,
    make=rows_made,
    name=lambda finding: f"{finding.case_number}-observations",
    ending="csv",
    content_type="text/csv; charset=utf-8",
)
