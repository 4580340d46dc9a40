"""What the pages of an indicator and of one of its measurements are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.audit.selectors import entries_of
from samsyn.documents.pages import evidence_panel
from samsyn.indicators.content import origin_words, template_named
from samsyn.indicators.models import Indicator, Measurement, MeasurementSource
from samsyn.indicators.rules import ValuePoint
from samsyn.indicators.selectors import IndicatorStanding, measurement_list, standings
from samsyn.indicators.wording import (
    TONES,
    TRENDS,
    how_text,
    light_badge,
    number_text,
    target_text,
    value_text,
)
from samsyn.ui.charts import Series, trend_svg
from samsyn.ui.components import ChartCard, EmptyState, Fact, FactList, Panel, Story
from samsyn.ui.components.base import joined
from samsyn.ui.deeds import trail_story, who_text
from samsyn.ui.moments import day_text, moment_html
from samsyn.ui.screens import Button

DRAWN_MOST = 24  # months
SHOWN_MOST = 30
EVENTS_MOST = 20


def indicator_page(*, actor: Actor, subject: Indicator) -> dict[str, Any]:
    """Return what the page of an indicator shows."""
    found = standings([subject], on=timezone.localdate())[0]
    return {
        "badge": light_badge(found.light, found.reason),
        "value": value_text(found.value, subject.unit),
        "tone": TONES[found.light].value,
        "sentence": sentence(found),
        "next": _next_words(found),
        "chart": trend_card(found) if len(found.points) > 1 else None,
        "measurements": _measurements(actor, subject),
        "facts": FactList(facts=_facts(found)),
        "evidence": evidence_panel(actor=actor, thing=subject),
        "story": _story(actor, subject),
    }


def measurement_page(*, actor: Actor, subject: Measurement) -> dict[str, Any]:
    """Return what the page of a measurement shows."""
    indicator = subject.indicator
    facts = (
        Fact(name=_("Value"), value=value_text(subject.value, indicator.unit)),
        Fact(name=_("Worked out from"), value=subject.out_of),
        Fact(name=_("Day that it tells of"), value=day_text(subject.on)),
        Fact(name=_("Source"), value=subject.get_source_display()),
        Fact(name=_("Noted"), value=moment_html(subject.noted_at)),
        Fact(name=_("By"), value=who_text(subject.noted_by)),
    )
    return {
        "title": f"{indicator.name}, {day_text(subject.on)}",
        "facts": FactList(facts=tuple(f for f in facts if f.value not in {None, ""})),
        "evidence": evidence_panel(actor=actor, thing=subject),
        "story": _story(actor, subject),
    }


def measurement_buttons(*, actor: Actor, subject: Measurement) -> tuple[Button, ...]:
    """Return what this actor may do with a measurement."""
    is_own = subject.source != MeasurementSource.SAMSYN
    if is_own and actor.may(Permission.INDICATORS_MEASURE, subject.owner_id):
        return (
            Button(label=_("Correct it"), url=reverse("indicators:correct", args=[subject.pk])),
        )
    return ()


def sentence(found: IndicatorStanding) -> str:
    """Return how an indicator stands, in one sentence."""
    if found.measured_on is None:
        return _("There is no value yet.")
    parts = {
        "value": value_text(found.value, found.indicator.unit),
        "day": day_text(found.measured_on),
        "target": target_text(found.indicator) or _("not set"),
        "before": value_text(found.before.value, found.indicator.unit) if found.before else "",
        "then": day_text(found.before.on) if found.before else "",
        "trend": str(TRENDS[found.trend]),
    }
    said = _("%(value)s on %(day)s; the target is %(target)s.") % parts
    if found.before is None:
        return said
    return said + " " + _("%(trend)s: it was %(before)s on %(then)s.") % parts


def trend_card(found: IndicatorStanding) -> ChartCard:
    """Return the large line of an indicator with its target, and the figures as a table."""
    unit = found.indicator.unit
    points = found.points[-DRAWN_MOST:]
    return ChartCard(
        title=_("Over time"),
        reading=_reading(found, points),
        draw=partial(trend_chart, found),
        heads=(_("Day"), _("Value"), _("Worked out from")),
        rows=tuple(
            (day_text(p.on), value_text(p.value, unit), "–" if p.out_of is None else p.out_of)
            for p in reversed(points)
        ),
        width=680,
    )


def trend_chart(found: IndicatorStanding, width: float, **drawing: Any) -> str:
    """Return the line of an indicator, with its target as a second line."""
    indicator = found.indicator
    points = found.points[-DRAWN_MOST:]
    months = months_between(points[0].on, points[-1].on)
    by_month = {point.on.replace(day=1): point.value for point in points}
    values = filled([by_month.get(month) for month in months])
    lines = [Series(name=value_text(points[-1].value, indicator.unit), values=values, role="one")]
    if indicator.target is not None:
        line = [indicator.target] * len(months)
        lines.append(Series(name=_("target"), values=line, role="two"))
    labels = [formats.date_format(month, "M y") for month in months]
    return trend_svg(
        lines, labels, title=indicator.name, description=_reading(found, points), width=width,
        **drawing,
    )  # fmt: skip


def months_between(first: date, last: date) -> list[date]:
    """Return the first day of every month from the month of one day to that of another."""
    month, found = first.replace(day=1), []
    while month <= last:
        found.append(month)
        years, then = divmod(month.month, 12)
        month = date(month.year + years, then + 1, 1)
    return found


def filled(values: Sequence[float | None]) -> list[float | None]:
    """Return values with the months between two measurements on the straight line between them."""
    known = [i for i, value in enumerate(values) if value is not None]
    found = list(values)
    for before, after in pairwise(known):
        low, high = values[before], values[after]
        for i in range(before + 1, after):
            if low is not None and high is not None:
                found[i] = low + (high - low) * (i - before) / (after - before)
    return found


def _reading(found: IndicatorStanding, points: Sequence[ValuePoint]) -> str:
    unit, values = found.indicator.unit, [point.value for point in points]
    return _("From %(first)s in %(then)s to %(last)s now; between %(low)s and %(high)s.") % {
        "first": value_text(values[0], unit),
        "then": formats.date_format(points[0].on, "F Y"),
        "last": value_text(values[-1], unit),
        "low": number_text(min(values)),
        "high": number_text(max(values)),
    }


def _next_words(found: IndicatorStanding) -> str:
    words = {
        "not_measured": _("Add the first value.")
        if not found.indicator.measure
        else _("Samsyn finds nothing to measure yet; it looks again every night."),
        "stale": _("Measure it again, or retire it if nobody uses it."),
        "no_target": _("Agree on a target, so that it is seen when something is to be done."),
        "beyond": _("Find out why, and make an action of it."),
    }
    return "" if found.indicator.is_retired else words.get(found.reason, "")


def _measurements(actor: Actor, indicator: Indicator) -> Panel:
    rows = list(measurement_list(actor=actor, indicator=indicator)[:SHOWN_MOST])
    if not rows:
        empty = EmptyState(title=_("No value yet"), text=_("Values stand here, newest first."))
        return Panel(title=_("Values"), body=empty)
    lines = joined(format_html("<li>{}</li>", _line(row, indicator)) for row in rows)
    return Panel(title=_("Values"), body=format_html('<ul class="rows">{}</ul>', lines))


def _line(row: Measurement, indicator: Indicator) -> SafeString:
    told = [row.get_source_display(), who_text(row.noted_by)]
    if row.out_of is not None:
        told.append(_("worked out from %s") % number_text(row.out_of))
    return format_html(
        '<span><a class="ds-link" href="{}">{}</a><span class="sub">{}</span>{}</span>'
        '<span class="row-end"><strong class="num">{}</strong></span>',
        row.get_absolute_url(),
        day_text(row.on),
        " · ".join(str(part) for part in told if part),
        format_html('<span class="sub">{}</span>', row.note) if row.note else "",
        value_text(row.value, indicator.unit),
    )


def _facts(found: IndicatorStanding) -> tuple[Fact, ...]:
    indicator = found.indicator
    template = template_named(indicator.key)
    band = value_text(indicator.band, indicator.unit) if indicator.band else ""
    facts = (
        Fact(name=_("Definition"), value=indicator.definition),
        Fact(name=_("Unit"), value=indicator.get_unit_display()),
        Fact(name=_("Better"), value=indicator.get_direction_display()),
        Fact(name=_("Target"), value=target_text(indicator)),
        Fact(name=_("Amber until"), value=_("%s beyond it") % band if band else ""),
        Fact(name=_("How it is measured"), value=how_text(indicator)),
        Fact(name=_("How often"), value=indicator.get_frequency_display()),
        Fact(name=pgettext("work", "Owner"), value=indicator.owner_name),
        Fact(name=_("Organisation"), value=indicator.organisation.name),
        Fact(
            name=_("Suggested target"),
            value=template.hint if template else "",
            note=origin_words(template.origin) if template else "",
        ),
    )
    return tuple(fact for fact in facts if fact.value)


def _story(actor: Actor, thing: Indicator | Measurement) -> Story | None:
    if not actor.may(Permission.TRAIL_VIEW, thing.owner_id):
        return None
    words = {
        "indicators.indicators_begin": _("Begun"),
        "indicators.indicator_add": _("Begun"),
        "indicators.indicator_change": _("Changed"),
        "indicators.indicators_change": _("Changed with others"),
        "indicators.indicators_import": _("Imported"),
        "indicators.indicator_retire": _("Retired"),
        "indicators.indicator_resume": _("Resumed"),
        "indicators.measurement_add": _("Noted"),
        "indicators.measurement_correct": _("Corrected"),
    }
    entries = list(entries_of(thing._meta.label, thing.pk)[:EVENTS_MOST])
    if not entries:
        return None
    begun_at = getattr(thing, "created_at", None)
    return trail_story(entries, actor=actor, begun_at=begun_at, words=words)
