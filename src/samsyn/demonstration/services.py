"""Build the demonstration sector: the same services as everywhere, with invented input."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.utils import timezone

from samsyn.access.actor import Actor, job_actor
from samsyn.access.models import Person
from samsyn.access.permissions import OPERATOR_ROLES
from samsyn.access.selectors import actor_named
from samsyn.access.services import membership_grant
from samsyn.assets.constituency import constituency_import
from samsyn.assets.services import resource_claim
from samsyn.content.packs import SHIPPED, pack
from samsyn.demonstration.benchmarks import benchmark_build, members_build
from samsyn.demonstration.dialogues import dialogues_build
from samsyn.demonstration.episodes import SEED
from samsyn.demonstration.figures import figures_build
from samsyn.demonstration.meetings import meetings_build
from samsyn.demonstration.reports import make_reports
from samsyn.demonstration.work import work_build
from samsyn.demonstration.years import years_build
from samsyn.findings.models import AnswerKind, Finding, Severity
from samsyn.findings.selectors import finding_list
from samsyn.findings.services import finding_answer
from samsyn.findings.telling import finding_tell
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.periods import Period
from samsyn.kernel.rooms import functions
from samsyn.monitoring.services import observation_import
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import organisation_list
from samsyn.organisations.services import operator_create, organisation_change
from samsyn.organisations.serving import assignment_give
from samsyn.situation.selectors import edition_list
from samsyn.situation.services import edition_write, editions_publish, situation_build

Say = Callable[[str], Any]
PUBLISHED_MONTHS = 3
NIGHT_DAYS = 1  # what came in since the last telling, so that the analyst has something to do
TELLINGS_DAYS_AGO = (21, NIGHT_DAYS)
ANSWERED_SHARE = 0.45
HELP_SHARE = 0.3  # of the critical ones that are answered

CLAIMED = {
    "person": "jonas",
    "organisation": "Fjellvik",
    "kind": "domain",
    "value": "fjellvikskolen.example",
    "note": "Skolens nye nettsted, registrert i går.",
}


def _refuse_elsewhere() -> None:
    """Refuse invented people and reports where real ones are, or could be.

    Raises:
        RuleViolation: the mode is not demonstration, or others than its own are here.

    """
    if not (settings.DEMONSTRATION or settings.MODE == "test"):
        raise RuleViolation(
            "This installation is no demonstration, so nothing invented is put into it. "
            "Run: SAMSYN_MODE=demonstration samsyn setup --demonstration, in a home of its own."
        )
    held = organisation_list(actor=job_actor("demonstration"))
    if held.exists() and not _is_built():
        raise RuleViolation(
            "There are organisations here that are not of the demonstration, so nothing "
            "invented is put beside them. Set SAMSYN_HOME to an empty directory."
        )


def _is_built() -> bool:
    """Return whether the demonstration's operator and people are here."""
    people = pack("demonstration/people.yaml")
    held = organisation_list(actor=job_actor("demonstration"))
    known = Person.objects.filter(email__in=[one["email"] for one in people["people"]])
    return held.filter(name=people["operator"]).exists() and known.exists()


def demonstration_build(*, say: Say, today: date | None = None) -> None:
    """Build the demonstration sector if it is not there yet; say who its people are.

    Raises:
        RuleViolation: it does not belong here; see _refuse_elsewhere.

    """
    _refuse_elsewhere()
    if not _is_built():
        _build(job_actor("demonstration"), say, today or timezone.localdate())
    for line in _people_lines():
        say(line)


def _people_lines() -> Iterator[str]:
    """Yield who can be chosen at the sign-in page, with their role."""
    yield "The demonstration's people (choose one at the sign-in page):"
    for entry in pack("demonstration/people.yaml")["people"]:
        yield f"  {entry['name']:<22} {entry['role']:<14} {entry['organisation']}"


def _build(actor: Actor, say: Say, today: date) -> None:
    say("Building the demonstration sector (about half a minute).")
    operator = _sector(actor)
    _people(actor, operator)
    _claim(CLAIMED)
    say("  organisations, resources and people are there")
    _signals(actor, operator, today, say)
    say("  a year of reports is read and told")
    work_build(actor=actor, operator=operator, today=today)
    say("  three organisations have actions, decisions and evidence")
    adviser = Person.objects.get(email=_address(pack("demonstration/dialogue.yaml")["adviser"]))
    dialogues_build(actor=actor, operator=operator, adviser=adviser, today=today)
    say("  a company has held its maturity dialogue twice")
    for build in functions("demonstration"):
        build(actor=actor, today=today)
    years_build(actor=actor, today=today)
    say("  three organisations have their annual wheel")
    members_build(actor=actor, today=today)
    figures_build(actor=actor, today=today)
    benchmark_build(actor=actor, operator=operator, today=today)
    say("  four organisations have a year of figures, ten have compared themselves")
    meetings_build(actor=actor, today=today)
    say("  one management has met, and has three decisions to take")
    _editions(actor, operator, today)
    say("  the situation picture of the last months is published")


def _address(key: str) -> str:
    people = pack("demonstration/people.yaml")["people"]
    return next(str(entry["email"]) for entry in people if entry["id"] == key)


