"""Gives three organisations actions, decisions and evidence, by the services everybody uses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import translation

from samsyn.access.actor import Actor
from samsyn.access.models import Person
from samsyn.access.selectors import actor_of
from samsyn.actions.deciding import decision_record
from samsyn.actions.models import Action, ActionSource
from samsyn.actions.services import (
    action_complete,
    action_decline,
    action_plan,
    action_propose,
    action_start,
    effect_check,
)
from samsyn.content.packs import pack
from samsyn.documents.models import Document
from samsyn.documents.receiving import pieces_take
from samsyn.documents.services import document_add, document_attach
from samsyn.findings.selectors import finding_list
from samsyn.organisations.models import Organisation, Service
from samsyn.organisations.selectors import organisation_list
from samsyn.organisations.serving import agreement_sign, assignment_give

PACK = "demonstration/work.yaml"
VIRTUAL_CISO = "Björkfors"  # served by the adviser as its CISO
A4, FONT = "[0 0 595 842]", "<< /Font << /F1 5 0 R >> >>"  # of the small PDF
LOOKED_AT = 50
WORK_TAKES = timedelta(days=5)


def work_build(*, actor: Actor, operator: Organisation, today: date) -> None:
    """Write the work of the demonstration's organisations as of ``today``."""
    known = {o.name: o for o in organisation_list(actor=actor)}
    people = _people()
    agreement = agreement_sign(
        actor=actor,
        operator=operator,
        organisation=known[VIRTUAL_CISO],
        service=Service.CISO,
        valid_from=today - timedelta(days=400),
    )
    assignment_give(
        actor=actor,
        operator=operator,
        person=people["ragna"],
        service=Service.CISO,
        agreement=agreement,
    )
    for entry in pack(PACK)["organisations"]:
        by, organisation = actor_of(people[entry["by"]]), known[entry["name"]]
        with translation.override(organisation.language):  # what findings are called
            _Work(by, organisation, people, today).build(entry)


def _people() -> dict[str, Person]:
    entries = pack("demonstration/people.yaml")["people"]
    by_email = {person.email: person for person in Person.objects.all()}
    return {entry["id"]: by_email[entry["email"]] for entry in entries}


class _Work:
    """The work of one organisation, as its CISO writes it down."""

    def __init__(
        self, actor: Actor, organisation: Organisation, people: dict[str, Person], today: date
    ) -> None:
        self.actor, self.organisation = actor, organisation
        self.people, self.today = people, today

    def build(self, entry: dict[str, Any]) -> None:
        """Write documents, actions and decisions, in the order in which they were."""
        documents = {key: self.document(d) for key, d in entry.get("documents", {}).items()}
        whose = self.organisation.pk
        rows = finding_list(actor=self.actor, organisation=whose, state="unsolved")[:LOOKED_AT]
        findings = [finding for finding in rows if finding.organisation_id == whose]
        actions = []
        for each in entry["actions"]:
            is_found = each["source"] == ActionSource.FINDING and findings
            action = self.proposed(each, findings.pop(0) if is_found else None)
            actions.append(action)
            self.attach(documents, each, action)
        decided = {d["about"] for d in entry["decisions"] if "about" in d}
        for each in entry["decisions"]:
            about = [actions[each["about"]]] if "about" in each else []
            decision = self.decided(each, about)
            self.attach(documents, each, decision)
        for number, (each, action) in enumerate(zip(entry["actions"], actions, strict=True)):
            self.lead(each, action, is_decided=number in decided)

    def proposed(self, entry: dict[str, Any], finding: Any) -> Action:
        """Propose one action."""
        owner = entry.get("owner", "")
        return action_propose(
            actor=self.actor,
            organisation=self.organisation,
            title=entry["title"],
            thing=finding,
            source=entry["source"],
            source_text=entry.get("source_text", ""),
            why=entry.get("why", ""),
            how=entry.get("how", ""),
            area=entry["area"],
            owner_person=self.people.get(owner),
            owner_role="" if owner in self.people else owner,
            priority=entry["priority"],
            due_on=self.day(entry["due"]) if "due" in entry else None,
            effort_days=entry.get("effort"),
            cost=entry.get("cost"),
            effect_question=entry.get("effect", ""),
            effect_due_on=self.day(entry["check"]) if "check" in entry else None,
            now=self.at(entry["proposed"]),
        )

    def lead(self, entry: dict[str, Any], action: Action, *, is_decided: bool) -> None:
        """Lead an action to the state in which the demonstration finds it."""
        now, state = self.at(entry["proposed"]) + WORK_TAKES, entry["state"]
        if is_decided:
            action.refresh_from_db()
        if state == "declined" and not is_decided:
            action_decline(actor=self.actor, action=action, now=now, note=entry["note"])
        if state in {"proposed", "declined"}:
            return
        if not is_decided:
            action_plan(actor=self.actor, action=action, now=now)
        if state != "planned":
            action_start(actor=self.actor, action=action, now=now + WORK_TAKES)
        if state in {"done", "confirmed"}:
            action_complete(actor=self.actor, action=action, now=self.at(entry["due"] - 2))
        if state == "confirmed":
            effect_check(
                actor=self.actor,
                action=action,
                now=self.at(-5),
                result="yes",
                note=entry["note"],
            )

    def decided(self, entry: dict[str, Any], about: list[Action]) -> Any:
        """Record one decision."""
        return decision_record(
            actor=self.actor,
            organisation=self.organisation,
            title=entry["title"],
            text=entry["text"],
            basis=entry.get("basis", ""),
            outcome=entry["outcome"],
            decided_on=self.day(entry["day"]),
            decided_by=entry["by"],
            present=entry.get("present", ()),
            valid_until=self.day(entry["until"]) if "until" in entry else None,
            subjects=about,
            now=self.at(entry["day"]),
        )

    def document(self, entry: dict[str, Any]) -> Document:
        """Add one document."""
        is_pdf = entry.get("pdf", False)
        content = small_pdf(entry["text"]) if is_pdf else entry["text"].encode()
        name = f"{entry['title']}.{'pdf' if is_pdf else 'txt'}"
        return document_add(
            actor=self.actor,
            organisation=self.organisation,
            content=pieces_take([content], name=name),
            title=entry["title"],
            kind=entry["kind"],
            effective_on=self.day(entry["day"]),
        )

    def attach(self, documents: dict[str, Document], entry: dict[str, Any], thing: Any) -> None:
        """Attach the evidence that an entry names."""
        for key in entry.get("evidence", ()):
            document_attach(actor=self.actor, document=documents[key], thing=thing)

    def day(self, days: int) -> date:
        """Return the day so many days from today."""
        return self.today + timedelta(days=days)

    def at(self, days: int) -> datetime:
        """Return nine in the morning of that day."""
        return datetime.combine(self.day(days), time(9), tzinfo=UTC)


def small_pdf(text: str) -> bytes:
    """Return a page with some lines as PDF; letters outside ASCII are left out.

    Source:
        ISO 32000-1, 7.5: header, objects, cross-reference table, trailer.

    """
    lines = "".join(
        f"({line.encode('ascii', 'ignore').decode()}) Tj T* " for line in text.splitlines()
    )
    stream = f"BT /F1 14 Tf 20 TL 72 760 Td {lines}ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox {A4} /Contents 4 0 R /Resources {FONT} >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    page, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(page))
        page += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    page += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
    begin = page.index("xref\n0 ")
    page += f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{begin}\n%%EOF\n"
    return page.encode("ascii")
