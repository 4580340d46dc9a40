"""The pack of a meeting: what was known, in each language, and the minutes; frozen or live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.utils import translation

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions.selectors import actions_from
from samsyn.reporting.changes import LinkedSentence
from samsyn.reporting.facts import AreaFact
from samsyn.reporting.kept import picture_kept
from samsyn.reporting.models import DecisionProposal, Meeting, ProposalState
from samsyn.reporting.picture import ManagementPicture, picture_of
from samsyn.reporting.rules import digest
from samsyn.reporting.selectors import item_list, proposal_list

Linked = TypeVar("Linked", AreaFact, LinkedSentence)


@dataclass(frozen=True, kw_only=True)
class PackPoint:
    """A point of the agenda with its minutes."""

    title: str
    about: str
    planned_minutes: int
    minutes: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """An action that the meeting agreed on."""

    title: str
    owner: str
    due_on: str  # as ISO 8601, or empty


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """A meeting as it was: where, who, what was said, what was agreed."""

    title: str
    held_on: str
    place: str
    chair: str
    participants: list[str]
    points: list[PackPoint]
    tasks: list[Task]

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Minutes:
        """Return the minutes that plain values hold."""
        points = [PackPoint(**each) for each in values["points"]]
        tasks = [Task(**each) for each in values["tasks"]]
        return cls(**{**values, "points": points, "tasks": tasks})

    @property
    def day(self) -> date:
        """The day of the meeting."""
        return date.fromisoformat(self.held_on)


@dataclass(frozen=True, kw_only=True)
class Pack:
    """What a meeting is given and what came of it; not ``is_whole`` when it was tampered with."""

    meeting: Meeting
    picture: ManagementPicture
    minutes: Minutes
    is_whole: bool


def pack_of(*, actor: Actor, meeting: Meeting, language: str, today: date) -> Pack:
    """Return the pack of a meeting in a language: as it was frozen, else as things stand today."""
    if meeting.is_frozen:
        pictures = meeting.pack["pictures"]
        return Pack(
            meeting=meeting,
            picture=_without_ways(pictures.get(language) or next(iter(pictures.values()))),
            minutes=Minutes.from_json(meeting.pack["minutes"]),
            is_whole=digest(meeting.pack) == meeting.digest,
        )
    with translation.override(language):
        return Pack(
            meeting=meeting,
            picture=picture_kept(
                actor=actor,
                organisation=meeting.organisation,
                today=today,
                proposals=_shown(actor, meeting),
                of=meeting.pk,
            ),
            minutes=_minutes(actor, meeting),
            is_whole=True,
        )


def _without_ways(values: Mapping[str, Any]) -> ManagementPicture:
    """Return a frozen picture whose figures lead nowhere: the lists have moved on since."""
    picture = ManagementPicture.from_json(values)
    areas = [replace(a, facts=_unlinked(a.facts)) for a in picture.areas]
    return replace(
        picture,
        areas=areas,
        changes=_unlinked(picture.changes),
        questions=_unlinked(picture.questions),
    )


def _unlinked(lines: list[Linked]) -> list[Linked]:
    """Return facts or lines, without the way to a list; what is about one thing keeps it."""
    return [replace(each, url="") if "?" in each.url else each for each in lines]


def content_of(*, actor: Actor, meeting: Meeting, today: date) -> dict[str, Any]:
    """Return what a meeting freezes: the picture in every language, and the minutes."""
    pictures, shown = {}, _shown(actor, meeting)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            pictures[language] = picture_of(
                actor=actor, organisation=meeting.organisation, today=today, proposals=shown
            ).to_json()
    return {"pictures": pictures, "minutes": asdict(_minutes(actor, meeting))}


def _shown(actor: Actor, meeting: Meeting) -> list[DecisionProposal]:
    """Return the proposals of a meeting, and those that wait."""
    rows = proposal_list(actor=actor, organisation=meeting.organisation_id)
    return [
        proposal
        for proposal in rows.exclude(state=ProposalState.WITHDRAWN)
        if proposal.is_waiting or proposal.meeting_id == meeting.pk
    ]


def _minutes(actor: Actor, meeting: Meeting) -> Minutes:
    return Minutes(
        title=meeting.title,
        held_on=meeting.held_on.isoformat(),
        place=meeting.place,
        chair=meeting.chair,
        participants=meeting.names,
        points=[
            PackPoint(
                title=item.title,
                about=item.about,
                planned_minutes=item.planned_minutes,
                minutes=item.minutes,
            )
            for item in item_list(actor=actor, meeting=meeting)
        ],
        tasks=_tasks(actor, meeting),
    )


def _tasks(actor: Actor, meeting: Meeting) -> list[Task]:
    if not actor.may(Permission.ACTIONS_VIEW, meeting.organisation_id):
        return []
    rows = actions_from(actor=actor, kind=Meeting._meta.label, pk=meeting.pk)
    return [
        Task(
            title=action.title,
            owner=action.owner_name,
            due_on=action.due_on.isoformat() if action.due_on else "",
        )
        for action in rows
    ]
