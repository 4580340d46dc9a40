"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, Limit, NavigationPage, Room

ROOM = Room(
    addresses={"wheel/": "urls"},
    styles=("annual_wheel/annual_wheel.css",),
    pages=(
        NavigationPage(
            part="plan",
            place=20,
            label=_("Annual wheel"),
            url_name="wheel:wheel",
            permission=Permission.WHEEL_VIEW,
            key="w",
        ),
    ),
    api=(
        ApiMount("activities", _("Activities")),
        ApiMount("wheel", _("Annual wheel"), "planning_api.router", tag="activities"),
    ),
    limits={
        "activities": Limit(
            1000,
            "activities in the annual wheel of an organisation",
            _("An organisation has at most %(most)d activities."),
        ),
        "marks": Limit(
            200,
            "stretches of an organisation's own year",
            _("An organisation's year has at most %(most)d marks. Remove one first."),
        ),
        "feeds": Limit(
            5,
            "calendar feeds of a person",
            _("There are at most %(most)d feeds at once. End one that you no longer use."),
        ),
    },
    deeds={
        "annual_wheel.activity_add": pgettext_lazy("deed", "Added an activity to the annual wheel"),
        "annual_wheel.activity_change": pgettext_lazy(
            "deed", "Changed an activity in the annual wheel"
        ),
        "annual_wheel.activity_resume": pgettext_lazy(
            "deed", "Resumed an activity in the annual wheel"
        ),
        "annual_wheel.activity_stop": pgettext_lazy(
            "deed", "Stopped an activity in the annual wheel"
        ),
        "annual_wheel.feed_create": pgettext_lazy("deed", "Made a calendar subscription"),
        "annual_wheel.feed_end": pgettext_lazy("deed", "Ended a calendar subscription"),
        "annual_wheel.mark_add": pgettext_lazy("deed", "Added a period to the annual wheel"),
        "annual_wheel.mark_remove": pgettext_lazy("deed", "Removed a period from the annual wheel"),
        "annual_wheel.occurrence_complete": pgettext_lazy("deed", "Marked an activity as done"),
        "annual_wheel.occurrence_move": pgettext_lazy("deed", "Moved an activity to another day"),
        "annual_wheel.occurrence_reopen": pgettext_lazy("deed", "Reopened an activity"),
        "annual_wheel.occurrence_skip": pgettext_lazy("deed", "Skipped an activity"),
        "annual_wheel.wheel_begin": pgettext_lazy("deed", "Chose activities for the annual wheel"),
        "annual_wheel.wheel_extend": pgettext_lazy(
            "deed", "Planned the coming year in the annual wheel"
        ),
    },
)
