"""Law on reading: what somebody from outside opens or takes away at a member is on record."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.access.services import token_create
from samsyn.audit.events import forget_seen
from samsyn.audit.models import Entry
from samsyn.organisations.models import Agreement, Assignment
from tests.house.test_doors import api_paths, made, made_for, pages, url_of


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


@pytest.mark.once
@pytest.mark.parametrize("name", list(pages(with_subject=True)))
def test_whatever_the_operators_people_open_at_a_member_is_on_record(client, cast, home, name):
    subject = made(cast, name)()
    reach(cast)
    if getattr(subject, "owner_id", None) == cast.samvakt.pk:
        return
    url = url_of(name, subject)
    for who in ("astrid", "ragna", "henrik"):
        answer = fetched(client.be(cast.people[who]), url)
        if answer.status_code == 200 and not hasattr(subject, "person_id"):
            assert cast.people[who].pk in seen_at(cast), f"{who} opened {url}"
    fetched(client.be(cast.people["ingvild"]), url)
    assert cast.people["ingvild"].pk not in {
        e.person_id for e in Entry.objects.filter(kind="reading")
    }, "one's own people are not watched"


@pytest.mark.once
@pytest.mark.parametrize(
    "path", [p for p, method in api_paths() if method == "get" and "{pk}" in p]
)
def test_whatever_their_programs_open_at_a_member_is_on_record(client, cast, home, path):
    subject = made_for(cast, path)
    reach(cast)
    if getattr(subject, "owner_id", None) == cast.samvakt.pk:
        return
    opened = 0
    for who in ("astrid", "ragna"):
        actor = getattr(cast, who)
        secret = token_create(actor=actor, person=cast.people[who], name="x").secret
        headers = {"Authorization": f"Bearer {secret}"}
        answer = fetched(client, path.replace("{pk}", str(subject.pk)), headers=headers)
        if answer.status_code == 200:
            opened += 1
            assert cast.people[who].pk in seen_at(cast), f"{who} opened {path}"
    assert opened


BY_ORGANISATION = (
    "/actions/",
    "/actions/board/",
    "/actions/calendar/",
    "/benchmark/",
    "/decisions/",
    "/documents/",
    "/findings/",
    "/indicators/",
    "/management/meetings/",
    "/management/proposals/",
    "/maturity/",
    "/wheel/",
    "/wheel/list/",
    "/wheel/year/",
)


@pytest.mark.once
@pytest.mark.parametrize("page", BY_ORGANISATION)
def test_a_list_of_one_member_is_on_record_too(client, cast, page):
    reach(cast)
    answer = client.be(cast.people["ragna"]).get(f"{page}?organisation={cast.fjellvik.pk}")
    assert answer.status_code == 200
    assert cast.people["ragna"].pk in seen_at(cast)


@pytest.mark.once
def test_the_second_opening_of_a_day_costs_nothing(client, cast):
    reach(cast)
    url = f"/members/{cast.fjellvik.pk}/"
    client.be(cast.people["astrid"])

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return [q["sql"] for q in queries]

    first, second = cost(), cost()
    assert any("audit_entry" in sql and "INSERT" in sql for sql in first)
    assert not any("INSERT" in sql or "UPDATE" in sql for sql in second)
    assert sum("audit_entry" in sql for sql in second) <= 3  # the version of what is kept
    forget_seen()  # as another process
    assert sum("INSERT" in sql for sql in cost()) == 0
    assert Entry.objects.filter(kind="reading").count() == 1
