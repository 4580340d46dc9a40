"""A misspelt filter is refused by name, rather than answered with everything."""

from __future__ import annotations

import pytest

from samsyn.access.services import token_create
from samsyn.api.router import api
from tests.cast import make_finding

pytestmark = pytest.mark.django_db
SAYS = {
    "en": "There is no parameter stat here.",
    "sv": "Parametern stat finns inte här.",
    "nb": "Parameteren stat finnes ikke her.",
}


@pytest.fixture
def ask(client, cast):
    """Ask as a program of Astrid's."""
    make_finding(cast.fjellvik)
    secret = token_create(actor=cast.astrid, person=cast.people["astrid"], name="x").secret
    return lambda url: client.get(url, headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.parametrize("language", SAYS)
def test_an_unknown_parameter_is_named_in_the_persons_language(ask, cast, language):
    cast.people["astrid"].language = language
    cast.people["astrid"].save()
    answer = ask("/api/findings?stat=closed&size=5")
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("application/problem+json")
    body = answer.json()
    assert body["errors"][0]["field"] == "stat"
    assert SAYS[language] in body["detail"]
    assert "state" in body["detail"]


@pytest.mark.parametrize(
    "query", ["", "?page=1&size=5", "?state=open", "?severity=3&order=-severity"]
)
def test_what_is_described_is_taken(ask, query):
    names = {part.partition("=")[0] for part in query.strip("?").split("&") if part}
    described = api.get_openapi_schema()["paths"]["/api/findings"]["get"]["parameters"]
    known = names <= {each["name"] for each in described}
    assert ask(f"/api/findings{query}").status_code == (200 if known else 422)


def addresses():
    for path, told in api.get_openapi_schema()["paths"].items():
        if "get" in told and "{" not in path:
            yield path, [each["name"] for each in told["get"].get("parameters", ())]


@pytest.mark.parametrize(("path", "known"), list(addresses()))
def test_every_list_refuses_what_it_does_not_know_and_no_more(ask, path, known):
    answer = ask(f"{path}?no-such=1")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "no-such"
    assert not any("There is no parameter" in ask(f"{path}?{name}=1").content.decode()
                   for name in known)  # fmt: skip


def test_one_thing_refuses_it_too(ask, cast):
    finding = make_finding(cast.fjellvik, subject="198.18.0.99")
    assert ask(f"/api/findings/{finding.pk}").status_code == 200
    assert ask(f"/api/findings/{finding.pk}?state=open").status_code == 422


def test_a_stranger_learns_no_parameters(client, cast):
    assert client.get("/api/findings?no-such=1").status_code == 401
