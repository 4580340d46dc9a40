"""Gives some organisations a year of figures, by the services everybody uses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from samsyn.access.actor import Actor
from samsyn.access.models import Person
from samsyn.access.selectors import actor_of
from samsyn.content.packs import pack
from samsyn.indicators.content import templates
from samsyn.indicators.models import Indicator
from samsyn.indicators.selectors import indicator_list
from samsyn.indicators.services import (
    indicator_change,
    indicators_begin,
    indicators_measure,
    measurement_add,
)
from samsyn.kernel.periods import Period
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import organisation_list

PACK = "demonstration/indicators.yaml"


def figures_build(*, actor: Actor, today: date) -> None:
    """Begin with indicators a year ago, write what is measured by hand, and measure the rest."""
    content = pack(PACK)
    known = {o.name: o for o in organisation_list(actor=actor)}
    for entry in content["organisations"]:
        _write(_actor(entry["by"]) or actor, known[entry["name"]], entry, today)
    month = Period.month_of(today).before
    for day in [*month.month_ends(content["months"]), today]:
        indicators_measure(actor=actor, on=day, now=_at(day))


def _write(by: Actor, organisation: Organisation, entry: dict[str, Any], today: date) -> None:
    usual = [template.key for template in templates() if template.is_usual]
    keys = [*usual, *entry["also"]]
    begun = _at(today - timedelta(days=360))
    indicators_begin(actor=by, organisation=organisation, keys=keys, now=begun)
    rows = indicator_list(actor=by, organisation=organisation.pk)
    indicators: dict[str, Indicator] = {indicator.key: indicator for indicator in rows}
    for key, target in entry["targets"].items():
        indicator_change(actor=by, thing=indicators[key], target=float(target))
    for key, values in entry["by_hand"].items():
        for days, value, out_of, note in values:
            day = today - timedelta(days=days)
            measurement_add(
                actor=by, indicator=indicators[key], on=day, value=float(value), out_of=out_of,
                note=note, now=_at(day), today=today,
            )  # fmt: skip


def _actor(key: str) -> Actor | None:
    """Return who writes them down; nobody for one who is no person of the demonstration."""
    people = pack("demonstration/people.yaml")["people"]
    email = next((str(entry["email"]) for entry in people if entry["id"] == key), "")
    person = Person.objects.filter(email=email).first()
    return actor_of(person) if person else None


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)
