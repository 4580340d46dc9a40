from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.annual_wheel.models import Occurrence
from samsyn.annual_wheel.wording import STANDING, standing, standing_badge
from samsyn.ui.deeds import who_text
from samsyn.ui.moments import day_text
from samsyn.ui.screens import Column


def _state(occurrence: Occurrence) -> str:
    return str(STANDING[standing(occurrence, timezone.localdate())][0])


OCCURRENCES = (
    Column(
        name="activity",
        label=_("Activity"),
        value=lambda o: o.activity.title,
        url=Occurrence.get_absolute_url,
        note=lambda o: o.activity.output,
        sort=("activity__title", "due_on"),
        is_fixed=True,
    ),
    Column(
        name="standing",
        label=_("State"),
        value=_state,
        cell=lambda o: standing_badge(o, timezone.localdate()),
    ),
    Column(
        name="due",
        label=_("Due"),
        value=lambda o: o.due_on,
        cell=lambda o: f"{day_text(o.opens_on)} – {day_text(o.due_on)}",
        sort=("due_on",),
    ),
    Column(
        name="role",
        label=pgettext_lazy("work", "Owner"),
        value=lambda o: o.activity.owner_name,
    ),
    Column(
        name="frequency",
        label=_("How often"),
        value=lambda o: o.activity.get_frequency_display(),
    ),
    Column(
        name="organisation",
        label=_("Organisation"),
        value=lambda o: o.organisation.name,
        sort=("organisation__name", "due_on"),
    ),
    Column(
        name="area",
        label=_("Area"),
        value=lambda o: o.activity.get_area_display(),
        is_shown=False,
    ),
    Column(name="done_at", label=_("Done"), sort=("done_at",), is_shown=False),
    Column(
        name="done_by",
        label=_("Done by"),
        value=lambda o: who_text(o.done_by),
        is_shown=False,
    ),
)
