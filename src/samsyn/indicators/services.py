from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.access.versions import keep
from samsyn.entities.services import services
from samsyn.indicators.content import IndicatorTemplate, template_keys, templates
from samsyn.indicators.entity import INDICATOR
from samsyn.indicators.models import Indicator, Measurement, MeasurementSource
from samsyn.indicators.rules import is_possible
from samsyn.indicators.selectors import (
    keys_begun,
    measurement_list,
    to_measure,
)
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.measuring import MEASURES, Measured

DONE = services(INDICATOR)
indicator_add, indicator_change, indicators_change, indicators_import = DONE[:4]
indicator_retire, indicator_resume = DONE[4:]
AT_ONCE = 1000
REPLACED = ("value", "out_of", "noted_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What choosing templates came to."""

    indicators: int = 0

    def for_trail(self) -> dict[str, Any]:
        """Return the counts as the trail keeps them."""
        return {"indicators": self.indicators}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuringRound:
    """What a round of measuring came to."""

    on: date
    measured: int = 0
    nothing: int = 0  # where there was nothing to measure
    kept: int = 0  # where somebody has written the day's value by hand

    def for_trail(self) -> dict[str, Any]:
        """Return the counts as the trail and the job keep them."""
        counts = {"measured": self.measured, "nothing": self.nothing, "kept": self.kept}
        return {"on": self.on.isoformat(), **counts}


@command(Permission.INDICATORS_CHANGE)
def indicators_begin(
    *, actor: Actor, organisation: Any, keys: Collection[str], now: datetime
) -> Begun:
    """Begin with templates of the pack; what the organisation has already is left as it is.

    Args:
        organisation: whose indicators they become, in its language.
        keys: of the templates.
        now: when it is begun.

    Raises:
        RuleViolation: no template is chosen, or there is none of that name.

    """
    wanted = set(keys)
    if not wanted:
        raise RuleViolation(_("Choose at least one indicator."), field="keys")
    if unknown := wanted - template_keys():
        names = ", ".join(sorted(unknown))
        raise RuleViolation(_("There is no template %s.") % names, field="keys")
    wanted -= keys_begun(actor=actor, organisation=organisation.pk)
    chosen = [t for t in templates(organisation.language) if t.key in wanted]
    for template in chosen:
        _from_template(organisation, template, now)
    return Begun(indicators=len(chosen))


@command(Permission.INDICATORS_MEASURE)
def measurement_add(
    *,
    actor: Actor,
    indicator: Indicator,
    on: date,
    value: float,
    now: datetime,
    today: date,
    out_of: int | None = None,
    note: str = "",
    source: str = MeasurementSource.HAND,
) -> Measurement:
    """Note a value that somebody, or a program, has measured.

    Args:
        on: the day it tells of, not after today.
        value: in the indicator's unit.
        now: when it is noted.
        today: the day it is noted.
        out_of: how many things it is worked out from.
        note: what there is to say about it.
        source: hand or api.

    Raises:
        RuleViolation: Samsyn measures it by itself, it is retired, the day is ahead or has a
            value already, or the value cannot be one of its unit.

    """
    _require_by_hand(indicator)
    _require_possible(indicator, value)
    if on > today:
        raise RuleViolation(_("A value cannot be of a day that is ahead."), field="on")
    if measurement_list(actor=actor, indicator=indicator).filter(on=on).exists():
        raise RuleViolation(_("That day has a value already. Correct it instead."), field="on")
    measurement = Measurement(
        indicator=indicator, on=on, value=value, out_of=out_of, source=source,
        noted_by=actor.label, noted_at=now, note=note.strip(),
    )  # fmt: skip
    measurement.full_clean(exclude=["indicator"])
    measurement.save()
    return measurement


@command(Permission.INDICATORS_MEASURE)
def measurement_correct(
    *,
    actor: Actor,
    measurement: Measurement,
    value: float,
    note: str,
    now: datetime,
    out_of: int | None = None,
    seen: int | None = None,
) -> Measurement:
    """Correct a value that was noted wrongly; the trail tells what it was before.

    Args:
        value: in the indicator's unit.
        note: why it is corrected.
        now: when it is.
        out_of: how many things it is worked out from.
        seen: the version that the correction was made from; None takes the present one.

    Raises:
        Conflict: somebody else has corrected it since ``seen``.
        RuleViolation: Samsyn measured it, the value cannot be one of its unit, or no reason is
            given.

    """
    if measurement.source == MeasurementSource.SAMSYN:
        raise RuleViolation(_("Samsyn measured it: put right what it was measured from."))
    if not note.strip():
        raise RuleViolation(_("Say why it is corrected."), field="note")
    _require_possible(measurement.indicator, value)
    measurement.value, measurement.out_of = value, out_of
    measurement.note, measurement.noted_at = note.strip(), now
    measurement.noted_by = actor.label
    measurement.full_clean(exclude=["indicator"])
    keep(measurement, ["value", "out_of", "note", "noted_at", "noted_by"], seen=seen)
    return measurement


@command(None)
def indicators_measure(*, actor: Actor, on: date, now: datetime) -> MeasuringRound:
    """Measure all that Samsyn measures by itself, as it stood at the end of a day.

    It can be done again: the same day's own values are replaced, nothing is doubled, and
    what somebody has written by hand for that day stays.

    Args:
        on: the day.
        now: when it is measured.

    """
    wanted = to_measure(actor=actor)
    taken = _by_hand_on([indicator.pk for indicator in wanted], on)
    found: list[Measurement] = []
    for key in sorted({indicator.measure for indicator in wanted} & MEASURES.keys()):
        asked = [i for i in wanted if i.measure == key and i.pk not in taken]
        with beyond_scope("whoever sees an indicator may see what it measures"):
            values = MEASURES[key].answer([i.organisation_id for i in asked], on)
        found += _measurements(asked, values, on, now)
    Measurement.unscoped.bulk_create(  # scope: of indicators found in scope
        found,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["indicator", "on"],
        update_fields=list(REPLACED),
    )
    nothing = len(wanted) - len(taken) - len(found)
    return MeasuringRound(on=on, measured=len(found), nothing=nothing, kept=len(taken))


def _by_hand_on(indicators: list[int], on: date) -> set[int]:
    rows = Measurement.unscoped.filter(on=on)  # scope: of indicators found in scope
    rows = rows.filter(indicator__in=indicators).exclude(source=MeasurementSource.SAMSYN)
    return set(rows.order_by().values_list("indicator", flat=True))


def _measurements(
    asked: Iterable[Indicator], values: Any, on: date, now: datetime
) -> list[Measurement]:
    found = []
    for indicator in asked:
        value: Measured | None = values.get(indicator.organisation_id)
        if value is not None:
            found.append(
                Measurement(
                    indicator=indicator, on=on, value=value.value, out_of=value.out_of,
                    source=MeasurementSource.SAMSYN, noted_at=now,
                )
            )  # fmt: skip
    return found


def _from_template(organisation: Any, template: IndicatorTemplate, now: datetime) -> Indicator:
    indicator = Indicator(
        organisation=organisation,
        key=template.key,
        name=template.name,
        definition=template.definition,
        unit=template.unit,
        direction=template.direction,
        target=template.target,
        band=template.band,
        measure=template.measure,
        frequency=template.frequency,
        created_at=now,
    )
    indicator.full_clean(exclude=["organisation"])
    indicator.save()
    return indicator


def _require_by_hand(indicator: Indicator) -> None:
    if indicator.is_retired:
        raise RuleViolation(_("It is retired: resume it first."))
    if indicator.measure:
        raise RuleViolation(_("Samsyn measures this by itself."))


def _require_possible(indicator: Indicator, value: float) -> None:
    if not is_possible(value, unit=indicator.unit):
        raise RuleViolation(_("This cannot be a value of that unit."), field="value")
