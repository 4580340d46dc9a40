from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.audit.selectors import trail_version
from samsyn.indicators import forms, selectors, services
from samsyn.indicators.models import Indicator, Measurement
from samsyn.indicators.pages import (
    indicator_buttons,
    indicator_page,
    measurement_buttons,
    measurement_page,
)
from samsyn.indicators.screens import (
    BEGIN_INTRO,
    BeginIndicatorsScreen,
    BeginUsualIndicatorsScreen,
    IndicatorChange,
    IndicatorNew,
    Indicators,
    MeasureScreen,
    list_of,
)
from samsyn.indicators.tables import STANDINGS
from samsyn.organisations.choices import organisation_first
from samsyn.ui.components import EmptyState
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import ActionScreen, Button, DetailScreen, FormScreen

HOME = Crumb(label=_("Indicators"), url="/indicators/")


def crumbs(subject: Any = None) -> tuple[Crumb, ...]:
    """Return the way to a page about an indicator or one of its measurements."""
    if isinstance(subject, Measurement):
        above = subject.indicator
        return (HOME, Crumb(label=above.name, url=above.get_absolute_url()))
    if isinstance(subject, Indicator):
        return (HOME, Crumb(label=subject.name, url=subject.get_absolute_url()))
    return (HOME,)


def list_buttons(*, actor: Actor) -> tuple[Button, ...]:
    """Return what can be done beside the list."""
    home = organisation_first(actor=actor, permission=Permission.INDICATORS_CHANGE)
    if home is None:
        return ()
    return (
        Button(label=_("From the templates"), url=reverse("indicators:begin", args=[home.pk])),
        Button(label=_("Add an indicator"), url=reverse("indicators:create"), is_primary=True),
    )


def standings(*, actor: Actor, **narrowed: Any) -> Any:
    """Return how indicators stand today."""
    return selectors.standing_list(actor=actor, on=timezone.localdate(), **narrowed)


def of_indicator(indicator: Indicator) -> dict[str, Any]:
    """Return what the form of an indicator begins with."""
    names = set(forms.IndicatorForm.base_fields) - {"owner_person"}
    return {
        **{name: getattr(indicator, name) for name in names},
        "owner_person": indicator.owner_person_id,
    }


def of_measurement(measurement: Measurement) -> dict[str, Any]:
    """Return what the form of a correction begins with."""
    return {"value": measurement.value, "out_of": measurement.out_of}


indicator_list = Indicators.as_view(
    version=trail_version,
    title=_("Indicators"),
    intro=_("What we measure over time, and whether it is where we want it."),
    selector=standings,
    filters=forms.IndicatorFilters,
    columns=STANDINGS,
    buttons=list_buttons,
    empty=EmptyState(
        title=_("Nothing is measured yet"),
        text=_("An indicator has a target, a light and a line over time."),
    ),
)
indicator_detail = DetailScreen.as_view(
    subject=selectors.indicator_get,
    template_name="indicators/indicator.html",
    content=indicator_page,
    buttons=indicator_buttons,
    crumbs=(HOME,),
    label="AMBER",
)
measurement_detail = DetailScreen.as_view(
    subject=selectors.measurement_get,
    template_name="indicators/measurement.html",
    content=measurement_page,
    buttons=measurement_buttons,
    crumbs=crumbs,
    label="AMBER",
)
begin = BeginIndicatorsScreen.as_view(
    title=_("Begin with templates"),
    intro=BEGIN_INTRO,
    subject=selectors.indicators_organisation_get,
    subject_name="organisation",
    service=services.indicators_begin,
    button=_("Begin with these"),
    done=_("The indicators are there."),
    done_url=list_of,
    crumbs=(HOME,),
    back_url=list_of,
)
begin_usual = BeginUsualIndicatorsScreen.as_view(
    title=_("Begin with the suggested indicators"),
    question=_("Begin with the suggested indicators?"),
    consequence=_("Each can be changed or retired afterwards."),
    subject=selectors.indicators_organisation_get,
    subject_name="organisation",
    service=services.indicators_begin,
    button=_("Begin"),
    done=_("The indicators are there. Samsyn measures the first of them tonight."),
    done_url=list_of,
    crumbs=(HOME,),
    back_url=list_of,
)
indicator_create = IndicatorNew.as_view(
    title=_("Add an indicator"),
    service=services.indicator_add,
    done=_("The indicator is there."),
    crumbs=(HOME,),
    back_url="/indicators/",
)
indicator_change = IndicatorChange.as_view(
    title=_("Change the indicator"),
    intro=_("What the target was before stays in the trail."),
    subject=selectors.indicator_get,
    subject_name="indicator",
    service=services.indicator_change,
    initial=of_indicator,
    done=_("The change is saved."),
    crumbs=crumbs,
)
indicator_retire = ActionScreen.as_view(
    title=_("Retire the indicator"),
    question=_("Retire this indicator?"),
    consequence=_("It is not measured any more. What was measured stays."),
    subject=selectors.indicator_get,
    subject_name="indicator",
    service=services.indicator_retire,
    button=_("Retire it"),
    done=_("The indicator is retired."),
    is_dangerous=True,
    crumbs=crumbs,
)
indicator_resume = ActionScreen.as_view(
    title=_("Resume the indicator"),
    question=_("Resume this indicator?"),
    subject=selectors.indicator_get,
    subject_name="indicator",
    service=services.indicator_resume,
    button=_("Resume it"),
    done=_("The indicator is in use again."),
    crumbs=crumbs,
)
measurement_add = MeasureScreen.as_view(
    title=_("Add a value"),
    subject=selectors.indicator_get,
    subject_name="indicator",
    service=services.measurement_add,
    form=forms.MeasureForm,
    done=_("The value is noted."),
    crumbs=crumbs,
)
measurement_correct = FormScreen.as_view(
    title=_("Correct the value"),
    intro=_("What it was before stays in the trail."),
    subject=selectors.measurement_get,
    subject_name="measurement",
    service=services.measurement_correct,
    form=forms.CorrectForm,
    initial=of_measurement,
    done=_("The value is corrected."),
    crumbs=crumbs,
)
