"""The cast: a small sector with the same people in every test.

Samvakt is the operator. Fjellvik and Elvdal are members; Fjellvik owns Fjellvik Vann
and has a unit, the school; Fjellvik runs a range for Elvdal. Utmark has no agreement.

Astrid is Samvakt's analyst and assigned; Albin is an analyst without an assignment;
Henrik administers. Ingvild is Fjellvik's CISO, Jonas its technician, Liv its leader,
Egil an employee, Revna its auditor. Sigrid is CISO of Elvdal: a stranger to Fjellvik.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from samsyn.access.actor import Actor, job_actor
from samsyn.access.models import Membership, Person
from samsyn.access.permissions import Role
from samsyn.access.selectors import actor_of
from samsyn.actions.models import Action, Decision
from samsyn.assets.models import Resource
from samsyn.documents.models import Document
from samsyn.documents.receiving import pieces_take
from samsyn.documents.services import document_add
from samsyn.findings.models import Finding
from samsyn.monitoring.models import Batch
from samsyn.organisations.models import Agreement, Assignment, Contact, Organisation
from samsyn.organisations.services import lineage_rebuild_below
from samsyn.situation.models import Edition
from samsyn.situation.rules import Figures

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@dataclass
class Cast:
    """Organisations, people and the actors that the people are."""

    samvakt: Organisation
    fjellvik: Organisation
    school: Organisation
    vann: Organisation
    elvdal: Organisation
    utmark: Organisation
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        if name in self.__dict__.get("people", {}):
            return actor_of(self.people[name])
        raise AttributeError(name)

    @property
    def job(self) -> Actor:
        """A named job, which acts everywhere."""
        return job_actor("test")


PEOPLE = {
    "astrid": ("samvakt", Role.ANALYST),
    "albin": ("samvakt", Role.ANALYST),
    "henrik": ("samvakt", Role.ADMINISTRATOR),
    "ragna": ("samvakt", Role.ADVISER),
    "ingvild": ("fjellvik", Role.CISO),
    "jonas": ("fjellvik", Role.TECHNICIAN),
    "liv": ("fjellvik", Role.LEADER),
    "egil": ("fjellvik", Role.EMPLOYEE),
    "revna": ("fjellvik", Role.AUDITOR),
    "sigrid": ("elvdal", Role.CISO),
}
PASSWORD = make_password("correct horse battery")  # once, not for each person of each test
ASSIGNED = ("astrid", "henrik", "ragna")


def make_cast() -> Cast:
    """Make the sector anew in the test's database."""
    cast = Cast(
        samvakt=make_organisation("Samvakt", kind="operator"),
        fjellvik=make_organisation("Fjellvik", short_code="FJV", tile_x=1, tile_y=1),
        school=make_organisation("Fjellvik school", kind="unit", parent="Fjellvik"),
        vann=make_organisation("Fjellvik Vann", kind="company", parent="Fjellvik"),
        elvdal=make_organisation("Elvdal", short_code="ELV", country="SE", language="sv"),
        utmark=make_organisation("Utmark"),
    )
    make_people(cast)
    Assignment.unscoped.bulk_create(
        Assignment(organisation=cast.samvakt, person=cast.people[name], service="csirt")
        for name in ASSIGNED
    )
    for member in (cast.fjellvik, cast.elvdal):
        Agreement.unscoped.create(
            organisation=member, operator=cast.samvakt, service="csirt", valid_from=date(2025, 1, 1)
        )
        Contact.unscoped.create(
            organisation=member,
            purpose="technical",
            email=f"drift@{member.name.lower()}.example",
        )
    make_resources(cast)
    return cast


def make_people(cast: Cast) -> None:
    """Make everybody at once: a thousand tests begin with it."""
    homes = {name: getattr(cast, home) for name, (home, _role) in PEOPLE.items()}
    made = Person.objects.bulk_create(person_of(name, homes[name]) for name in PEOPLE)
    cast.people.update(zip(PEOPLE, made, strict=True))
    Membership.unscoped.bulk_create(
        Membership(person=cast.people[name], organisation=homes[name], role=role)
        for name, (_home, role) in PEOPLE.items()
    )


