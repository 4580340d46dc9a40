"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, NavigationPage, Room

ROOM = Room(
    addresses={"benchmark/": "urls"},
    pages=(
        NavigationPage(
            part="improve",
            place=20,
            label=_("Benchmark"),
            url_name="benchmark:benchmark",
            permission=Permission.BENCHMARK_VIEW,
            key="n",
        ),
    ),
    api=(
        ApiMount("benchmark", _("Benchmark")),
        ApiMount("benchmark/rounds", _("Benchmark"), "api.rounds", tag="benchmark"),
    ),
    deeds={
        "benchmark.round_close": pgettext_lazy("deed", "Closed a round of the benchmark"),
        "benchmark.round_join": pgettext_lazy("deed", "Joined the benchmark"),
        "benchmark.round_withdraw": pgettext_lazy("deed", "Withdrew from the benchmark"),
    },
)
