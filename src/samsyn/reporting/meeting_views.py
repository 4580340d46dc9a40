"""Management's meeting: preparing it, writing its minutes, freezing it, taking its pack away."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.organisations.choices import organisation_first
from samsyn.printing.slides import PPTX
from samsyn.reporting import forms, selectors
from samsyn.reporting.deck import pack_slides
from samsyn.reporting.models import AgendaItem, Meeting
from samsyn.reporting.pages import meeting_buttons, meeting_page, pack_buttons, pack_page
from samsyn.reporting.printed import pack_pdf
from samsyn.reporting.services import meetings
from samsyn.reporting.tables import MEETINGS
from samsyn.reporting.views import HOME, page_url
from samsyn.ui.components import EmptyState
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import (
    ActionScreen,
    Button,
    DetailScreen,
    FileScreen,
    FormScreen,
    ListScreen,
)


def crumbs(thing: Any = None) -> tuple[Crumb, ...]:
    """Return the way to a page about a meeting or a point of its agenda."""
    if thing is None:
        return (HOME, Crumb(label=_("Meetings"), url=reverse("management:meetings")))
    meeting = meeting_of(thing)
    organisation = meeting.organisation
    return (
        HOME,
        Crumb(label=organisation.name, url=page_url(meeting)),
        Crumb(label=meeting.title, url=meeting.get_absolute_url()),
    )


def meeting_of(thing: Any) -> Meeting:
    """Return the meeting that something belongs to."""
    found: Meeting = thing.meeting if isinstance(thing, AgendaItem) else thing
    return found


def list_buttons(*, actor: Actor) -> tuple[Button, ...]:
    """Return what can be done beside the list."""
    if not actor.may_anywhere(Permission.REPORTING_LEAD):
        return ()
    url = reverse("management:meeting-new")
    return (Button(label=_("Prepare a meeting"), url=url, is_primary=True),)


class NewMeetingScreen(FormScreen):
    """A new meeting, with the people who are likely to take part."""

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        organisation = organisation_first(
            actor=request.actor,
            permission=Permission.REPORTING_LEAD,
            asked=request.GET.get("organisation", ""),
        )
        today = timezone.localdate()
        begin: dict[str, Any] = {
            "title": gettext("Management's review %s") % today.year,
            "held_on": today,
        }
        if organisation is not None:
            self.seen(organisation)
            leaders = selectors.leaders_of(organisation)
            people = [*leaders, *selectors.cisos_of(organisation)]
            begin |= {
                "organisation": organisation.pk,
                "language": organisation.language,
                "chair": leaders[0].name if leaders else "",
                "participants": "\n".join(dict.fromkeys(person.name for person in people)),
            }
        self.initial = lambda _subject: begin
        return super().get(request, **url)


def of_pack(make: Any) -> Any:
    """Return a maker of files of a meeting's pack."""

    def made(*, actor: Actor, subject: Meeting, language: str) -> bytes:
        today = timezone.localdate()
        return bytes(make(actor=actor, meeting=subject, language=language, today=today))

    return made


class PackFile(FileScreen):
    """The pack as a file."""

    subject = staticmethod(selectors.meeting_get)
    name = staticmethod(lambda meeting: f"{meeting.organisation} {meeting.title}")


meeting_list = ListScreen.as_view(
    title=_("Management's meetings"),
    intro=_("What management was shown, what it decided, and what came of it."),
    selector=selectors.meeting_list,
    filters=forms.MeetingFilters,
    columns=MEETINGS,
    order="-held_on",
    buttons=list_buttons,
    crumbs=(HOME,),
    empty=EmptyState(
        title=_("No meeting yet"),
        text=_("One larger meeting a year and shorter ones between: agenda, pack, minutes."),
    ),
)
meeting_new = NewMeetingScreen.as_view(
    title=_("Prepare a meeting"),
    form=forms.MeetingForm,
    service=meetings.meeting_prepare,
    button=_("Prepare"),
    done=_("The meeting is prepared with the usual agenda."),
    back_url="/management/meetings/",
    crumbs=(HOME,),
)
meeting_detail = DetailScreen.as_view(
    subject=selectors.meeting_get,
    template_name="reporting/meeting.html",
    content=meeting_page,
    buttons=meeting_buttons,
    crumbs=lambda m=None: crumbs(m)[:-1],
    label="AMBER",
)
meeting_change = FormScreen.as_view(
    title=_("Change the meeting"),
    subject=selectors.meeting_get,
    subject_name="meeting",
    form=forms.MeetingChangeForm,
    initial=lambda m: {name: getattr(m, name) for name in sorted(meetings.CHANGEABLE)},
    service=meetings.meeting_change,
    done=_("It is changed."),
    crumbs=crumbs,
)
meeting_freeze = ActionScreen.as_view(
    question=_("Close the meeting and freeze its pack?"),
    consequence=_(
        "Figures, words, decisions and minutes are kept as they are now. After that nothing in "
        "the meeting can be changed."
    ),
    subject=selectors.meeting_get,
    subject_name="meeting",
    service=meetings.meeting_freeze,
    button=_("Close and freeze"),
    done=_("The meeting is frozen."),
    crumbs=crumbs,
)
point_add = FormScreen.as_view(
    title=_("Add a point"),
    subject=selectors.meeting_get,
    subject_name="meeting",
    form=forms.PointForm,
    initial=lambda _meeting: {"planned_minutes": 10},
    service=meetings.item_add,
    crumbs=crumbs,
)
minutes_write = FormScreen.as_view(
    subject=selectors.item_get,
    subject_name="item",
    form=forms.MinutesForm,
    initial=lambda item: {"minutes": item.minutes},
    service=meetings.item_write,
    done=_("The minutes are saved."),
    crumbs=crumbs,
)
pack = DetailScreen.as_view(
    subject=selectors.meeting_get,
    template_name="reporting/pack.html",
    content=pack_page,
    buttons=pack_buttons,
    crumbs=crumbs,
    label="AMBER",
)
slides = PackFile.as_view(make=of_pack(pack_slides), ending="pptx", content_type=PPTX)
pdf = PackFile.as_view(make=of_pack(pack_pdf), ending="pdf", content_type="application/pdf")
