"""Gives an invented company its two maturity dialogues, by the services everybody uses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import translation

from samsyn.access.actor import Actor
from samsyn.access.selectors import actor_of
from samsyn.access.services import membership_grant
from samsyn.actions.rules import months_later
from samsyn.content.packs import pack
from samsyn.maturity.links import participant_actor, seat_open, seat_token
from samsyn.maturity.models import Dialogue, DialogueStep, Group
from samsyn.maturity.services.meeting import area_agree, area_reveal, plan_decide, proposal_add
from samsyn.maturity.services.preparing import (
    dialogue_change,
    dialogue_move,
    dialogue_prepare,
    targets_set,
)
from samsyn.maturity.services.rating import RatingGiven, rating_give
from samsyn.organisations.models import Organisation, Service
from samsyn.organisations.selectors import agreement_list
from samsyn.organisations.services import organisation_create
from samsyn.organisations.serving import assignment_give

PACK = "demonstration/dialogue.yaml"
SINCE = timedelta(days=12)  # the second meeting was so long ago


def dialogues_build(
    *, actor: Actor, operator: Organisation, adviser: Any, today: date
) -> list[Dialogue]:
    """Make the company, its people and its agreement, and hold both dialogues.

    Args:
        operator: who serves it as its CISO.
        adviser: the person who does.
        today: the day that the demonstration is built.

    """
    content = pack(PACK)
    company = organisation_create(
        actor=actor, operator=operator, service=Service.CISO, since=today - timedelta(days=500),
        **content["organisation"],
    )  # fmt: skip
    agreement = agreement_list(actor=actor, organisation=company).get()
    assignment_give(
        actor=actor, operator=operator, person=adviser, service=Service.CISO, agreement=agreement
    )
    for person in content["people"]:
        who = {name: person[name] for name in ("name", "email", "role", "language")}
        membership_grant(actor=actor, organisation=company, **who)
    later = today - SINCE
    earlier = months_later(later, -content["months_between"])
    with translation.override(company.language):
        meeting = _DialogueMeeting(actor_of(adviser), company, adviser.name)
        first = meeting.hold(content["first"], on=earlier, previous=None)
        return [first, meeting.hold(content["second"], on=later, previous=first)]


class _DialogueMeeting:
    """Holds one dialogue as the adviser does."""

    def __init__(self, actor: Actor, company: Organisation, facilitator: str) -> None:
        self.actor, self.company, self.facilitator = actor, company, facilitator

    def hold(self, entry: dict[str, Any], *, on: date, previous: Dialogue | None) -> Dialogue:
        """Prepare, rate, agree, decide and close."""
        now = datetime.combine(on, time(13), tzinfo=UTC)
        dialogue = dialogue_prepare(
            actor=self.actor, organisation=self.company, title=entry["title"], held_on=on,
            facilitator=self.facilitator, previous=previous,
        )  # fmt: skip
        self.words(dialogue, entry)
        dialogue = dialogue_move(
            actor=self.actor, dialogue=dialogue, step=DialogueStep.RATING, now=now
        )
        self.rate(dialogue, entry["areas"])
        dialogue = dialogue_move(
            actor=self.actor, dialogue=dialogue, step=DialogueStep.MEETING, now=now
        )
        for area in dialogue.areas.all():
            area.dialogue = dialogue
            self.agree(area, entry["areas"][area.key])
        dialogue = plan_decide(
            actor=self.actor, dialogue=dialogue, decided_by="Karin Tallberg", decided_on=on, now=now
        )
        return dialogue_move(actor=self.actor, dialogue=dialogue, step=DialogueStep.CLOSED, now=now)

    def words(self, dialogue: Dialogue, entry: dict[str, Any]) -> None:
        """Write who was there and what is won and lost, and where one wants to be."""
        names = ("present", "losses", "gains")
        said = {name: "\n".join(entry[name]) for name in names}
        dialogue_change(actor=self.actor, dialogue=dialogue, closing=entry["closing"], **said)
        wanted = {a.pk: entry["areas"][a.key].get("target") for a in dialogue.areas.all()}
        if any(wanted.values()):
            targets_set(actor=self.actor, dialogue=dialogue, targets=wanted)

    def rate(self, dialogue: Dialogue, areas: dict[str, Any]) -> None:
        """Let each participant rate every area, with a word here and there."""
        found = {area.key: area.pk for area in dialogue.areas.all()}
        for group in (Group.LEADERSHIP, Group.STAFF):
            size = min(len(entry[group.value]) for entry in areas.values())
            for number in range(size):
                seat = seat_open(seat_token(dialogue, group))
                for key, entry in areas.items():
                    words = entry["words"] if group == Group.STAFF else []
                    rating_give(
                        actor=participant_actor(dialogue), dialogue=dialogue, area=found[key],
                        rater=seat.rater, group=group,
                        given=RatingGiven(
                            level=entry[group.value][number],
                            reason=words[number] if number < len(words) else "",
                        ),
                    )  # fmt: skip

    def agree(self, area: Any, entry: dict[str, Any]) -> None:
        """Show where the ratings fell, agree, and propose."""
        area_reveal(actor=self.actor, area=area)
        area_agree(
            actor=self.actor, area=area, agreed=entry["level"], reasons="\n".join(entry["reasons"])
        )
        for proposal in entry["proposals"]:
            proposal_add(actor=self.actor, area=area, **proposal)
