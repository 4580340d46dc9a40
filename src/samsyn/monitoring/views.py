from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.findings.texts import report_title
from samsyn.kernel.domains import readable_name
from samsyn.kernel.errors import Conflict, NotFound, RuleViolation
from samsyn.monitoring import forms, selectors, services
from samsyn.monitoring.models import Batch
from samsyn.monitoring.receiving import receiver_set
from samsyn.monitoring.tables import BATCHES
from samsyn.monitoring.wording import (
    country_text,
    forgiven_words,
    outcome_refused,
    outcome_title,
    refusal_words,
    row_words,
)
from samsyn.organisations.selectors import operator_of, operator_require
from samsyn.ui.components import BarLine, BarList, EmptyState, Fact, FactList, Panel
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import Button, DetailScreen, FormScreen, ListScreen, Screen

HOME = Crumb(label=_("Feeds"), url="/feeds/")
UNATTRIBUTED_DAYS = 30
ROWS_MOST = 100
REJECTS_MOST = 200
UPLOAD_WAIT_SECONDS = 20


def list_buttons(*, actor: Actor) -> tuple[Button, ...]:
    """Return what can be done beside the list."""
    operator = operator_of(actor=actor)
    if operator and actor.may(Permission.OBSERVATIONS_IMPORT, operator.pk):
        return (
            Button(label=_("Import a report"), url=reverse("monitoring:upload"), is_primary=True),
        )
    return ()


def batch_content(*, actor: Actor, subject: Batch) -> dict[str, Any]:
    """Return what a batch's page shows."""
    facts = (
        Fact(name=gettext("Report"), value=report_title(subject.report) if subject.report else ""),
        Fact(name=gettext("Report date"), value=subject.report_on),
        Fact(name=gettext("State"), value=subject.get_state_display()),
        Fact(name=gettext("Reason"), value=_reason(subject)),
        Fact(name=gettext("Rows"), value=subject.rows),
        Fact(name=gettext("Damaged"), value=subject.rejected),
        Fact(name=gettext("Known owner"), value=subject.attributed),
        Fact(name=gettext("Unattributed"), value=subject.unattributed),
        Fact(name=gettext("Contested"), value=subject.contested),
        Fact(name=gettext("Kept under (SHA-256)"), value=subject.sha256),
    )
    rejects = []
    if subject.rejected:
        found = selectors.reject_list(actor=actor, batch=subject, limit=REJECTS_MOST)
        rejects = [{**row, "reason": row_words(row["reason"])} for row in found]
    return {
        "facts": FactList(facts=tuple(f for f in facts if f.value not in {"", None})),
        "forgiven": forgiven_words(subject.forgiven),
        "rejects": rejects,
    }


def _reason(batch: Batch) -> str:
    if not batch.reason:
        return ""
    names = (batch.file_name, batch.entry_name)
    return refusal_words(batch.reason, batch.reason_detail, about=names)


class ReportUploadScreen(FormScreen):
    """Reads a report that somebody has at hand."""

    template_name = "monitoring/upload.html"

    def check_allowed(self, subject: Any) -> None:
        del subject
        operator = operator_require(actor=self.request.actor)
        self.request.actor.require(Permission.OBSERVATIONS_IMPORT, operator.pk)

    def upload_most(self) -> int:
        return int(settings.REPORT_MB) * 1024**2

    def run(self, subject: Any, **given: Any) -> Any:
        del subject
        with TemporaryDirectory(prefix="samsyn-upload-") as folder:
            path = Path(folder) / PurePosixPath(given["file"].name).name
            with path.open("wb") as kept:
                for chunk in given["file"].chunks():
                    kept.write(chunk)
            try:
                return self.service(
                    actor=self.request.actor,
                    operator=operator_require(actor=self.request.actor),
                    paths=[path],
                    wait_seconds=UPLOAD_WAIT_SECONDS,
                    is_tried=True,
                )
            except Conflict as error:
                raise RuleViolation(str(error), field="file") from error

    def after(self, subject: Any, result: Any) -> HttpResponse:
        del subject
        form = self.form(actor=self.request.actor)
        said: dict[str, Any] = {
            "outcome_title": outcome_title(result),
            "refused": outcome_refused(result),
            "forgiven": forgiven_words(result["forgiven"]),
        }
        return self.page(None, form, outcome=result, **said)


