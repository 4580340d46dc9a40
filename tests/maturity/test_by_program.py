"""A dialogue is prepared, met and decided by program; ratings stay with people."""

from __future__ import annotations

import pytest

from samsyn.actions.models import Action
from samsyn.maturity.models import Participant
from tests.api.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def ingvild(cast):
    return Program(cast, "ingvild")


@pytest.fixture
def dialogue(ingvild, cast):
    given = {"organisation_id": cast.fjellvik.pk, "title": "Spring", "held_on": "2026-04-01"}
    return ingvild.post("/api/dialogues", given).json()


def test_the_whole_way_from_preparing_to_a_plan(ingvild, dialogue):
    url, area = f"/api/dialogues/{dialogue['id']}", dialogue["areas"][0]["id"]
    changed = ingvild.patch(url, {"title": "Maturity"}, If_Match='"1"')
    assert (changed.json()["title"], changed["ETag"]) == ("Maturity", '"2"')
    given = {"people": "Liv <liv@fjellvik.example>", "group": "leadership"}
    assert ingvild.post(f"{url}/invite", given).status_code == 200
    assert Participant.unscoped.get().name == "Liv"
    for step in ("rating", "meeting"):
        assert ingvild.post(f"{url}/move", {"step": step}).json()["step"] == step
    assert ingvild.post(f"/api/dialogue-areas/{area}/show").status_code == 200
    assert ingvild.post(f"/api/dialogue-areas/{area}/reveal").json()["areas"][0]["is_revealed"]
    agreed = ingvild.post(f"/api/dialogue-areas/{area}/agree", {"agreed": 2, "reasons": "We try"})
    assert agreed.json()["areas"][0]["agreed"] == 2
    given = {"what": "Restore once a quarter", "horizon": "near"}
    proposal = ingvild.post(f"/api/dialogue-areas/{area}/proposals", given).json()
    given = {"what": "Restore twice a year", "horizon": "near"}
    assert ingvild.patch(f"/api/dialogue-proposals/{proposal['id']}", given).status_code == 200
    given = {"decided_by": "The management group", "decided_on": "2026-04-01"}
    assert ingvild.post(f"{url}/decide", given).status_code == 200
    assert Action.unscoped.get().title == "Restore twice a year"
    assert ingvild.post(f"{url}/move", {"step": "closed"}).json()["closed_at"]


def test_areas_targets_links_and_the_clock(ingvild, dialogue):
    url, area = f"/api/dialogues/{dialogue['id']}", dialogue["areas"][0]["id"]
    own = ingvild.post(f"{url}/areas", {"name": "Water"}).json()["areas"][-1]
    assert own["name"] == "Water"
    assert ingvild.post(f"/api/dialogue-areas/{own['id']}/remove").status_code == 204
    found = ingvild.post(f"{url}/targets", {"targets": {str(area): 3}}).json()
    assert found["areas"][0]["target"] == 3
    assert ingvild.post(f"{url}/renew-links").status_code == 200
    assert ingvild.post(f"{url}/timer", {"minutes": 10}).status_code == 200
    assert ingvild.post(f"{url}/timer", {"minutes": 181}).status_code == 422


def test_a_reader_may_not_lead(cast, dialogue):
    reader = Program(cast, "liv")
    answer = reader.post(f"/api/dialogues/{dialogue['id']}/move", {"step": "rating"})
    assert answer.status_code == 403
