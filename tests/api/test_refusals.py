"""Everything that goes wrong at an address of the API has one shape, whoever asks and however."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from samsyn.access.bodies import FORM_MOST
from samsyn.api.router import api
from tests.api.programs import Program

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SCHEMA = api.get_openapi_schema()
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "DEBUG")
ADDRESSES = {
    path: {method.upper() for method in methods} for path, methods in SCHEMA["paths"].items()
}
CHANGES = [
    (path, method, next(iter(told["requestBody"]["content"])))
    for path, methods in SCHEMA["paths"].items()
    for method, told in methods.items()
    if "requestBody" in told
]
PAGES = ("/api/docs", "/api/openapi.json")


def is_problem(answer, status):
    """Require the one shape, with something to read in it."""
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"title", "status", "detail", "errors"}
    assert (body["status"], type(body["errors"])) == (status, list)
    assert body["detail"]
    return body


@pytest.fixture
def ask(cast):
    """Ask as a program of Ingvild's, of a server that asks browsers for their token."""
    program, client = Program(cast, "ingvild"), Client(enforce_csrf_checks=True)

    def send(method, path, body="", kind="application/json", **headers):
        head = {"Authorization": f"Bearer {program.secret}", **headers}
        url = path.replace("{pk}", "1")
        return client.generic(method, url, body, content_type=kind, headers=head)

    return send


@pytest.mark.parametrize(("path", "takes"), list(ADDRESSES.items()))
def test_a_method_that_an_address_does_not_take_is_said_with_those_that_it_takes(
    ask, client, path, takes
):
    for method in set(METHODS) - takes:
        answer = ask(method, path)
        detail = is_problem(answer, 405)["detail"]
        assert set(answer["Allow"].split(", ")) == takes
        assert method in detail
        assert "RateLimit" in answer
    for headers in ({}, {"Authorization": "Bearer samsyn_x"}):  # a stranger learns no methods
        answer = client.generic("DELETE", path.replace("{pk}", "1"), headers=headers)
        is_problem(answer, 401)
        assert "Allow" not in answer


@pytest.mark.parametrize(("path", "method", "kind"), CHANGES)
def test_a_body_that_cannot_be_taken_is_refused_in_the_one_shape(
    ask, cast, settings, path, method, kind
):
    method = method.upper()
    other = "text/plain" if kind == "application/json" else "application/json"
    detail = is_problem(ask(method, path, "{}", other), 415)["detail"]
    assert kind in detail
    assert other in detail
    if kind == "application/json":
        is_problem(ask(method, path, "{"), 400)
        is_problem(ask(method, path, " " * (FORM_MOST + 1)), 413)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.people["ingvild"])
    url = path.replace("{pk}", "1")
    is_problem(browser.generic(method, url, "{}", content_type=kind), 403)
    cache.clear()
    settings.API_CALLS = 0
    for each in ("DELETE", method):
        answer = ask(each, path, "{}")
        is_problem(answer, 429)
        assert answer["Retry-After"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_the_description_of_the_api_is_only_read(ask, cast, path, method):
    assert ask(method, path)["Allow"] == "GET, HEAD"
    is_problem(ask(method, path), 405)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.people["ingvild"])
    is_problem(browser.generic(method, path), 403)


@pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/actions/", "/api/actions/1/x"])
def test_an_unknown_address_has_the_shape_with_every_method_and_for_everybody(
    ask, client, cast, path
):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.people["ingvild"])
    for method in METHODS:
        assert is_problem(ask(method, path), 404)["title"] == "NotFound"
        is_problem(client.generic(method, path), 404)
        is_problem(browser.generic(method, path), 404)
