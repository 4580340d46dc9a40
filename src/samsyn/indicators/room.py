"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, Limit, NavigationPage, Room, Searched

ROOM = Room(
    addresses={"indicators/": "urls"},
    searched=(Searched(90, _("Indicators"), "selectors.indicator_list"),),
    styles=("indicators/indicators.css",),
    pages=(
        NavigationPage(
            part="improve",
            place=10,
            label=_("Indicators"),
            url_name="indicators:list",
            permission=Permission.INDICATORS_VIEW,
            key="i",
        ),
    ),
    api=(
        ApiMount("indicators", _("Indicators")),
        ApiMount("measurements", _("Indicators"), "api.measurements", tag="indicators"),
    ),
    limits={
        "indicators": Limit(
            1000,
            "indicators of an organisation",
            _("An organisation has at most %(most)d indicators."),
        ),
    },
    deeds={
        "indicators.indicator_add": pgettext_lazy("deed", "Added an indicator"),
        "indicators.indicator_change": pgettext_lazy("deed", "Changed an indicator"),
        "indicators.indicator_resume": pgettext_lazy("deed", "Resumed an indicator"),
        "indicators.indicator_retire": pgettext_lazy("deed", "Retired an indicator"),
        "indicators.indicators_begin": pgettext_lazy("deed", "Chose indicators"),
        "indicators.indicators_change": pgettext_lazy("deed", "Changed several indicators"),
        "indicators.indicators_import": pgettext_lazy("deed", "Imported indicators"),
        "indicators.indicators_measure": pgettext_lazy("deed", "Measured the indicators"),
        "indicators.measurement_add": pgettext_lazy("deed", "Registered a value"),
        "indicators.measurement_correct": pgettext_lazy("deed", "Corrected a value"),
    },
)
