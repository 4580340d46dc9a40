"""The API takes a token, or a session with the CSRF token in a header: no page of others' acts."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from samsyn.access.services import token_create
from samsyn.actions.models import Action

pytestmark = pytest.mark.django_db
ELSEWHERE = {"origin": "https://evil.example"}


@pytest.fixture
def browser(cast):
    """A browser that is asked for the CSRF token, with Ingvild signed in."""
    made = Client(enforce_csrf_checks=True)
    made.force_login(cast.people["ingvild"], backend=settings.AUTHENTICATION_BACKENDS[0])
    return made


def action(cast):
    return {"organisation_id": cast.fjellvik.pk, "title": "Planted", "due_on": "2030-01-01"}


def token_of(browser):
    browser.get("/me/")
    return browser.cookies["csrftoken"].value


def refused(answer):
    body = answer.json()
    return answer.status_code == 403 and body["status"] == 403 and "X-CSRFToken" in body["detail"]


@pytest.mark.parametrize("headers", [{}, ELSEWHERE, {"sec-fetch-site": "cross-site"}])
def test_a_change_with_only_a_session_is_refused(browser, cast, headers):
    answer = browser.post("/api/actions", action(cast), "application/json", headers=headers)
    assert refused(answer)
    assert answer["Content-Type"].startswith("application/problem+json")
    assert not Action.unscoped.filter(title="Planted").exists()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_needs_no_leave_to_cross_sites_is_refused(browser, cast, kind):
    assert refused(browser.post("/api/actions", "{}", kind, headers=ELSEWHERE))


def test_a_form_with_a_file_is_refused_too(browser, cast):
    given = {"organisation_id": cast.fjellvik.pk, "csrfmiddlewaretoken": token_of(browser)}
    assert refused(browser.post("/api/documents", given))


def test_a_wrong_token_in_the_header_is_refused(browser, cast):
    token_of(browser)
    headers = {"x-csrftoken": "x" * 64}
    assert refused(browser.post("/api/actions", action(cast), "application/json", headers=headers))


def test_the_right_token_from_another_site_is_refused(browser, cast):
    headers = {"x-csrftoken": token_of(browser), **ELSEWHERE}
    assert refused(browser.post("/api/actions", action(cast), "application/json", headers=headers))


def test_the_right_token_opens(browser, cast):
    headers = {"x-csrftoken": token_of(browser)}
    answer = browser.post("/api/actions", action(cast), "application/json", headers=headers)
    assert answer.status_code == 200
    assert Action.unscoped.filter(title="Planted").exists()


def test_every_way_to_change_asks_for_it(browser, cast):
    from samsyn.api.router import api

    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in set(methods) - {"get"}:
            url = path.replace("{pk}", "1")
            assert refused(getattr(browser, method)(url, {}, "application/json")), path


def test_reading_with_a_session_needs_none(browser):
    assert browser.get("/api/actions").status_code == 200


def test_a_token_in_the_header_needs_none(cast):
    secret = token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="x").secret
    headers = {"authorization": f"Bearer {secret}"}
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/api/actions", action(cast), "application/json", headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("url", ["/api/docs", "/api/openapi.json"])
def test_the_description_of_the_api_is_for_who_is_signed_in(client, cast, url):
    answer = client.get(url, headers={"Accept": "text/html"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert client.be(cast.people["egil"]).get(url).status_code == 200


def test_a_program_reads_the_description_with_its_token(client, cast):
    secret = token_create(actor=cast.egil, person=cast.people["egil"], name="x").secret
    headers = {"authorization": f"Bearer {secret}"}
    assert client.get("/api/openapi.json", headers=headers).json()["info"]["title"] == "Samsyn"
    headers = {"authorization": "Bearer samsyn_wrong"}
    refused = client.get("/api/openapi.json", headers=headers)
    assert (refused.status_code, refused.json()["title"]) == (401, "NotSignedIn")


def test_the_page_of_the_api_asks_nobody_else_and_sends_the_csrf_token(client, cast):
    page = client.be(cast.people["egil"]).get("/api/docs").content.decode()
    assert '"validatorUrl": null' in page
    assert 'data-api-csrf="true"' in page
    assert "http" not in page
