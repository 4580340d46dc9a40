"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from samsyn.kernel.rooms import Room

ROOM = Room(
    deeds={
        "jobs.job_start": pgettext_lazy("deed", "Started a job"),
    },
)
