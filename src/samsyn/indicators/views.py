from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.indicators import forms, selectors, services
from samsyn.indicators.entity import INDICATOR
from samsyn.indicators.models import Measurement
from samsyn.indicators.pages import measurement_buttons, measurement_page
from samsyn.indicators.screens import (
    BEGIN_INTRO,
    BeginIndicatorsScreen,
    BeginUsualIndicatorsScreen,
    IndicatorPages,
    MeasureScreen,
    list_of,
)
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import DetailScreen, FormScreen

PAGES = IndicatorPages(INDICATOR, services.DONE)


def crumbs(subject: Any = None) -> tuple[Crumb, ...]:
    """Return the way to a page about an indicator or one of its measurements."""
    return PAGES.crumbs(subject.indicator if isinstance(subject, Measurement) else subject)


def of_measurement(measurement: Measurement) -> dict[str, Any]:
    """Return what the form of a correction begins with."""
    return {"value": measurement.value, "out_of": measurement.out_of}


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
    crumbs=PAGES.crumbs_above,
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
    crumbs=PAGES.crumbs_above,
    back_url=list_of,
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
