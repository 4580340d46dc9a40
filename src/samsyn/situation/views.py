from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.access.reading import note_file, note_opened
from samsyn.findings.tables import FINDINGS
from samsyn.kernel.periods import Period
from samsyn.organisations.selectors import operator_of, operator_require
from samsyn.situation import forms, selectors, services
from samsyn.situation.models import Edition
from samsyn.situation.pages import edition_page
from samsyn.situation.printed import edition_pdf
from samsyn.situation.tables import EDITIONS
from samsyn.ui.components import EmptyState
from samsyn.ui.exports import file_name
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import (
    ActionScreen,
    BulkButton,
    Button,
    DetailScreen,
    FormScreen,
    ListScreen,
    Screen,
)

HOME = Crumb(label=_("Situation picture"), url="/situation/")


def crumbs(edition: Edition | None = None) -> tuple[Crumb, ...]:
    """Return the way to a page about an edition."""
    if edition is None:
        return (HOME,)
    return (HOME, Crumb(label=str(edition), url=edition.get_absolute_url()))


def list_buttons(*, actor: Actor) -> tuple[Button, ...]:
    """Return what can be done beside the list."""
    operator = operator_of(actor=actor)
    if operator and actor.may(Permission.SITUATION_BUILD, operator.pk):
        build = reverse("situation:build")
        return (Button(label=_("Build a situation picture"), url=build, is_primary=True),)
    return ()


def edition_buttons(*, actor: Actor, subject: Edition) -> tuple[Button, ...]:
    """Return what this actor may do with an edition."""
    pdf = Button(label=_("PDF"), url=reverse("situation:pdf", args=[subject.pk]))
    if subject.is_published or not actor.may(Permission.SITUATION_BUILD, subject.organisation_id):
        return (pdf,)
    return (
        pdf,
        Button(label=_("Write"), url=reverse("situation:write", args=[subject.pk])),
        Button(
            label=_("Publish"), url=reverse("situation:publish", args=[subject.pk]), is_primary=True
        ),
    )


class EditionPdf(Screen):
    """An edition as PDF in the reader's language."""

    subject = staticmethod(selectors.edition_get)

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        edition = self.get_subject(**url)
        note_file(request.actor, edition, kind="pdf")
        answer = HttpResponse(
            edition_pdf(edition, language=get_language() or "en"), content_type="application/pdf"
        )
        name = file_name(f"{edition.organisation} {edition.period} {edition.audience}")
        answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
        return answer


def rows_of(*, actor: Actor, pk: int, figure: str, cut: str = "", key: str = "") -> Any:
    """Return the findings behind a number."""
    edition = selectors.edition_get(actor=actor, pk=pk)
    note_opened(actor, edition)
    return selectors.rows_behind(actor=actor, edition=edition, figure=figure, cut=cut, key=key)


class RowsBehind(ListScreen):
    """The findings behind a number of an edition."""

    def get(self, request: ActorRequest, **url: Any) -> Any:
        query = {name: request.GET.get(name, "")[:80] for name in ("cut", "key")}
        return super().get(request, **url, **query)


edition_list = ListScreen.as_view(
    title=_("Situation picture"),
    intro=_(
        "How the sector and each member stand, month by month. What is published never changes."
    ),
    selector=selectors.edition_list,
    filters=forms.EditionFilters,
    columns=EDITIONS,
    order="-period",
    buttons=list_buttons,
    bulk_buttons=(
        BulkButton(
            name="publish",
            label=_("Publish"),
            service=services.editions_publish,
            rows_name="editions",
            done=_("They are published."),
        ),
    ),
    empty=EmptyState(
        title=_("No edition yet"),
        text=_("After each month there is one for management and one for technicians."),
    ),
)
edition_detail = DetailScreen.as_view(
    subject=selectors.edition_get,
    template_name="situation/edition.html",
    content=edition_page,
    buttons=edition_buttons,
    crumbs=(HOME,),
)
edition_pdf_view = EditionPdf.as_view()
situation_build = FormScreen.as_view(
    title=_("Build a situation picture"),
    intro=_("The drafts for the sector and each member are built again. What is published stays."),
    subject=operator_require,
    subject_name="operator",
    form=forms.BuildForm,
    initial=lambda _operator: {"period": str(Period.month_of(timezone.localdate()).before)},
    service=services.situation_build,
    button=_("Build"),
    done=_("The drafts are ready."),
    done_url="/situation/?state=draft",
    crumbs=(HOME,),
    back_url="/situation/",
)
edition_write = FormScreen.as_view(
    title=_("Write to the readers"),
    subject=selectors.edition_get,
    subject_name="edition",
    form=forms.WordsForm,
    initial=lambda e: {
        "language": get_language(),
        "words": (e.words or {}).get(get_language(), ""),
    },
    service=services.edition_write,
    done=_("Your words are saved."),
    crumbs=crumbs,
)
edition_publish = ActionScreen.as_view(
    title=_("Publish the edition"),
    question=_("Publish this edition?"),
    consequence=_("Its readers see it at once. After that, neither figures nor words change."),
    subject=selectors.edition_get,
    subject_name="edition",
    service=services.edition_publish,
    button=_("Publish"),
    done=_("The edition is published."),
    crumbs=crumbs,
)
rows_behind = RowsBehind.as_view(
    title=_("The findings behind the number"),
    intro=_("Counted when the edition was built; the state shown is today's."),
    selector=rows_of,
    columns=FINDINGS,
    crumbs=(HOME,),
)