def _sector(actor: Actor) -> Organisation:
    name = pack("demonstration/people.yaml")["operator"]
    operator: Organisation = operator_create(actor=actor, name=name, country="NO", language="nb")
    content = (SHIPPED / "demonstration/sector.csv").read_bytes()
    constituency_import(actor=actor, operator=operator, content=content)
    known = {o.name: o for o in organisation_list(actor=actor)}
    for tile in pack("demonstration/members.yaml")["members"]:
        organisation_change(
            actor=actor,
            organisation=known[tile["organisation"]],
            short_code=tile["code"],
            tile_x=tile["x"],
            tile_y=tile["y"],
            population=tile["population"],
        )
    return operator


def _people(actor: Actor, operator: Organisation) -> None:
    known = {o.name: o for o in organisation_list(actor=actor)}
    for entry in pack("demonstration/people.yaml")["people"]:
        membership = membership_grant(
            actor=actor,
            organisation=known[entry["organisation"]],
            email=entry["email"],
            name=entry["name"],
            role=entry["role"],
            language=entry["language"],
        )
        if entry["role"] in OPERATOR_ROLES:
            person: Person = membership.person
            assignment_give(actor=actor, operator=operator, person=person)


def _claim(given: dict[str, str]) -> None:
    """Let a technician claim what is new, so that the analyst has a claim to decide."""
    technician = actor_named(_address(given["person"]))
    organisation = organisation_list(actor=technician).get(name=given["organisation"])
    resource_claim(
        actor=technician,
        organisation=organisation,
        kind=given["kind"],
        value=given["value"],
        note=given["note"],
    )


def _signals(actor: Actor, operator: Organisation, today: date, say: Say) -> None:
    """Read a year of reports in stretches, telling the members and hearing answers between."""
    schema = pack("reports/shadowserver.json")
    yesterday = today - timedelta(days=1)  # the newest report is of the day before
    with TemporaryDirectory(prefix="samsyn-demonstration-") as folder:
        files = make_reports(Path(folder), until=yesterday, schema=schema)
        say(f"  {len(files)} reports are made (seed {SEED})")
        left = sorted(files)
        for days_ago in TELLINGS_DAYS_AGO:
            day = yesterday - timedelta(days=days_ago)
            now = [p for p in left if date.fromisoformat(p.name[:10]) <= day]
            left = left[len(now) :]
            observation_import(actor=actor, operator=operator, paths=now)
            at = datetime.combine(day, time(7, 15), tzinfo=UTC)
            finding_tell(actor=actor, operator=operator, now=at)
            _answers(actor, at)
        observation_import(actor=actor, operator=operator, paths=left)


def _answers(actor: Actor, at: datetime) -> None:
    """Let some members answer what they were told, as people do: soon, late or not at all."""
    dice = random.Random(f"{SEED} {at.date()}")  # noqa: S311  a demonstration, no secret
    rows = finding_list(actor=actor).filter(told_at=at, answered_at=None).order_by("pk")
    for finding in rows:
        if dice.random() > ANSWERED_SHARE:
            continue
        kind = _answer_kind(dice, finding)
        until = at.date() + timedelta(days=dice.randint(3, 30))
        is_planned = kind == AnswerKind.PLANNED
        finding_answer(
            actor=_technician(finding) or actor,
            finding=finding,
            answer=kind,
            until=until if is_planned or kind == AnswerKind.ACCEPTED else None,
            note="" if is_planned else _note(kind, finding),
            at=at + timedelta(hours=dice.randint(1, 70)),
        )


def _answer_kind(dice: random.Random, finding: Finding) -> str:
    if finding.severity == Severity.CRITICAL:
        return AnswerKind.HELP if dice.random() < HELP_SHARE else AnswerKind.PLANNED
    choices = [AnswerKind.PLANNED] * 7 + [AnswerKind.FIXED] * 2 + [AnswerKind.ACCEPTED]
    return dice.choice(choices)


NOTES = {
    AnswerKind.FIXED: {
        "nb": "Porten er stengt i brannmuren.",
        "sv": "Porten är stängd i brandväggen.",
    },
    AnswerKind.ACCEPTED: {
        "nb": "Tjenesten må være åpen for innbyggerne. Innlogging krever to faktorer.",
        "sv": "Tjänsten måste vara öppen för invånarna. Inloggningen kräver två faktorer.",
    },
    AnswerKind.HELP: {
        "nb": "Vi vet ikke hvem som har satt opp denne maskinen. Kan dere ringe oss?",
        "sv": "Vi vet inte vem som har satt upp den här datorn. Kan ni ringa oss?",
    },
}


def _note(kind: str, finding: Finding) -> str:
    texts = NOTES[AnswerKind(kind)]
    return texts.get(finding.organisation.language, texts["nb"])


def _technician(finding: Finding) -> Actor | None:
    for entry in pack("demonstration/people.yaml")["people"]:
        name = finding.organisation.name
        if entry["role"] == "technician" and entry["organisation"] == name:
            return actor_named(entry["email"])
    return None


def _editions(actor: Actor, operator: Organisation, today: date) -> None:
    period = Period.month_of(today)
    for _month in range(PUBLISHED_MONTHS):
        period = period.before
        situation_build(actor=actor, operator=operator, period=period)
        drafts = edition_list(actor=actor, period=str(period))
        for edition in drafts.defer(None).filter(organisation=operator):
            for language, words in pack("demonstration/words.yaml")[edition.audience].items():
                edition_write(actor=actor, edition=edition, words=words, language=language)
        editions_publish(actor=actor, editions=list(drafts.defer(None)))