class Unattributed(Screen):
    """What came in lately and belongs to nobody: counted, and the rows themselves."""

    template_name = "monitoring/unattributed.html"
    title = _("Unattributed")
    intro = _("Of the last thirty days. A resource that is missing in the register shows here.")

    def get(self, request: ActorRequest) -> HttpResponse:
        if not request.actor.may_anywhere(Permission.OBSERVATIONS_VIEW):
            raise NotFound(_("No such page."))
        until = timezone.localdate()
        since = until - timedelta(days=UNATTRIBUTED_DAYS)
        panels = [self.panel(way, name, since, until) for way, name in forms.WAYS]
        wanted = selectors.ObservationFilter(since=since, until=until, only_unattributed=True)
        found = selectors.observation_list(
            actor=request.actor, wanted=wanted, limit=ROWS_MOST, with_raw=False
        )
        may_set = request.actor.may_anywhere(Permission.RESOURCES_CONFIRM)
        rows = [{**_in_words(row), "url": _receiver_url(row) if may_set else ""} for row in found]
        return self.show(panels=panels, rows=rows, may_set=may_set)

    def panel(self, way: str, name: Any, since: Any, until: Any) -> Panel:
        """Return the counts cut one way."""
        counts = selectors.unattributed(
            actor=self.request.actor, since=since, until=until, by=way, limit=12
        )
        bars = tuple(
            BarLine(label=self.label_of(way, count.label), value=count.observations)
            for count in counts
        )
        body: object = BarList(bars=bars) if bars else EmptyState(title=_("Nothing"))
        return Panel(title=name, body=body)

    def label_of(self, way: str, label: str) -> str:
        """Return the name of a count."""
        if way == "report":
            return report_title(label)
        if way == "country" and label:
            return country_text(label)
        return f"AS{label}" if way == "asn" and label else label or gettext("unknown")


def _receiver_url(row: Mapping[str, Any]) -> str:
    """Return the form in which the row's address, name or AS number gets its owner; or nothing."""
    told = (("prefix", row["source_ip"]), ("domain", row["host_name"]), ("asn", row["asn"]))
    known = next(((kind, value) for kind, value in told if value), None)
    if known is None:
        return ""
    kind, value = known
    return f"{reverse('monitoring:receiver')}?{urlencode({'kind': kind, 'value': value})}"


class ReceiverScreen(FormScreen):
    """Registers whose something is, as the row said that one comes from; history follows."""

    def get_subject(self, **url: Any) -> Any:
        del url

    def initial(self, subject: Any) -> dict[str, Any]:
        del subject
        return {name: self.request.GET.get(name, "")[:400] for name in ("kind", "value")}

    def check_allowed(self, subject: Any) -> None:
        super().check_allowed(subject)
        if not self.request.actor.may_anywhere(Permission.OBSERVATIONS_VIEW):
            raise NotFound(_("No such page."))

    def after(self, subject: Any, result: Any) -> HttpResponse:
        self.done = (
            _("It is registered. Earlier signals are attributed anew now; findings follow.")
            if result.is_attributed
            else _("It is registered and waits to be confirmed: something speaks against it.")
        )
        return super().after(subject, result.resource)


def _in_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an observation as people read it; programs get times and names of the code."""
    return {
        **row,
        "observed_at": datetime.fromisoformat(row["observed_at"]),
        "report": report_title(row["report"]),
        "host_name": readable_name(row["host_name"] or ""),
        "country": country_text(row["country"]) if row["country"] else "",
    }


batch_list = ListScreen.as_view(
    title=_("Feeds"),
    intro=_("Every report as received, and what came of it."),
    selector=selectors.batch_list,
    filters=forms.BatchFilters,
    columns=BATCHES,
    order="-report_on",
    buttons=list_buttons,
    empty=EmptyState(
        title=_("No report has come in yet"),
        text=_("Put reports into the folder inbox, or import one here."),
        action=_("Import a report"),
        url="read/",
        permission=Permission.OBSERVATIONS_IMPORT,
    ),
)
batch_detail = DetailScreen.as_view(
    subject=selectors.batch_get,
    template_name="monitoring/batch.html",
    content=batch_content,
    crumbs=(HOME,),
)
upload = ReportUploadScreen.as_view(
    title=_("Import a report"),
    form=forms.UploadForm,
    service=services.observation_import,
    button=_("Import"),
    crumbs=(HOME,),
    back_url="/feeds/",
)
unattributed = Unattributed.as_view(crumbs=(HOME,))
receiver = ReceiverScreen.as_view(
    title=_("Register whose it is"),
    intro=_("What has come in about it becomes theirs: earlier signals are attributed anew."),
    form=forms.ReceiverForm,
    service=receiver_set,
    crumbs=(HOME, Crumb(label=_("Unattributed"), url="/feeds/unattributed/")),
    back_url="/feeds/unattributed/",
)
