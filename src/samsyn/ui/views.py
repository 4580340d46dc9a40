"""The gallery: every piece in its states, to look at. Only where it is a demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.ui import gallery_list as examples
from samsyn.ui.components import EmptyState
from samsyn.ui.components.badges import severity_html
from samsyn.ui.gallery import pieces
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import Button, Column, FormScreen, ListScreen, PageScreen


class _OnlyInDemonstration:
    """A page that does not exist in service."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (settings.DEMONSTRATION or settings.MODE == "test"):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc,no-any-return]  # the view beside it in the class has it


class GalleryScreen(_OnlyInDemonstration, PageScreen):
    pass


class GalleryListScreen(_OnlyInDemonstration, ListScreen):
    pass


class GalleryFormScreen(_OnlyInDemonstration, FormScreen):
    def check_allowed(self, subject: Any) -> None:
        """Anybody may try it: nothing is kept."""


CRUMB = Crumb(label=_("Gallery"), url="/ui/gallery")

gallery = GalleryScreen.as_view(
    title=_("Gallery"),
    intro=_("Every piece that pages are made of, with invented content."),
    template_name="ui/gallery.html",
    content=pieces,
)
gallery_list = GalleryListScreen.as_view(
    title=_("Findings"),
    intro=_("An example of a list."),
    crumbs=(CRUMB, Crumb(label=_("Findings"))),
    selector=examples.rows,
    filters=examples.ExampleFilters,
    order="-severity",
    as_of=lambda **_given: timezone.now(),
    buttons=lambda **_given: (Button(label=_("Add"), url="/ui/gallery/form", is_primary=True),),
    empty=EmptyState(title=_("No findings yet"), text=_("They come with the first report.")),
    columns=(
        Column(
            name="title",
            label=_("What"),
            url=lambda row: f"/ui/gallery#{row.pk}",
            note=lambda row: row.subject,
            sort=("title",),
            is_fixed=True,
        ),
        Column(name="organisation", label=_("Whose"), sort=("organisation",)),
        Column(
            name="severity",
            label=_("Severity"),
            cell=lambda row: severity_html(row.severity),
            sort=("severity",),
        ),
        Column(name="state", label=_("State"), cell=examples.state_cell),
        Column(name="times", label=_("Times seen"), is_numeric=True, sort=("times",)),
        Column(name="last_seen_at", label=_("Last seen"), sort=("last_seen_at",)),
        Column(name="port", label=_("Port"), is_numeric=True, is_shown=False),
    ),
)
gallery_form = GalleryFormScreen.as_view(
    title=_("Report an incident"),
    intro=_("An example of a form. Nothing is kept."),
    crumbs=(CRUMB, Crumb(label=_("Report an incident"))),
    form=examples.ExampleForm,
    service=examples.example_keep,
    button=_("Send"),
    done=_("Thank you. Somebody will look at it today."),
    done_url="/ui/gallery/form",
    back_url="/ui/gallery",
)
