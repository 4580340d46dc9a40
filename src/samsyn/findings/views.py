from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.actor import Actor
from samsyn.findings import forms, selectors, services
from samsyn.findings.models import Finding
from samsyn.findings.pages import finding_buttons, finding_page
from samsyn.findings.tables import FINDINGS
from samsyn.ui.components import EmptyState
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import ActionScreen, BulkButton, DetailScreen, FormScreen, ListScreen

HOME = Crumb(label=_("Findings"), url="/findings/?state=unsolved")


def crumbs(finding: Finding) -> tuple[Crumb, ...]:
    """Return the way to a page about a finding."""
    return (HOME, Crumb(label=finding.case_number, url=finding.get_absolute_url()))


def as_of(*, actor: Actor) -> Any:
    """Return when the findings were last brought up to date."""
    del actor
    return selectors.folded_at()


finding_list = ListScreen.as_view(
    title=_("Findings"),
    intro=_("What others can see of our systems from the internet, worst first."),
    selector=selectors.finding_rows,
    filters=forms.FindingFilters,
    columns=FINDINGS,
    count=selectors.finding_count,
    version=selectors.findings_version,
    bulk_buttons=(
        BulkButton(
            name="acknowledge",
            label=_("Take them on"),
            service=services.findings_acknowledge,
            rows_name="findings",
            done=_("You have taken them on."),
        ),
    ),
    as_of=as_of,
    empty=EmptyState(
        title=_("No findings"),
        text=_("When a report concerns your addresses or domains, it is shown here."),
    ),
)
finding_detail = DetailScreen.as_view(
    subject=selectors.finding_get,
    template_name="findings/detail.html",
    content=finding_page,
    buttons=finding_buttons,
    crumbs=(HOME,),
    label="AMBER",
)
finding_answer = FormScreen.as_view(
    given={"at": timezone.now},
    title=pgettext_lazy("to do", "Answer"),
    intro=_("The security centre sees your answer. You can answer again if it changes."),
    subject=selectors.finding_get,
    subject_name="finding",
    form=forms.FindingAnswerForm,
    service=services.finding_answer,
    button=_("Send the answer"),
    done=_("Your answer is sent."),
    crumbs=crumbs,
)
finding_acknowledge = ActionScreen.as_view(
    given={"at": timezone.now},
    title=_("Take it on"),
    question=_("Take this finding on?"),
    consequence=_("Others see that somebody is looking at it."),
    subject=selectors.finding_get,
    subject_name="finding",
    service=services.finding_acknowledge,
    button=_("Take it on"),
    done=_("You have taken it on."),
    crumbs=crumbs,
)
