"""What has a version is answered with an ETag, and If-Match keeps others' changes."""

from __future__ import annotations

import pytest

from samsyn.actions.models import Action
from samsyn.actions.services import action_change
from tests.api.programs import Program
from tests.cast import NOON, make_action, make_finding
from tests.suppliers.builders import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def ingvild(cast):
    return Program(cast, "ingvild")


def test_a_thing_has_its_version_as_etag_and_a_list_has_none(ingvild, cast):
    action = make_action(cast.fjellvik)
    assert ingvild.get(f"/api/actions/{action.pk}")["ETag"] == '"1"'
    assert "ETag" not in ingvild.get("/api/actions")


def test_a_change_of_what_one_has_read_is_made_and_has_the_next_etag(ingvild, cast):
    action = make_action(cast.fjellvik)
    etag = ingvild.get(f"/api/actions/{action.pk}")["ETag"]
    answer = ingvild.patch(f"/api/actions/{action.pk}", {"title": "New"}, If_Match=etag)
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    assert answer.json()["title"] == "New"


@pytest.mark.parametrize("etag", ['W/"1"', '"7", "1"', "*"])
def test_other_ways_to_write_it_match(ingvild, cast, etag):
    action = make_action(cast.fjellvik)
    answer = ingvild.patch(f"/api/actions/{action.pk}", {"title": "New"}, If_Match=etag)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "etag", ["1", "W/1", "'1'", '"1', '"1" "2"', '"1", 2', '*, "1"', '"*, 1', '"1",', 'w/"1"']
)
def test_what_is_not_written_as_an_etag_is_refused_with_how_to_write_it(ingvild, cast, etag):
    """It was told that somebody had changed the thing."""
    action = make_action(cast.fjellvik)
    answer = ingvild.patch(f"/api/actions/{action.pk}", {"title": "New"}, If_Match=etag)
    said = answer.json()
    assert (answer.status_code, said["errors"][0]["field"]) == (422, "If-Match")
    assert '"3"' in said["detail"]
    assert Action.unscoped.get().version == 1


def test_what_another_has_changed_stays_theirs(ingvild, cast):
    action = make_action(cast.fjellvik)
    action_change(actor=cast.ingvild, action=action, now=NOON, title="Theirs")
    answer = ingvild.patch(f"/api/actions/{action.pk}", {"title": "Mine"}, If_Match='"1"')
    assert answer.status_code == 412
    assert answer["Content-Type"].startswith("application/problem+json")
    assert Action.unscoped.get().title == "Theirs"


def test_the_version_in_the_body_answers_409_as_before(ingvild, cast):
    action = make_action(cast.fjellvik)
    body = {"title": "Mine", "version": 7}
    assert ingvild.patch(f"/api/actions/{action.pk}", body).status_code == 409


def test_a_change_between_the_comparison_and_the_change_is_found_too(ingvild, cast):
    """The header matched, and the row has moved on before the write."""
    action = make_action(cast.fjellvik)
    answer = ingvild.patch(
        f"/api/actions/{action.pk}", {"title": "Mine", "version": 7}, If_Match='"1"'
    )
    assert answer.status_code == 412


def test_who_says_neither_is_asked_for_one(ingvild, cast):
    action = make_action(cast.fjellvik)
    answer = ingvild.patch(f"/api/actions/{action.pk}", {"title": "Mine"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "version"


def test_a_step_and_an_end_heed_it_too(ingvild, cast):
    action, supplier = make_action(cast.fjellvik), make_supplier(cast)
    path = f"/api/actions/{action.pk}/move"
    assert ingvild.post(path, {"step": "start"}, If_Match='"9"').status_code == 412
    assert ingvild.post(path, {"step": "start"}, If_Match='"1"').status_code == 200
    path = f"/api/suppliers/{supplier.pk}/retire"
    assert ingvild.post(path, If_Match='"9"').status_code == 412
    assert ingvild.post(path, If_Match='"1"')["ETag"] == '"2"'


def test_what_has_no_version_matches_only_the_star(ingvild, cast):
    finding = make_finding(cast.fjellvik)
    path = f"/api/findings/{finding.pk}/answer"
    assert ingvild.post(path, {"answer": "fixed"}, If_Match='"1"').status_code == 412
    assert ingvild.post(path, {"answer": "fixed"}, If_Match="*").status_code == 200
