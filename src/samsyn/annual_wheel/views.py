from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.annual_wheel import forms, moving, selectors, services
from samsyn.annual_wheel.content import occurrence_title
from samsyn.annual_wheel.models import Activity, Occurrence
from samsyn.annual_wheel.pages import (
    activity_buttons,
    activity_page,
    occurrence_buttons,
    occurrence_page,
)
from samsyn.annual_wheel.screens import (
    ActivityChange,
    ActivityNew,
    BeginActivitiesScreen,
    BeginUsualActivitiesScreen,
    Feeds,
    WheelPage,
    YearPage,
)
from samsyn.annual_wheel.tables import OCCURRENCES
from samsyn.ui.components import EmptyState
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import ActionScreen, Button, DetailScreen, FormScreen, ListScreen

HOME = Crumb(label=_("Annual wheel"), url="/wheel/")


def crumbs(subject: Any = None) -> tuple[Crumb, ...]:
    """Return the way to a page about an activity or one of its turns."""
    if isinstance(subject, Occurrence):
        activity = subject.activity
        above = Crumb(label=activity.title, url=activity.get_absolute_url())
        return (HOME, above)
    if isinstance(subject, Activity):
        return (HOME, Crumb(label=subject.title, url=subject.get_absolute_url()))
    return (HOME,)


def wheel_of(thing: Any) -> str:
    """Return the address of an organisation's wheel."""
    organisation = getattr(thing, "organisation_id", None) or getattr(thing, "pk", None)
    return f"{reverse('wheel:wheel')}?organisation={organisation}" if organisation else "/wheel/"


def list_buttons(*, actor: Actor) -> tuple[Button, ...]:
    """Return what can be done beside the list."""
    buttons = [Button(label=_("Wheel"), url=reverse("wheel:wheel"))]
    buttons.append(Button(label=_("Year"), url=reverse("wheel:year")))
    if actor.may_anywhere(Permission.WHEEL_CHANGE):
        url = reverse("wheel:create")
        buttons.append(Button(label=_("Add an activity"), url=url, is_primary=True))
    return tuple(buttons)


def of_activity(activity: Activity) -> dict[str, Any]:
    """Return what the form of an activity begins with."""
    names = set(forms.ActivityForm.base_fields) - {"owner_person"}
    return {
        **{name: getattr(activity, name) for name in names},
        "owner_person": activity.owner_person_id,
    }


def occurrence_rows(*, actor: Actor, **narrowed: Any) -> Any:
    """Return the turns of today's list."""
    return selectors.occurrence_rows(actor=actor, today=timezone.localdate(), **narrowed)


def titled_page(*, actor: Actor, subject: Occurrence) -> dict[str, Any]:
    """Return what the page of a turn shows, with its name in the reader's language."""
    return {"title": occurrence_title(subject), **occurrence_page(actor=actor, subject=subject)}


