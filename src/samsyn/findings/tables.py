from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.findings.models import Finding
from samsyn.findings.texts import report_title
from samsyn.kernel.domains import readable_name
from samsyn.ui.components.badges import severity_html, state_tag
from samsyn.ui.moments import day_text
from samsyn.ui.screens import Column


def _place(finding: Finding) -> str:
    subject = readable_name(finding.subject)
    where = f"{subject}:{finding.port}" if finding.port else subject
    return f"{where} · {readable_name(finding.host_name)}" if finding.host_name else where


def _answer(finding: Finding) -> str:
    if not finding.answer_kind:
        return ""
    until = f" ({day_text(finding.answer_until)})" if finding.answer_until else ""
    return f"{finding.get_answer_kind_display()}{until}"


FINDINGS = (
    Column(
        name="kind",
        label=_("Finding"),
        value=lambda f: report_title(f.report),
        url=Finding.get_absolute_url,
        note=_place,
        same_by=lambda f: f.report,
        sort=("report", "subject"),
        is_fixed=True,
    ),
    Column(
        name="severity",
        label=_("Severity"),
        value=lambda f: f.get_severity_display(),
        cell=lambda f: severity_html(f.severity),
        same_by=lambda f: f.severity,
        sort=("severity", "first_seen_at"),
    ),
    Column(
        name="organisation",
        label=_("Member"),
        value=lambda f: f.organisation.name,
        same_by=lambda f: f.organisation_id,
        sort=("organisation__name",),
    ),
    Column(
        name="state",
        label=_("State"),
        value=lambda f: f.get_state_display(),
        cell=lambda f: state_tag(f.state),
        same_by=lambda f: f.state,
        sort=("state",),
    ),
    Column(
        name="answer",
        label=_("Answer"),
        value=_answer,
        same_by=lambda f: (f.answer_kind, f.answer_until),
    ),
    Column(name="first_seen_at", label=_("First seen"), sort=("first_seen_at",)),
    Column(name="last_seen_at", label=_("Last seen"), sort=("last_seen_at",)),
    Column(name="times_seen", label=_("Times seen"), is_numeric=True, is_shown=False),
    Column(
        name="subject",
        label=_("Address or name"),
        value=lambda f: readable_name(f.subject),
        is_shown=False,
    ),
    Column(name="port", label=_("Port"), value=lambda f: f.port or "", is_shown=False),
    Column(name="case_number", label=_("Case"), is_shown=False),
    Column(name="told_at", label=_("Told"), sort=("told_at",), is_shown=False),
)
