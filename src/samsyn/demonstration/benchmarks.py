"""Lets members of the demonstration compare themselves, by the services everybody uses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from samsyn.access.actor import Actor
from samsyn.benchmark.rules import half_before, half_of, half_read
from samsyn.benchmark.selectors import round_keyed
from samsyn.benchmark.services import round_close, round_join
from samsyn.content.packs import pack
from samsyn.indicators.selectors import indicator_list
from samsyn.indicators.services import indicators_begin, measurement_add
from samsyn.maturity.models import Dialogue, DialogueStep
from samsyn.maturity.services.meeting import area_agree
from samsyn.maturity.services.preparing import dialogue_move, dialogue_prepare
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import organisation_list

PACK = "demonstration/benchmark.yaml"
STORY = "demonstration/indicators.yaml"
BEGUN = ("training_completion", "restore_success", "remediation_days", "critical_open")
BY_HAND = {"training_completion": "trained", "restore_success": "restored"}
TALKED, MEASURED, JOINED = timedelta(days=60), timedelta(days=25), timedelta(days=12)
CLOSED_AFTER = timedelta(days=10)


def members_build(*, actor: Actor, today: date) -> None:
    """Hold a dialogue with each contributor of the last half-year, and begin its indicators."""
    content, (ends, _closed) = pack(PACK), _days(today)
    story = {entry["name"] for entry in pack(STORY)["organisations"]}
    known = {o.name: o for o in organisation_list(actor=actor)}
    for entry in content["members"]:
        organisation = known[entry["name"]]
        _talk(actor, organisation, entry, content, on=ends - TALKED)
        if organisation.name not in story:
            _measure(actor, organisation, entry, on=ends - MEASURED)


def benchmark_build(*, actor: Actor, operator: Organisation, today: date) -> None:
    """Let them join and the operator close the last half-year; some join the present one."""
    content, (ends, closed) = pack(PACK), _days(today)
    known = {o.name: o for o in organisation_list(actor=actor)}
    joined = ends - JOINED
    for entry in content["members"]:
        _join(actor, known[entry["name"]], joined)
    found = round_keyed(actor=actor, operator=operator, key=half_of(joined))
    round_close(actor=actor, found=found, now=_at(closed), on=closed)
    for name in content["open"]:
        _join(actor, known[name], today)


def _days(today: date) -> tuple[date, date]:
    """Return the last day of the last half-year, and the day on which its round was closed."""
    year, half = half_read(half_before(half_of(today)))
    ends = date(year, 6, 30) if half == 1 else date(year, 12, 31)
    return ends, min(ends + CLOSED_AFTER, today)


def _talk(
    actor: Actor, organisation: Organisation, entry: dict[str, Any], content: Any, *, on: date
) -> Dialogue:
    language, now = organisation.language, _at(on)
    title = f"{content['dialogue'][language]} {on.year}"
    dialogue = dialogue_prepare(actor=actor, organisation=organisation, title=title, held_on=on)
    for step in (DialogueStep.RATING, DialogueStep.MEETING):
        dialogue = dialogue_move(actor=actor, dialogue=dialogue, step=step, now=now)
    for area, level in zip(dialogue.areas.all(), entry["levels"], strict=True):
        area.dialogue = dialogue
        area_agree(actor=actor, area=area, agreed=level, reasons=content["reason"][language])
    return dialogue_move(actor=actor, dialogue=dialogue, step=DialogueStep.CLOSED, now=now)


def _measure(actor: Actor, organisation: Organisation, entry: dict[str, Any], *, on: date) -> None:
    now = _at(on)
    indicators_begin(actor=actor, organisation=organisation, keys=BEGUN, now=now)
    for indicator in indicator_list(actor=actor, organisation=organisation.pk):
        if name := BY_HAND.get(indicator.key):
            measurement_add(
                actor=actor, indicator=indicator, on=on, value=float(entry[name]), now=now,
                today=on,
            )  # fmt: skip


def _join(actor: Actor, organisation: Organisation, on: date) -> None:
    round_join(actor=actor, organisation=organisation, now=_at(on), today=on)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)
