"""What a body or a filter says and the API does not know is refused, not passed over."""

from __future__ import annotations

import json

import pytest

from samsyn.actions.models import Action
from samsyn.api.router import api
from tests.api.programs import Program
from tests.cast import make_action

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SCHEMA = api.get_openapi_schema()
FREE = {  # words that Samsyn does not choose, and why any may be asked for
    "search": "a part of a text",
    "report": "reports are named by who sends them",
    "taxonomy": "the classes come with the reports",
    "rsit_type": "the types come with the reports",
    "person": "a part of a name",
    "tag": "tags come with the reports",
    "product": "a part of a name",
    "address": "an address or a part of one",
}


@pytest.fixture
def ingvild(cast):
    return Program(cast, "ingvild")


def test_a_misspelt_member_is_named_and_nothing_is_made(ingvild, cast):
    given = {"organisation_id": cast.fjellvik.pk, "title": "x", "due": "2026-04-01"}
    answer = ingvild.post("/api/actions", given)
    assert answer.status_code == 422
    said = {"field": "due", "message": "There is no such field."}
    assert answer.json()["errors"] == [said]
    assert not Action.unscoped.exists()


def test_a_misspelt_member_of_a_change_is_refused_too(ingvild, cast):
    action = make_action(cast.fjellvik)
    answer = ingvild.patch(f"/api/actions/{action.pk}", {"version": 1, "titel": "y"})
    assert answer.status_code == 422


@pytest.mark.parametrize("body", [{"on": "2026-01-01"}, ["x"], "x"])
def test_a_body_is_refused_where_none_is_taken(ingvild, cast, body):
    answer = ingvild.post("/api/suppliers/1/retire", json.dumps(body))
    assert answer.status_code == 422
    assert ingvild.post("/api/suppliers/1/retire", {}).status_code == 404


def bodies():
    for path, methods in SCHEMA["paths"].items():
        for method, told in methods.items():
            for content in told.get("requestBody", {}).get("content", {}).values():
                yield pytest.param(content["schema"], id=f"{method} {path}")


@pytest.mark.parametrize("schema", list(bodies()))
def test_every_body_is_closed(schema):
    if "$ref" in schema:
        schema = SCHEMA["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "file" not in schema["properties"]:
        assert schema["additionalProperties"] is False


def words():
    for path, methods in SCHEMA["paths"].items():
        for each in methods.get("get", {}).get("parameters", ()):
            kinds = [each["schema"], *each["schema"].get("anyOf", ())]
            if each["in"] == "query" and any(kind.get("type") == "string" for kind in kinds):
                yield path, each["name"]


@pytest.mark.parametrize(
    ("path", "name"), [(p, n) for p, n in words() if n not in FREE and "{pk}" not in p]
)
def test_a_wrong_word_in_a_filter_is_refused_rather_than_answered_with_nothing(ingvild, path, name):
    answer = ingvild.get(f"{path}?{name}=no-such-word")
    assert answer.status_code == 422, f"narrow it with OneOf, or say why any word is taken: {name}"
    assert answer.json()["errors"][0]["field"].endswith(name)
    assert ingvild.get(f"{path}?{name}=").status_code in {200, 422}


def test_no_free_word_is_stale():
    assert set(FREE) <= {name for _path, name in words()}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/actions", "owner=me"),
        ("/api/actions", "owner=p12"),
        ("/api/actions", "owner=rciso"),
        ("/api/actions", "state=unclosed"),
        ("/api/findings", "state=unsolved"),
        ("/api/activities", "standing=unsettled"),
        ("/api/editions", "period=2026-Q1"),
        ("/api/organisations", "kind=municipality&country=NO"),
    ],
)
def test_the_words_that_have_a_meaning_are_taken(ingvild, path, query):
    assert ingvild.get(f"{path}?{query}").status_code == 200