wheel = WheelPage.as_view(title=_("Annual wheel"), template_name="annual_wheel/wheel.html")
year = YearPage.as_view(
    title=_("Annual wheel"), template_name="annual_wheel/year.html", crumbs=(HOME,)
)
occurrence_list = ListScreen.as_view(
    title=_("The year's activities"),
    intro=_("What comes round every month, quarter or year, and what came of it."),
    selector=occurrence_rows,
    filters=forms.WheelFilters,
    columns=OCCURRENCES,
    order="due",
    buttons=list_buttons,
    crumbs=(HOME,),
    empty=EmptyState(
        title=_("The year is empty"),
        text=_("Begin with the usual activities, and change them as you like."),
        action=_("To the wheel"),
        url="/wheel/",
    ),
)
occurrence_detail = DetailScreen.as_view(
    subject=selectors.occurrence_get,
    template_name="annual_wheel/occurrence.html",
    content=titled_page,
    buttons=occurrence_buttons,
    crumbs=crumbs,
    label="AMBER",
)
activity_detail = DetailScreen.as_view(
    subject=selectors.activity_get,
    template_name="annual_wheel/activity.html",
    content=activity_page,
    buttons=activity_buttons,
    crumbs=(HOME,),
    label="AMBER",
)
begin = BeginActivitiesScreen.as_view(
    title=_("Begin with templates"),
    intro=_("Choose what your year holds. Days, roles and months are changed afterwards."),
    subject=selectors.wheel_organisation_get,
    subject_name="organisation",
    service=services.wheel_begin,
    button=_("Begin with these"),
    done=_("The activities are on the wheel."),
    done_url=wheel_of,
    crumbs=(HOME,),
    back_url=wheel_of,
)
begin_usual = BeginUsualActivitiesScreen.as_view(
    title=_("Begin with the usual activities"),
    question=_("Put the usual activities on the wheel?"),
    consequence=_("Each can be changed or stopped afterwards."),
    subject=selectors.wheel_organisation_get,
    subject_name="organisation",
    service=services.wheel_begin,
    button=_("Begin"),
    done=_("The activities are on the wheel."),
    done_url=wheel_of,
    crumbs=(HOME,),
    back_url=wheel_of,
)
activity_create = ActivityNew.as_view(
    title=_("Add an activity"),
    service=services.activity_add,
    done=_("The activity is on the wheel."),
    crumbs=(HOME,),
    back_url="/wheel/",
)
activity_change = ActivityChange.as_view(
    title=_("Change the activity"),
    intro=_("Turns that are ahead follow; what is done, skipped or late stays as it is."),
    subject=selectors.activity_get,
    subject_name="activity",
    service=services.activity_change,
    initial=of_activity,
    done=_("The change is saved."),
    crumbs=crumbs,
)
activity_stop = ActionScreen.as_view(
    title=_("Stop the activity"),
    question=_("Stop this activity?"),
    consequence=_("Turns that are ahead fall away, in calendars too. What is done stays."),
    subject=selectors.activity_get,
    subject_name="activity",
    service=services.activity_stop,
    button=_("Stop it"),
    done=_("The activity has stopped."),
    is_dangerous=True,
    crumbs=crumbs,
)
activity_resume = ActionScreen.as_view(
    title=_("Resume the activity"),
    question=_("Resume this activity?"),
    subject=selectors.activity_get,
    subject_name="activity",
    service=services.activity_resume,
    button=_("Resume it"),
    done=_("The activity goes on."),
    crumbs=crumbs,
)
complete = FormScreen.as_view(
    title=_("It is done"),
    subject=selectors.occurrence_get,
    subject_name="occurrence",
    service=services.occurrence_complete,
    form=forms.CompleteForm,
    button=_("It is done"),
    done=_("It is done, and the wheel shows it."),
    crumbs=crumbs,
)
skip = FormScreen.as_view(
    title=_("Skip it"),
    intro=_("The reason is kept and shown to whoever looks at the year."),
    subject=selectors.occurrence_get,
    subject_name="occurrence",
    service=services.occurrence_skip,
    form=forms.SkipForm,
    button=_("Skip it"),
    done=_("It is skipped."),
    crumbs=crumbs,
)
move = FormScreen.as_view(
    title=_("Move it"),
    subject=selectors.occurrence_get,
    subject_name="occurrence",
    service=moving.occurrence_move,
    form=forms.MoveForm,
    initial=lambda turn: {"due_on": turn.due_on.isoformat()},
    button=_("Move it"),
    done=_("It is moved, in calendars too."),
    crumbs=crumbs,
)
reopen = ActionScreen.as_view(
    title=_("Take it back"),
    question=_("Is it not done or skipped after all?"),
    consequence=_("It is ahead or late again. The trail keeps what was said."),
    subject=selectors.occurrence_get,
    subject_name="occurrence",
    service=services.occurrence_reopen,
    button=_("Take it back"),
    done=_("It is taken back."),
    crumbs=crumbs,
)
mark_add = FormScreen.as_view(
    title=_("Mark the organisation's own year"),
    intro=_("Such as when the budget is made, so that security is there in time."),
    subject=selectors.wheel_organisation_get,
    subject_name="organisation",
    service=services.mark_add,
    form=forms.MarkForm,
    done=_("The mark is on the wheel."),
    done_url=wheel_of,
    crumbs=(HOME,),
    back_url=wheel_of,
)
mark_remove = ActionScreen.as_view(
    title=_("Remove the mark"),
    question=_("Remove this mark from the wheel?"),
    subject=selectors.mark_get,
    subject_name="mark",
    service=services.mark_remove,
    button=_("Remove it"),
    done=_("The mark is removed."),
    done_url=wheel_of,
    back_url=wheel_of,
    is_dangerous=True,
    crumbs=(HOME,),
)
feeds = Feeds.as_view(title=_("The year in my calendar"), crumbs=(HOME,))
feed_end = ActionScreen.as_view(
    title=_("End the feed"),
    question=_("End this feed now?"),
    consequence=_("Calendars that use its address get nothing more."),
    subject=selectors.feed_get,
    subject_name="feed",
    service=services.feed_end,
    button=_("End it"),
    done=_("The feed is ended."),
    done_url="/wheel/feeds/",
    back_url="/wheel/feeds/",
    is_dangerous=True,
    crumbs=(HOME,),
)
