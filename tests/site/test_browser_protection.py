"""What a page tells the browser, over TLS and on each kind of answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from urllib.parse import quote

import pytest

from tests.house.laws import ROOT

ASK = """
import json, django
django.setup()
from django.test import Client
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.db import connection
connection.creation.create_test_db(verbosity=0, serialize=False)
browser = Client(headers={"host": "samsyn.example"})
page = browser.get("/accounts/password/reset/", secure=True)
browser.post("/language/", {"language": "sv"}, secure=True)
cookies = {n: {k: c[k] for k in ("secure", "httponly", "samesite", "path", "domain")}
           for n, c in browser.cookies.items()}
from samsyn.access.sessions import HostCookieStorage
from samsyn.access.attempts import COOKIE
from samsyn.maturity.rate_views import SEAT_COOKIE
names = [settings.SESSION_COOKIE_NAME, HostCookieStorage.cookie_name]
session = [settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY]
session.append(settings.SESSION_COOKIE_SAMESITE)
print(json.dumps({"headers": dict(page.headers), "cookies": cookies, "names": names,
                  "parts": [SEAT_COOKIE, COOKIE], "session": session}))
"""


@pytest.fixture(scope="module")
def over_tls():
    """What an installation with an address that begins with https:// answers."""
    told = {"SAMSYN_BASE_URL": "https://samsyn.example", "SAMSYN_HOSTS": "samsyn.example"}
    environment = {**os.environ, **told, "DJANGO_SETTINGS_MODULE": "samsyn.settings"}
    asked = [sys.executable, "-c", ASK]
    done = subprocess.run(
        asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.once
def test_cookies_are_for_this_host_over_tls_only(over_tls):
    assert set(over_tls["cookies"]) == {"__Host-csrftoken", "__Host-samsyn_language"}
    for cookie in over_tls["cookies"].values():
        assert [cookie["secure"], cookie["httponly"]] == [True, True]
        assert [cookie["samesite"], cookie["path"], cookie["domain"]] == ["Lax", "/", ""]
    assert over_tls["names"] == ["__Host-sessionid", "__Host-messages"]
    assert over_tls["session"] == [True, True, "Lax"]
    assert all(name.startswith("__Secure-") for name in over_tls["parts"])


@pytest.mark.once
def test_the_browser_is_told_to_come_over_tls_for_a_year(over_tls):
    assert over_tls["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


PATHS = (
    "/accounts/login/",
    "/me/",
    "/nowhere/",
    "/api/organisations",
    "/healthz",
    "/findings/?export=csv",
)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_same_protection(client, cast, path):
    client.force_login(cast.people["ingvild"])
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    for wanted in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert wanted in policy
    assert "unsafe" not in policy
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", PATHS)
def test_text_says_its_character_set(client, cast, path):
    client.force_login(cast.people["ingvild"])
    answer = client.get(path)
    kind = answer.headers["Content-Type"]
    assert answer.status_code == 302 or "charset=utf-8" in kind or kind.startswith("application/")


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "DEBUG"])
def test_strange_methods_do_nothing(client, cast, method):
    client.force_login(cast.people["ingvild"])
    for path in ("/me/", "/api/organisations", "/healthz"):
        assert client.generic(method, path).status_code == 405


def test_no_folder_is_listed_and_no_source_is_served(client, cast):
    client.force_login(cast.people["ingvild"])
    for path in ("/static/", "/static/ui/", "/.git/config", "/static/../manage.py", "/files/"):
        assert client.get(path).status_code == 404


def test_a_line_break_in_an_address_forges_no_line_in_the_log(client, cast, caplog):
    client.force_login(cast.people["ingvild"])
    client.get("/nowhere%0a2026-01-01 ERROR samsyn: forged")
    assert caplog.records
    assert not [record for record in caplog.records if "\n" in record.getMessage()]


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
    ],
)
def test_no_way_on_leads_to_another_host(client, cast, wanted):
    given = {"login": cast.people["ingvild"].email, "password": "correct horse battery"}
    answers = [
        client.post("/language/", {"language": "sv", "next": wanted}),
        client.post(f"/accounts/login/?next={quote(wanted)}", {**given, "next": wanted}),
        client.post(f"/accounts/logout/?next={quote(wanted)}", {"next": wanted}),
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert not [
        answer.url
        for answer in answers
        if not answer.url.startswith("/") or "elsewhere" in answer.url
    ]