def make_resources(cast: Cast) -> None:
    """Give the members what attribution needs."""
    make_resource(cast.fjellvik, "prefix", "198.18.0.0/24")
    make_resource(cast.fjellvik, "prefix", "2001:db8:100::/48")
    make_resource(cast.fjellvik, "domain", "fjellvik.example")
    make_resource(cast.fjellvik, "mail_domain", "fjellvik.example")
    make_resource(cast.elvdal, "prefix", "198.18.4.0/24")
    make_resource(cast.elvdal, "prefix", "198.18.5.0/24", operated_by=cast.fjellvik)
    make_resource(cast.elvdal, "asn", "64500")


def make_organisation(name: str, *, parent: str = "", **fields: Any) -> Organisation:
    above = Organisation.unscoped.get(name=parent) if parent else None
    values = {"kind": "municipality", "country": "NO", "language": "nb"} | fields
    made = Organisation.unscoped.create(name=name, parent=above, **values)
    lineage_rebuild_below(made)
    return made


def make_person(name: str, organisation: Organisation, role: Role) -> Person:
    person = person_of(name, organisation)
    person.save()
    Membership.unscoped.create(person=person, organisation=organisation, role=role)
    return person


def person_of(name: str, organisation: Organisation) -> Person:
    domain = organisation.name.lower().replace(" ", "-")
    person = Person(email=f"{name}@{domain}.example", name=name.capitalize(), language="en")
    person.password = PASSWORD
    return person


def make_resource(organisation: Organisation, kind: str, value: str, **fields: Any) -> Resource:
    """Make a confirmed claim; ``state="requested"`` makes it a request."""
    values = {"known_on": TODAY, "state": "confirmed", "ground_kind": "registry"} | fields
    return Resource.unscoped.create(organisation=organisation, kind=kind, value=value, **values)


def make_finding(organisation: Organisation, **fields: Any) -> Finding:
    """Make an open finding of an organisation; as if it had been seen once, at noon."""
    values: dict[str, Any] = {
        "report": "scan_rdp",
        "subject": "198.18.0.7",
        "port": 3389,
        "protocol": "tcp",
        "taxonomy": "vulnerable",
        "rsit_type": "potentially-unwanted-accessible",
        "severity": 3,
        "first_seen_at": NOON,
        "last_seen_at": NOON,
        "last_reported_on": TODAY,
        "state_since": NOON,
    }
    return Finding.unscoped.create(organisation=organisation, **(values | fields))


def make_edition(organisation: Organisation, **fields: Any) -> Edition:
    """Make a draft of an edition for February 2026, with empty figures."""
    values: dict[str, Any] = {
        "audience": "management",
        "begins_on": date(2026, 2, 1),
        "figures": Figures().to_json(),
        "frozen": "none.parquet",
    }
    return Edition.unscoped.create(organisation=organisation, **(values | fields))


def make_batch(operator: Organisation, **fields: Any) -> Batch:
    """Make a batch as if a report had been received and read."""
    values: dict[str, Any] = {
        "sha256": "0" * 64,
        "file_name": "2026-03-02-scan_rdp-test.csv",
        "kept_as": "none.csv",
        "report": "scan_rdp",
        "stream": "scan_rdp-test",
        "report_on": TODAY,
        "state": "folded",
    }
    return Batch.unscoped.create(organisation=operator, **(values | fields))


def make_action(organisation: Organisation, **fields: Any) -> Action:
    """Make a decided action of an organisation, due in a month from the cast's day."""
    values: dict[str, Any] = {
        "title": "Close remote desktop towards the internet",
        "state": "planned",
        "due_on": date(2026, 4, 2),
        "created_at": NOON,
        "state_since": NOON,
    }
    return Action.unscoped.create(organisation=organisation, **(values | fields))


def make_decision(organisation: Organisation, **fields: Any) -> Decision:
    """Record a decision, as if it had been taken on the cast's day."""
    values: dict[str, Any] = {
        "title": "Two factors for all who work from home",
        "text": "Approved as proposed.",
        "outcome": "approved",
        "decided_on": TODAY,
        "decided_by": "The management group",
        "recorded_at": NOON,
        "recorded_by": "test",
    }
    return Decision.unscoped.create(organisation=organisation, **(values | fields))


def make_document(
    organisation: Organisation, content: bytes = b"%PDF-1.7 minutes", **fields: Any
) -> Document:
    """Add a document with one file, as a job would."""
    return document_add(
        again=True,
        actor=job_actor("test"),
        organisation=organisation,
        content=pieces_take([content], name="minutes.pdf"),
        **({"title": "Minutes of the management group"} | fields),
    )
