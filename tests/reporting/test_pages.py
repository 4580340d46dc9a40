"""Management's page: the state, what waits, what changed, what to ask; for whom, at what cost."""

from __future__ import annotations

import json
from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.access.services import token_create
from samsyn.actions.models import Decision
from samsyn.messages.models import Message
from samsyn.organisations.models import Agreement, Assignment
from samsyn.reporting.models import Question
from samsyn.reporting.picture import picture_of
from tests.cast import TODAY, make_action, make_decision, make_finding
from tests.reporting.builders import make_meeting, make_proposal, make_question, make_target


def page_of(cast):
    return f"/management/{cast.fjellvik.pk}/"


def area_of(picture, key):
    return next(area for area in picture.areas if area.key == key)


def test_a_leader_begins_with_management_page_and_reads_it(client, cast):
    make_finding(cast.fjellvik, severity=4, first_seen_at=timezone.now() - timedelta(days=60))
    make_action(cast.fjellvik, owner_role="leader", due_on=date(2026, 1, 1), title="Name a deputy")
    make_proposal(cast)
    make_target(cast)
    assert client.be(cast.people["liv"]).get("/")["Location"] == page_of(cast)
    assert client.get("/management/")["Location"] == page_of(cast)
    text = client.get(page_of(cast)).content.decode()
    assert "1 decision waits for you." in text
    assert "If we say no" in text
    assert "1 critical finding is open. 1 of them for more than 30 days." in text
    assert "“Name a deputy” is ours, and it is late." in text
    assert "No risk register is kept here yet." in text
    assert "Read it and agree" in text
    assert "NIS2 is not part of Norwegian law" in text
    assert text.count('id="area-') == 8
    assert "Say how it stands" not in text  # that is the CISO's


def test_nothing_kept_is_nothing_known_and_never_green(cast):
    picture = picture_of(actor=cast.sigrid, organisation=cast.elvdal, today=TODAY)
    assert area_of(picture, "risks").light == "unknown"
    assert area_of(picture, "risks").missing
    narrowed = picture_of(actor=cast.revna, organisation=cast.utmark, today=TODAY)
    assert {area.light for area in narrowed.areas} == {"unknown"}


def test_each_question_has_its_cause(cast):
    make_decision(cast.fjellvik, title="The old till", valid_until=TODAY + timedelta(days=20))
    make_action(cast.fjellvik, state="done", effect_due_on=date(2026, 1, 1))
    make_action(cast.fjellvik, owner_person=cast.people["jonas"])
    Membership.unscoped.filter(person=cast.people["jonas"]).update(ended_on="2026-02-01")
    asked = [
        line.text
        for line in picture_of(actor=cast.liv, organisation=cast.fjellvik, today=TODAY).questions
    ]
    assert any("“The old till” runs out" in text for text in asked)
    assert any("nobody has looked whether it helped" in text for text in asked)
    assert any("somebody who has left" in text for text in asked)
    assert any("first maturity dialogue" in text for text in asked)


def test_a_proposal_is_decided_from_the_page(client, cast):
    proposal = make_proposal(cast)
    meeting = make_meeting(cast, participants="Liv\nThe mayor")
    url = f"/management/proposals/{proposal.pk}/decide/"
    form = client.be(cast.people["liv"]).get(f"{url}?outcome=approved").content.decode()
    assert meeting.names[1] in form
    sent = {"outcome": "approved", "decided_by": "Liv", "decided_on": "2026-03-02"}
    stale = client.post(url, {**sent, "version": "7"})
    assert stale.status_code == 409
    answer = client.post(url, {**sent, "present": "Liv\nThe mayor", "version": "1"})
    assert answer["Location"] == f"{page_of(cast)}#decisions"
    decision = Decision.unscoped.get()
    assert decision.present == ["Liv", "The mayor"]
    assert decision.title in client.get("/decisions/").content.decode()
    late = client.post(url, {**sent, "outcome": "declined", "text": "My long reason"})
    assert late.status_code == 422
    assert "already been decided" in late.content.decode()
    assert "My long reason" in late.content.decode()


