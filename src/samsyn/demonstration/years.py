"""Gives three organisations their year of activities, by the services everybody uses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import translation

from samsyn.access.actor import Actor
from samsyn.access.models import Person
from samsyn.access.selectors import actor_of
from samsyn.annual_wheel.content import templates
from samsyn.annual_wheel.models import Occurrence
from samsyn.annual_wheel.rules import LATE
from samsyn.annual_wheel.selectors import occurrence_list
from samsyn.annual_wheel.services import (
    mark_add,
    occurrence_complete,
    occurrence_skip,
    wheel_begin,
    wheel_extend,
)
from samsyn.content.packs import pack
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import organisation_list

PACK = "demonstration/wheel.yaml"


def years_build(*, actor: Actor, today: date) -> None:
    """Begin the years some months ago and do, skip and forget what was due since."""
    content = pack(PACK)
    known = {o.name: o for o in organisation_list(actor=actor)}
    for entry in content["organisations"]:
        by, organisation = _actor(entry["by"]), known[entry["name"]]
        with translation.override(organisation.language):
            _begin(by, organisation, entry, today - timedelta(days=content["since"]))
            wheel_extend(actor=by, organisation=organisation, now=_at(today), today=today)
            _work(by, organisation, entry, today)


def _actor(key: str) -> Actor:
    people = pack("demonstration/people.yaml")["people"]
    email = next(str(entry["email"]) for entry in people if entry["id"] == key)
    return actor_of(Person.objects.get(email=email))


def _begin(by: Actor, organisation: Organisation, entry: dict[str, Any], since: date) -> None:
    usual = [template.key for template in templates() if template.is_usual]
    wheel_begin(actor=by, organisation=organisation, keys=usual, now=_at(since), today=since)
    for mark in entry["marks"]:
        mark_add(
            actor=by,
            organisation=organisation,
            kind=mark["kind"],
            title=mark["title"],
            from_month=mark["from"],
            to_month=mark["to"],
        )


def _work(by: Actor, organisation: Organisation, entry: dict[str, Any], today: date) -> None:
    rows = occurrence_list(actor=by, today=today, organisation=organisation.pk, standing=LATE)
    due: dict[str, list[Occurrence]] = {}
    for turn in rows:
        due.setdefault(turn.activity.key, []).append(turn)
    for key, turns in due.items():
        left = turns[:-1] if key in entry["late"] else turns
        for number, turn in enumerate(left):
            now = _at(turn.due_on - timedelta(days=1))
            if number == 0 and (reason := entry["skipped"].get(key)):
                occurrence_skip(actor=by, occurrence=turn, now=now, reason=reason)
                continue
            minutes = entry["minutes"].get(key, entry["usual"])
            occurrence_complete(actor=by, occurrence=turn, now=now, minutes=minutes)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)
