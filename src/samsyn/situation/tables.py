from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.situation.models import Edition
from samsyn.situation.wording import period_text
from samsyn.ui.components import StateBadge
from samsyn.ui.screens import Column

EDITIONS = (
    Column(
        name="organisation",
        label=_("Concerns"),
        value=lambda e: e.organisation.name,
        url=Edition.get_absolute_url,
        note=lambda e: _("the whole sector") if e.is_sector else "",
        sort=("organisation__name",),
        is_fixed=True,
    ),
    Column(
        name="period",
        label=_("Period"),
        value=lambda e: period_text(e.period),
        sort=("begins_on", "months"),
    ),
    Column(
        name="audience",
        label=_("For"),
        value=lambda e: e.get_audience_display(),
        sort=("audience",),
    ),
    Column(
        name="state",
        label=_("State"),
        value=lambda e: e.get_state_display(),
        cell=lambda e: StateBadge(state=e.state),
        sort=("state",),
    ),
    Column(name="published_at", label=_("Published"), sort=("published_at",)),
)
