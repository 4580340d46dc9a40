"""What every answer says of itself: who may keep it, who may frame it, where it may lead."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samsyn.findings.answer_links import answer_url
from samsyn.maturity.links import door_url
from tests.house.test_doors import pages
from tests.maturity.builders import make_dialogue
from tests.messages.builders import make_message

pytestmark = pytest.mark.django_db
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "http:///evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
]


def is_private(answer):
    said = answer.headers.get("Cache-Control", "")
    return "no-store" in said and ("private" in said or said == "no-store")


@pytest.mark.once
@pytest.mark.parametrize("name", list(pages(with_subject=False)))
def test_no_page_is_kept_by_others(client, cast, name):
    answer = client.be(cast.people["henrik"]).get(reverse(name))
    assert is_private(answer), answer.headers
    assert "Cookie" in answer["Vary"]


@pytest.mark.parametrize(
    "url",
    ["/accounts/login/", "/accounts/password/reset/", "/nothing/", "/healthz", "/api/actions", "/"],
)
def test_what_a_stranger_sees_is_not_kept_either(client, cast, url):
    answer = client.get(url)
    assert is_private(answer)
    assert {"Cookie", "Accept-Language"} <= {each.strip() for each in answer["Vary"].split(",")}


def test_a_signed_link_is_kept_nowhere(client, cast):
    message = make_message(organisation=cast.fjellvik, operator=cast.samvakt)
    urls = [answer_url(message.key), door_url(make_dialogue(cast, "rating"))]
    for url in urls:
        assert is_private(client.get(url.partition("8000")[2]))
    assert is_private(client.get("/wheel/feed/wrong.ics"))


def test_the_files_of_pages_may_be_kept(client, db):
    answer = client.get("/static/ui/samsyn.css")
    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("Cache-Control", "")
    answer.close()


def test_signing_out_clears_what_the_browser_has_kept(client, cast):
    client.be(cast.people["ingvild"])
    answer = client.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get("/accounts/login/")
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_address_given_along_leads_to_another_site(client, cast, wanted, settings):
    settings.DEMONSTRATION = True
    person = cast.people["ingvild"]
    given = {"login": person.email, "password": "correct horse battery", "next": wanted}
    sent = [
        client.post("/accounts/login/", given),
        client.post("/language/", {"language": "sv", "next": wanted}),
        client.post("/theme/", {"theme": "dark", "next": wanted}),
        client.post("/choose-person/", {"person": person.pk, "next": wanted}),
        client.post("/accounts/logout/", {"next": wanted}),
    ]
    for answer in sent:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/")
        assert not answer["Location"].startswith(("//", "/\\"))
        assert "evil" not in answer["Location"]


@pytest.mark.parametrize(
    ("url", "headers", "status"),
    [
        ("/nothing/", {}, 404),
        ("/", {"host": "somebody-else.example"}, 400),
        ("/accounts/login/", {}, 200),
        ("/answer/wrong/", {}, 404),
        ("/api/actions", {}, 401),
    ],
)
def test_pages_of_errors_are_protected_as_all_are(client, cast, url, headers, status):
    if status == 404:
        client.be(cast.people["egil"])
    answer = client.get(url, headers=headers)
    assert answer.status_code == status
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_fault_of_ours_is_shown_under_the_same_policy(client, cast, monkeypatch):
    from samsyn.site import views

    def broken():
        raise RuntimeError

    monkeypatch.setattr(views, "is_well", broken)
    client.raise_request_exception = False
    answer = client.get("/healthz")
    assert answer.status_code == 500
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert is_private(answer)


def test_a_form_that_was_sent_from_elsewhere_is_refused_under_the_same_policy(cast):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
    assert answer.status_code == 403
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "DEBUG", "PROPFIND", "CONNECT"])
@pytest.mark.parametrize("url", ["/", "/me/", "/actions/", "/healthz", "/api/actions"])
def test_methods_that_nothing_uses_show_and_change_nothing(client, cast, method, url):
    client.be(cast.people["ingvild"])
    answer = client.generic(method, url, headers={"x-secret": "s3cret"})
    assert answer.status_code in {403, 405}, answer.status_code
    assert b"s3cret" not in answer.content


@pytest.mark.parametrize("name", ["x-http-method-override", "x-method-override", "x-http-method"])
def test_no_header_turns_reading_into_changing(client, cast, name):
    client.be(cast.people["ingvild"])
    client.get("/accounts/logout/", headers={name: "POST"})
    client.get("/accounts/logout/?_method=POST")
    assert client.get("/me/").status_code == 200


def test_asking_only_for_the_head_changes_nothing_and_sends_no_body(client, cast):
    client.be(cast.people["ingvild"])
    assert client.head("/accounts/logout/").content == b""
    assert client.get("/me/").status_code == 200
    assert client.options("/me/").status_code == 200


def test_the_cookies_are_out_of_reach_for_scripts_and_other_sites(client, cast, settings):
    settings.SESSION_COOKIE_SECURE = True
    given = {"login": cast.people["ingvild"].email, "password": "correct horse battery"}
    client.post("/accounts/login/", given)
    client.post("/language/", {"language": "sv"})
    for name in ("sessionid", "samsyn_language"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["secure"], name
        assert cookie["samesite"] == "Lax", name


@pytest.mark.once
def test_only_the_api_is_exempt_from_the_check_of_forms():
    from django.urls import get_resolver

    def views_of(resolver, path=""):
        for entry in resolver.url_patterns:
            here = path + str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                yield from views_of(entry, here)
            else:
                yield here, entry.callback

    exempt = [path for path, view in views_of(get_resolver()) if getattr(view, "csrf_exempt", 0)]
    assert exempt
    assert all(path.startswith("api/") for path in exempt), exempt
