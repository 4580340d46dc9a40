"""Gives one municipality's management a held meeting, a target, and three decisions to take."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import translation

from samsyn.access.actor import Actor
from samsyn.access.models import Person
from samsyn.access.selectors import actor_of
from samsyn.actions.services import action_plan, action_propose
from samsyn.content.packs import pack
from samsyn.maturity.models import DialogueStep
from samsyn.maturity.services.meeting import area_agree
from samsyn.maturity.services.preparing import dialogue_move, dialogue_prepare
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import organisation_list
from samsyn.reporting.models import DecisionProposal, Meeting
from samsyn.reporting.services.meetings import item_write, meeting_freeze, meeting_prepare
from samsyn.reporting.services.proposing import proposal_decide, proposal_make
from samsyn.reporting.services.targets import target_decide, target_write
from samsyn.reporting.services.telling import area_word_write, question_answer, question_ask

PACK = "demonstration/management.yaml"
BEFORE = timedelta(days=7)  # proposals and words are written so long before a meeting


def meetings_build(*, actor: Actor, today: date) -> None:
    """Hold last quarter's meeting and prepare this quarter's."""
    content = pack(PACK)
    organisation = organisation_list(actor=actor).get(name=content["organisation"])
    with translation.override(organisation.language):
        management = _Management(organisation, content, today)
        management.talk(content["dialogue"])
        management.hold(content["held"], content["target"])
        management.prepare(content["next"])


class _Management:
    """The CISO and the leader of one organisation, around two meetings."""

    def __init__(self, organisation: Organisation, content: Any, today: date) -> None:
        people = {e["id"]: e["email"] for e in pack("demonstration/people.yaml")["people"]}
        by_email = {person.email: person for person in Person.objects.all()}
        self.organisation, self.content, self.today = organisation, content, today
        self.ciso = actor_of(by_email[people[content["by"]]])
        self.leader = actor_of(by_email[people[content["leader"]]])

    def talk(self, entry: dict[str, Any]) -> None:
        """Hold the maturity dialogue that the levels come from."""
        day = self.day(entry["day"])
        now = self.at(day)
        dialogue = dialogue_prepare(
            actor=self.ciso, organisation=self.organisation, title=entry["title"], held_on=day
        )
        for step in (DialogueStep.RATING, DialogueStep.MEETING):
            dialogue = dialogue_move(actor=self.ciso, dialogue=dialogue, step=step, now=now)
        for area in dialogue.areas.all():
            area.dialogue = dialogue
            said = entry["areas"][area.key]
            reasons = "\n".join(said["reasons"])
            area_agree(actor=self.ciso, area=area, agreed=said["level"], reasons=reasons)
        dialogue_move(actor=self.ciso, dialogue=dialogue, step=DialogueStep.CLOSED, now=now)

    def hold(self, entry: dict[str, Any], target: dict[str, Any]) -> None:
        """Hold a meeting: words, proposals, decisions, target, minutes, actions; freeze it."""
        day = self.day(entry["day"])
        meeting = self.meeting(entry, day)
        self.words(entry["words"], day - BEFORE)
        for each in entry["proposals"]:
            proposal = self.proposal(each, day - BEFORE)
            proposal_decide(
                actor=self.leader,
                proposal=proposal,
                outcome=each["outcome"],
                text=each.get("reason", ""),
                **self.taken(day),
            )
        self.target(target, day)
        for item in meeting.items.all():
            if minutes := entry["minutes"].get(item.key):
                item.meeting = meeting
                item_write(actor=self.ciso, item=item, minutes=minutes)
        self.actions(entry["actions"], meeting, day)
        meeting_freeze(actor=self.ciso, meeting=meeting, now=self.at(day))

    def prepare(self, entry: dict[str, Any]) -> None:
        """Prepare the next meeting: new words, proposals that wait, questions."""
        self.meeting(entry, self.day(entry["in_days"]))
        self.words(entry["words"], self.today - timedelta(days=2))
        for each in entry["proposals"]:
            self.proposal(each, self.today - timedelta(days=4))
        for each in entry["questions"]:
            question = question_ask(
                actor=self.leader,
                organisation=self.organisation,
                text=each["text"],
                area=each["area"],
                now=self.at(self.day(-each["days_ago"])),
            )
            if "answer" in each:
                now = self.at(self.day(-each["answered"]))
                question_answer(actor=self.ciso, question=question, answer=each["answer"], now=now)

    def meeting(self, entry: dict[str, Any], day: date) -> Meeting:
        """Prepare one meeting."""
        return meeting_prepare(
            actor=self.ciso,
            organisation=self.organisation,
            title=entry["title"],
            held_on=day,
            begins_at=time(9),
            place=entry["place"],
            chair=self.content["present"][0],
            participants="\n".join(self.content["present"]),
            preparation=entry["preparation"],
        )

    def words(self, entry: dict[str, Any], day: date) -> None:
        """Say how the areas stand."""
        for area, said in entry.items():
            area_word_write(
                actor=self.ciso,
                organisation=self.organisation,
                area=area,
                text=said["text"],
                judged=said["judged"],
                now=self.at(day),
            )

    def proposal(self, entry: dict[str, Any], day: date) -> DecisionProposal:
        """Ask for one decision."""
        names = ("title", "why", "recommendation", "if_yes", "if_no", "cost")
        return proposal_make(
            actor=self.ciso,
            organisation=self.organisation,
            needed_by=self.day(entry["needed"]),
            now=self.at(day),
            **{name: entry[name] for name in names},
        )

    def target(self, entry: dict[str, Any], day: date) -> None:
        """Agree on the target picture."""
        target = target_write(
            actor=self.ciso,
            organisation=self.organisation,
            until_year=day.year + entry["years"],
            text=entry["text"],
            principles="\n".join(entry["principles"]),
            levels=entry["levels"],
            now=self.at(day - BEFORE),
        )
        target_decide(actor=self.leader, target=target, **self.taken(day))

    def actions(self, entries: list[dict[str, Any]], meeting: Meeting, day: date) -> None:
        """Make actions of what was agreed."""
        for each in entries:
            action = action_propose(
                actor=self.ciso,
                organisation=self.organisation,
                title=each["title"],
                thing=meeting,
                area="followup",
                owner_role=each["owner"],
                due_on=self.day(each["due"]),
                now=self.at(day),
            )
            action_plan(actor=self.ciso, action=action, now=self.at(day))

    def taken(self, day: date) -> dict[str, Any]:
        """Return who decided, when, and who was there."""
        return {
            "decided_by": self.content["decided_by"],
            "decided_on": day,
            "present": self.content["present"],
            "now": self.at(day),
        }

    def day(self, days: int) -> date:
        """Return the day so many days from today."""
        return self.today + timedelta(days=days)

    def at(self, day: date) -> datetime:
        """Return noon of a day."""
        return datetime.combine(day, time(11), tzinfo=UTC)