def test_a_question_reaches_the_ciso_and_the_answer_comes_back(client, cast):
    client.be(cast.people["liv"])
    client.post(f"{page_of(cast)}ask/", {"text": "What <b>if</b> it burns?", "area": "risks"})
    question = Question.unscoped.get()
    (asked,) = Message.unscoped.all()
    assert asked.to == cast.people["ingvild"].email
    assert client.get(f"/management/questions/{question.pk}/answer/").status_code == 403
    client.be(cast.people["ingvild"])
    answer = {"answer": "We are down for two days."}
    client.post(f"/management/questions/{question.pk}/answer/", answer)
    assert Message.unscoped.exclude(pk=asked.pk).get().to == cast.people["liv"].email
    page = client.be(cast.people["liv"]).get(page_of(cast)).content.decode()
    assert "We are down for two days." in page
    assert "<b>if</b>" not in page


def test_the_ciso_says_how_an_area_stands_and_what_was_said_is_kept(client, cast):
    client.be(cast.people["ingvild"])
    url = f"{page_of(cast)}words/?area=incidents"
    for text in ("First words", "Second words"):
        assert client.post(url, {"text": text, "judged": "watch"}).status_code == 302
    page = client.get(page_of(cast)).content.decode()
    assert "Second words" in page
    assert "First words" not in page
    assert "First words" in client.get(url).content.decode()
    assert client.get(f"{page_of(cast)}words/?area=weather").status_code == 404


def test_whom_it_does_not_concern_finds_nothing(client, cast):
    meeting = make_meeting(cast)
    for who in ("sigrid", "albin", "astrid", "ragna", "egil", "jonas"):
        client.be(cast.people[who])
        for url in (page_of(cast), f"/management/meetings/{meeting.pk}/pack/"):
            assert client.get(url).status_code == 404, who
    assert client.be(cast.people["egil"]).get("/management/").status_code == 404


def test_a_virtual_ciso_reaches_it_by_agreement_and_is_asked(client, cast):
    agreement = Agreement.unscoped.create(
        organisation=cast.elvdal, operator=cast.samvakt, service="ciso", valid_from="2025-01-01"
    )
    Assignment.unscoped.create(
        organisation=cast.samvakt,
        person=cast.people["ragna"],
        service="ciso",
        agreement=agreement,
    )
    client.be(cast.people["ragna"])
    assert client.get("/management/")["Location"] == f"/management/{cast.elvdal.pk}/"
    assert client.get(page_of(cast)).status_code == 404


def test_the_page_costs_the_same_however_much_there_is(client, cast):
    client.be(cast.people["ingvild"])
    costs = []
    for more in (2, 20):
        for n in range(more):
            make_proposal(cast, title=f"Proposal {n}")
            make_question(cast)
            make_action(cast.fjellvik)
        make_meeting(cast)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(cast)).status_code == 200
        costs.append(len(queries))
    assert costs[1] <= costs[0] <= 45, costs


def test_the_api_tells_lists_and_decides(client, cast):
    proposal, meeting = make_proposal(cast), make_meeting(cast)
    secret = token_create(actor=cast.liv, person=cast.people["liv"], name="x").secret
    headers = {"Authorization": f"Bearer {secret}"}

    def get(url):
        return json.loads(client.get(url, headers=headers).content)

    assert len(get(f"/api/management/{cast.fjellvik.pk}")["areas"]) == 8
    assert get(f"/api/meetings/{meeting.pk}")["points"][0]["title"]
    assert [each["id"] for each in get("/api/proposals?state=waiting")["items"]] == [proposal.pk]
    sent = {"outcome": "approved", "decided_by": "Liv", "decided_on": "2026-03-02", "version": 1}
    url = f"/api/proposals/{proposal.pk}/decide"
    for status in (200, 422):
        answer = client.post(url, sent, content_type="application/json", headers=headers)
        assert answer.status_code == status
    assert get(f"/api/proposals/{proposal.pk}")["state"] == "approved"
