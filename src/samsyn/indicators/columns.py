from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.indicators.models import MeasurementSource
from samsyn.indicators.selectors import IndicatorStanding
from samsyn.indicators.wording import (
    TONES,
    TRENDS,
    how_text,
    light_badge,
    number_text,
    target_text,
    value_text,
)
from samsyn.ui.components import Spark
from samsyn.ui.moments import day_text
from samsyn.ui.screens import Column

ORDER = {"red": 0, "amber": 1, "grey": 2, "green": 3}
USUAL = (
    "name", "light", "value", "unit", "target", "trend", "measured", "owner", "organisation",
)  # fmt: skip
SPARK_POINTS = 13  # a year and the month that has begun


def trend_cell(found: IndicatorStanding) -> object:
    """Return which way it goes, with the line of the last year; the words say the same."""
    word = str(TRENDS[found.trend])
    values = tuple(point.value for point in found.points[-SPARK_POINTS:])
    if len(values) < 2:  # noqa: PLR2004  a line takes two points
        return word
    first, last = number_text(values[0]), number_text(values[-1])
    meaning = gettext("from %(first)s to %(last)s") % {"first": first, "last": last}
    line = Spark(values=values, meaning=meaning, tone=TONES[found.light])
    return format_html('<span class="trend-cell">{}<span>{}</span></span>', line, word)


def one_line(words: str) -> SafeString:
    """Return words that a narrow column does not break."""
    return format_html('<span class="one-line">{}</span>', words)


def measured_cell(found: IndicatorStanding) -> SafeString | str:
    """Return when it was measured last, and by whom or what."""
    if not found.points:
        return "–"
    last = found.points[-1]
    source = MeasurementSource(last.source).label
    return format_html(  # one element: on a phone the label stands beside it
        '<span><span class="one-line">{},</span> {}</span>', day_text(last.on), source
    )


# What a list says of an indicator on a day; what is said of its definition follows from that.
STANDING = (
    Column(
        name="name",
        label=_("Indicator"),
        value=lambda s: s.indicator.name,
        url=IndicatorStanding.get_absolute_url,
        note=lambda s: s.indicator.definition,
        sort=("name",),
        is_fixed=True,
    ),
    Column(
        name="light",
        label=pgettext_lazy("traffic light", "Light"),
        value=lambda s: s.word,
        cell=lambda s: light_badge(s.light, s.reason),
    ),
    Column(
        name="value",
        label=_("Value"),
        value=lambda s: s.value,
        cell=lambda s: one_line(value_text(s.value, s.indicator.unit)),
        is_numeric=True,
    ),
    Column(
        name="target",
        label=_("Target"),
        value=lambda s: s.indicator.target,
        cell=lambda s: one_line(target_text(s.indicator) or "–"),
    ),
    Column(
        name="trend",
        label=_("Trend"),
        value=lambda s: str(TRENDS[s.trend]),
        cell=trend_cell,
    ),
    Column(
        name="measured",
        label=_("Measured"),
        value=lambda s: s.measured_on,
        cell=measured_cell,
        sort=("measured",),
    ),
    Column(
        name="owner",
        label=pgettext_lazy("work", "Owner"),
        value=lambda s: s.indicator.owner_name,
        is_shown=False,
    ),
    Column(
        name="how",
        label=_("How it is measured"),
        value=lambda s: how_text(s.indicator),
        is_shown=False,
    ),
    Column(
        name="out_of",
        label=_("Worked out from"),
        value=lambda s: s.out_of,
        is_numeric=True,
        is_shown=False,
    ),
)
