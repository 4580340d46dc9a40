"""The words of lights, trends and values, in one place for list, page, API and reports."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from samsyn.indicators.models import Indicator, Unit
from samsyn.indicators.rules import IndicatorLight, IndicatorTrend, LightReason, LightVerdict
from samsyn.kernel.measuring import MEASURES
from samsyn.ui.components import StateBadge, Tone

NBSP = "\N{NO-BREAK SPACE}"
REASONS = {
    LightReason.REACHED: gettext_lazy("Target reached"),
    LightReason.NEAR: gettext_lazy("Close to the target"),
    LightReason.BEYOND: gettext_lazy("Far from the target"),
    LightReason.NOT_MEASURED: gettext_lazy("Not measured yet"),
    LightReason.STALE: gettext_lazy("Measured too long ago"),
    LightReason.NO_TARGET: gettext_lazy("No target is set"),
}
LIGHTS = {
    IndicatorLight.RED: pgettext_lazy("traffic light", "Red"),
    IndicatorLight.AMBER: pgettext_lazy("traffic light", "Amber"),
    IndicatorLight.GREEN: pgettext_lazy("traffic light", "Green"),
    IndicatorLight.GREY: pgettext_lazy("traffic light", "Grey"),
}
TONES = {
    IndicatorLight.GREEN: Tone.SUCCESS,
    IndicatorLight.AMBER: Tone.WARNING,
    IndicatorLight.RED: Tone.DANGER,
    IndicatorLight.GREY: Tone.NEUTRAL,
}
TRENDS = {
    IndicatorTrend.BETTER: pgettext_lazy("trend", "Better"),
    IndicatorTrend.WORSE: pgettext_lazy("trend", "Worse"),
    IndicatorTrend.STEADY: pgettext_lazy("trend", "Steady"),
    IndicatorTrend.UNKNOWN: pgettext_lazy("trend", "Nothing to compare with"),
}


def light_word(verdict: LightVerdict) -> str:
    """Return a light and why it is that, in words: the colour only repeats them."""
    return f"{LIGHTS[verdict.light]}: {REASONS[verdict.reason]}"


def light_badge(light: IndicatorLight, reason: LightReason) -> StateBadge:
    """Return a light as a badge with its words."""
    return StateBadge(
        state=f"light-{light}", text=light_word(LightVerdict(light, reason)), tone=TONES[light]
    )


def number_text(value: float) -> str:
    """Return a figure as the reader's language writes it, with one decimal where it has any."""
    rounded = round(value, 1)
    decimals = None if float(rounded).is_integer() else 1
    shown = int(rounded) if decimals is None else rounded
    return str(number_format(shown, decimal_pos=decimals, use_l10n=True, force_grouping=True))


def value_text(value: float | None, unit: str) -> str:
    """Return a value with its unit on one line, in the reader's language; a dash for none."""
    return "–" if value is None else _with_unit(value, unit).replace(" ", NBSP)


def _with_unit(value: float, unit: str) -> str:
    shown = number_text(value)
    if unit == Unit.PERCENT:
        return _("%s %%") % shown
    if unit == Unit.DAYS:
        return ngettext("%s day", "%s days", round(value)) % shown
    if unit == Unit.HOURS:
        return ngettext("%s hour", "%s hours", round(value)) % shown
    if unit == Unit.LEVEL:
        return _("level %s") % shown
    return shown


def target_text(indicator: Indicator) -> str:
    """Return the target as a condition, such as “at least 95 %”; nothing without one."""
    if indicator.target is None:
        return ""
    shown = value_text(indicator.target, indicator.unit)
    return (_("at least %s") if indicator.direction == "up" else _("at most %s")) % shown


def how_text(indicator: Indicator) -> str:
    """Return who or what measures an indicator."""
    known = MEASURES.get(indicator.measure)
    if known is not None:
        return _("Samsyn, every night: %s") % str(known.word)
    return _("By hand or by a program")
