"""Who asks for help is seen on the desk and found in the list, until it is answered otherwise."""

from __future__ import annotations

import pytest

from samsyn.access.services import token_create
from samsyn.findings.selectors import finding_list
from samsyn.findings.services import finding_answer
from tests.cast import NOON, make_finding

pytestmark = pytest.mark.django_db
HEADING = "Members who ask for help"


@pytest.fixture
def finding(cast):
    made = make_finding(cast.fjellvik)
    finding_answer(
        actor=cast.jonas, finding=made, answer="help", at=NOON, note="Who runs this machine?"
    )
    return made


def test_the_analyst_sees_it_on_the_desk(client, cast, finding):
    text = client.be(cast.people["astrid"]).get("/desk/").content.decode()
    assert HEADING in text
    assert "198.18.0.7:3389" in text[text.index(HEADING) :][:1500]


def test_the_desk_says_nothing_when_nobody_asks(client, cast):
    make_finding(cast.fjellvik)
    assert HEADING not in client.be(cast.people["astrid"]).get("/desk/").content.decode()


def test_another_answer_takes_it_from_the_desk(client, cast, finding):
    finding_answer(actor=cast.jonas, finding=finding, answer="fixed", at=NOON)
    assert HEADING not in client.be(cast.people["astrid"]).get("/desk/").content.decode()


def test_one_that_has_come_back_is_told_anew_and_asks_no_more(client, cast, finding):
    type(finding).unscoped.update(state="reopened", reopened_count=1)
    assert HEADING not in client.be(cast.people["astrid"]).get("/desk/").content.decode()


def test_the_list_can_be_narrowed_to_it(cast, finding):
    make_finding(cast.fjellvik, subject="198.18.0.8")
    assert list(finding_list(actor=cast.astrid, answer="help")) == [finding]


def test_the_page_of_the_finding_tells_it_with_the_note(client, cast, finding):
    text = client.be(cast.people["astrid"]).get(finding.get_absolute_url()).content.decode()
    assert "we need help" in text
    assert "Who runs this machine?" in text


def test_programs_can_ask_and_look_for_it(client, cast):
    made = make_finding(cast.fjellvik)
    secret = token_create(actor=cast.jonas, person=cast.people["jonas"], name="test").secret
    headers = {"Authorization": f"Bearer {secret}"}
    given = {"answer": "help", "note": "Please call"}
    answer = client.post(
        f"/api/findings/{made.pk}/answer", given, content_type="application/json", headers=headers
    )
    assert answer.json()["answer_kind"] == "help"
    assert client.get("/api/findings?answer=help", headers=headers).json()["count"] == 1
    assert client.get("/api/findings?answer=fixed", headers=headers).json()["count"] == 0
