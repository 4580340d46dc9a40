"""What the CISO prepares for management, and what management asks, by program."""

from __future__ import annotations

import pytest

from tests.api.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def ingvild(cast):
    return Program(cast, "ingvild")


def test_a_meeting_is_prepared_and_its_minutes_written(ingvild, cast):
    given = {"organisation_id": cast.fjellvik.pk, "title": "March", "held_on": "2026-03-02"}
    meeting = ingvild.post("/api/meetings", given).json()
    url = f"/api/meetings/{meeting['id']}"
    changed = ingvild.patch(url, {"participants": "Liv\nIngvild"}, If_Match='"1"')
    assert changed.json()["names"] == ["Liv", "Ingvild"]
    assert changed.json()["held_on"] == "2026-03-02", "what is left out stays as it is"
    assert ingvild.patch(url, {"held_on": None}, If_Match="*").status_code == 422
    item = ingvild.post(f"{url}/items", {"title": "Backups"}).json()
    answer = ingvild.post(f"/api/agenda-items/{item['id']}/minutes", {"minutes": "Good."})
    assert answer.json()["minutes"] == "Good."
    assert ingvild.post(f"{url}/freeze").json()["state"] == "frozen"
    assert ingvild.patch(url, {"place": "Elsewhere"}, If_Match="*").status_code in {409, 412, 422}


def test_a_proposal_is_made_changed_and_withdrawn(ingvild, cast):
    given = {
        "organisation_id": cast.fjellvik.pk, "title": "Two factors", "why": "x",
        "recommendation": "Yes", "if_yes": "x", "if_no": "y",
    }  # fmt: skip
    made = ingvild.post("/api/proposals", given).json()
    url = f"/api/proposals/{made['id']}"
    assert ingvild.patch(url, {"cost": 10}, If_Match='"1"').json()["cost"] == 10
    assert ingvild.patch(url, {"cost": 11}, If_Match='"1"').status_code == 412
    assert ingvild.post(f"{url}/withdraw", {"reason": "Done."}).json()["state"] == "withdrawn"


def test_management_asks_and_the_ciso_answers(ingvild, cast):
    liv = Program(cast, "liv")
    given = {"organisation_id": cast.fjellvik.pk, "text": "Can we restore?"}
    asked = liv.post("/api/questions", given).json()
    url = f"/api/questions/{asked['id']}/answer"
    assert liv.post(url, {"answer": "x"}).status_code == 403
    assert ingvild.post(url, {"answer": "Yes."}).json()["answer"] == "Yes."
    assert [each["answer"] for each in liv.get("/api/questions").json()["items"]] == ["Yes."]


def test_a_target_picture_is_written_and_decided(ingvild, cast):
    given = {"organisation_id": cast.fjellvik.pk, "until_year": 2031, "text": "Restore in a day."}
    made = ingvild.post("/api/target-pictures", given).json()
    given = {"decided_by": "The council", "decided_on": "2026-03-02"}
    url = f"/api/target-pictures/{made['id']}"
    decided = ingvild.post(f"{url}/decide", given, If_Match='"1"')
    assert decided.json()["decision_id"]
    assert ingvild.get(url)["ETag"] == decided["ETag"]


def test_words_on_an_area(ingvild, cast):
    from samsyn.reporting.content import area_keys

    url = f"/api/management/{cast.fjellvik.pk}/words"
    given = {"area": area_keys()[0], "text": "Better than last year."}
    assert ingvild.post(url, given).json()["text"] == "Better than last year."
    assert ingvild.post(url, {**given, "area": "nowhere"}).status_code == 422
