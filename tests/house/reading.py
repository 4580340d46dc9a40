"""What the law on reading needs: rows in every list, a colleague who reaches them, an answer."""

from __future__ import annotations

from samsyn.audit.models import Entry
from samsyn.audit.services import record
from samsyn.organisations.models import Agreement, Assignment
from tests.house.parts import listed


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


def filled(cast):
    """Let Fjellvik have something in every list."""
    for make in listed("filled"):
        make(cast)
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
