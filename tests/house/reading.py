"""What the law on reading needs: rows in every list, a colleague who reaches them, an answer."""

from __future__ import annotations

from samsyn.access.services import membership_grant
from samsyn.audit.models import Entry
from samsyn.audit.services import record
from samsyn.organisations.models import Agreement, Assignment
from tests.annual_wheel.builders import make_mark, make_occurrence
from tests.cast import (
    make_action,
    make_decision,
    make_document,
    make_edition,
    make_finding,
    make_resource,
)
from tests.indicators.builders import make_indicator
from tests.maturity.builders import make_dialogue
from tests.messages.builders import make_message
from tests.reporting.builders import make_meeting, make_proposal, make_question, make_target
from tests.suppliers.builders import make_supplier


def reach(cast):
    """Let the operator's people reach all of Fjellvik's own work, by a virtual CISO agreement."""
    Agreement.unscoped.get_or_create(
        organisation=cast.fjellvik,
        operator=cast.samvakt,
        service="ciso",
        defaults={"valid_from": "2025-01-01"},
    )
    Assignment.unscoped.bulk_create(
        Assignment(organisation=cast.samvakt, person=cast.people[name], service="ciso")
        for name in ("astrid", "ragna", "henrik")
    )


def fetched(client, url, **more):
    """Return the answer, read to its end so that no file stays open."""
    answer = client.get(url, **more)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def seen_at(cast):
    rows = Entry.objects.filter(kind__in=["reading", "export"], organisation_id=cast.fjellvik.pk)
    return set(rows.values_list("person_id", flat=True))


FILLERS = {
    "actions": make_action,
    "decisions": make_decision,
    "documents": make_document,
    "editions": make_edition,
    "findings": make_finding,
}


def filled(cast):
    """Let Fjellvik have something in every list."""
    for make in FILLERS.values():
        make(cast.fjellvik)
    make_resource(cast.fjellvik, "domain", "asked.example", state="requested", reasons="unknown")
    make_occurrence(cast)
    make_indicator(cast)
    make_dialogue(cast)
    make_meeting(cast)
    make_proposal(cast)
    make_question(cast)
    make_target(cast)
    make_mark(cast)
    membership_grant(
        actor=cast.ingvild, organisation=cast.fjellvik, email=cast.people["sigrid"].email,
        name="Typed Name", role="employee",
    )  # fmt: skip
    make_supplier(cast)
    make_message(organisation=cast.fjellvik, operator=cast.samvakt)
    record(
        actor="x",
        person_id=None,
        action="assets.resource_change",
        organisation_id=cast.fjellvik.pk,
        thing=cast.fjellvik,
    )


def given(answer):
    """Return the organisations whose rows an answer of the API holds."""
    return {row.get("organisation_id", row.get("id")) for row in answer.json()["items"]} - {None}
