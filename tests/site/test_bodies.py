"""How much may be sent where, by whom; decided before any of it is read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver

from samsyn.access.bodies import FORM_MOST, STRANGER_MOST
from samsyn.access.services import token_create
from samsyn.ui.screens import FormScreen
from tests.house.laws import ROOT, addresses
from tests.site.gunicorn import ask, serving

FAR_TOO_LARGE = 200 * 1024 * 1024


class Unread:
    """A body that nobody may read."""

    def read(self, *_sizes):
        raise AssertionError("the body was read")

    readline = read


@pytest.fixture
def sends(client):
    """Send a request that announces so many bytes, of which none may be read."""

    def send(url, length, *, kind="application/x-www-form-urlencoded", **headers):
        return client.generic(
            "POST", url, b"", kind, CONTENT_LENGTH=str(length), headers=headers,
            **{"wsgi.input": Unread()},
        )  # fmt: skip

    return send


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/accounts/login/", "/language/", "/answer/x/1/", "/rate/in/x/"])
def test_a_strangers_form_is_small(sends, url):
    answer = sends(url, STRANGER_MOST + 1)
    assert answer.status_code == 413
    assert "<h1" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/me/", "/findings/", "/actions/new/", "/organisations/new/"])
def test_a_form_of_who_is_signed_in_is_limited(client, cast, sends, url):
    client.be(cast.people["henrik"])
    assert sends(url, FORM_MOST + 1).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/documents/new/", "/feeds/read/", "/resources/import/"])
def test_a_file_of_a_stranger_is_not_read(sends, url):
    assert sends(url, 1000).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "url"),
    [
        ("egil", "/documents/new/"),
        ("jonas", "/feeds/read/"),
        ("ingvild", "/feeds/read/"),
        ("jonas", "/resources/import/"),
    ],
)
def test_a_file_of_who_may_not_send_it_is_not_read(client, cast, sends, who, url):
    client.be(cast.people[who])
    assert sends(url, 1000, kind="multipart/form-data; boundary=x").status_code in {403, 404}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "url"),
    [("ingvild", "/documents/new/"), ("astrid", "/feeds/read/"), ("astrid", "/resources/import/")],
)  # fmt: skip
def test_a_file_far_too_large_is_not_read(client, cast, sends, settings, who, url):
    settings.FILE_MB = settings.REPORT_MB = 1
    client.be(cast.people[who])
    assert sends(url, FAR_TOO_LARGE, kind="multipart/form-data; boundary=x").status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/feeds/read/", "/resources/import/"])
def test_a_file_a_little_too_large_is_refused_at_its_field(client, cast, settings, url):
    settings.REPORT_MB = 1
    client.be(cast.people["astrid"])
    file = SimpleUploadedFile("report.csv", b"x" * (24 * 1024 * 1024))
    answer = client.post(url, {"file": file})
    assert answer.status_code == 422
    assert "which is the most that is kept" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_the_page_says_it_in_three_languages(client, cast, sends, language):
    titles = {
        "sv": "Det som skickades är för stort",
        "nb": "Det som ble sendt, er for stort",
        "en": "What was sent is too large",
    }
    answer = sends("/accounts/login/", FORM_MOST, **{"accept-language": language})
    assert titles[language] in answer.content.decode()


def token(cast, who):
    actor, person = getattr(cast, who), cast.people[who]
    return f"Bearer {token_create(actor=actor, person=person, name='x').secret}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "who", "length", "status"),
    [
        ("/api/actions", None, STRANGER_MOST + 1, 413),
        ("/api/actions", None, 1000, 401),
        ("/api/actions", "ingvild", FORM_MOST + 1, 413),
        ("/api/documents", "ingvild", FAR_TOO_LARGE, 413),
        ("/api/documents", "egil", 1000, 403),
        ("/api/documents", None, 1000, 401),
        ("/api/nothing", "ingvild", 1000, 404),
    ],
)
def test_the_api_refuses_in_its_own_form_before_reading(cast, sends, url, who, length, status):
    headers = {"authorization": token(cast, who)} if who else {}
    answer = sends(url, length, kind="application/json", **headers)
    assert answer.status_code == status
    if status in {401, 403, 413}:
        assert answer.json()["status"] == status


@pytest.mark.django_db
def test_a_wrong_token_gets_nothing_read(sends):
    answer = sends("/api/documents", 10_000_000, authorization="Bearer samsyn_wrong")
    assert answer.status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/accounts/login/", "/api/actions"])
def test_a_body_of_unknown_length_is_refused(client, url):
    answer = client.post(url, headers={"transfer-encoding": "chunked"})
    assert answer.status_code == 411


@pytest.mark.django_db
def test_many_fields_are_too_much(client, cast):
    client.be(cast.people["ingvild"])
    answer = client.post("/theme/", {f"f{n}": "x" for n in range(2000)})
    assert answer.status_code == 413


def form_views():
    def below(resolver):
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                yield from below(entry)
            elif issubclass(getattr(entry.callback, "view_class", object), FormScreen):
                yield entry.name, entry.callback

    return list(below(get_resolver()))


@pytest.mark.once
def test_every_view_with_a_file_says_how_large_it_may_be_and_no_other_takes_one():
    takes = set()
    for name, view in form_views():
        screen = view.view_class(**view.view_initkwargs)
        has_file = any(
            field.widget.needs_multipart_form for field in screen.form.base_fields.values()
        )
        assert bool(screen.upload_most()) == has_file, name
        takes |= {name} if has_file else set()
    assert len(takes) >= 4


@pytest.mark.once
def test_the_documented_proxies_let_files_through_where_the_views_take_them_and_nowhere_else():
    text = (ROOT / "docs/operations.md").read_text()
    rules = re.findall(r"(?:location ~|path_regexp) (\^/\S+)", text)
    assert len(rules) == 2, "one of nginx, one of Caddy"
    paths = {name: f"/{re.sub(r'<(int:)?pk>', '7', path)}" for name, path in addresses()}
    files = ("documents", "documents/7/versions", "resources/import", "observations/import")
    takes = {f"/api/{path}" for path in files}
    for name, view in form_views():
        if view.view_class(**view.view_initkwargs).upload_most():
            takes |= {path for key, path in paths.items() if key.split(":")[-1] == name}
    takes -= {path for path in takes if path.endswith("/new/") and "documents" not in path}
    for rule in rules:
        assert {path for path in paths.values() if re.match(rule, path)} <= takes
        for path in ("/documents/new/", "/documents/7/versions/new/", "/feeds/read/"):
            assert re.match(rule, path), (rule, path)
        assert re.match(rule, "/resources/import/")
        assert all(re.match(rule, f"/api/{path}") for path in files)


@pytest.mark.once
def test_the_limit_stands_before_whatever_reads_the_body():
    order = settings.MIDDLEWARE
    limit = order.index("samsyn.site.bodies.BodyLimitMiddleware")
    assert limit < order.index("django.middleware.csrf.CsrfViewMiddleware")
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == FORM_MOST


PREPARE = """
import django, json
django.setup()
from django.conf import settings
from django.core.management import call_command

class Models(dict):  # the tables straight from the models: quicker than step after step
    __contains__ = lambda self, name: True
    __getitem__ = lambda self, name: None

settings.MIGRATION_MODULES = Models()
call_command("migrate", run_syncdb=True, verbosity=0)
from django.contrib.auth import get_user_model
from django.test import Client
from samsyn.access.models import Membership
from samsyn.access.selectors import actor_of
from samsyn.access.services import token_create
from samsyn.organisations.models import Organisation
from samsyn.organisations.services import lineage_rebuild_below
place = Organisation.unscoped.create(name="Fjellvik", kind="company", country="NO")
lineage_rebuild_below(place)
keys = {"organisation": place.pk}
for name, role in (("ingvild", "ciso"), ("egil", "employee")):
    person = get_user_model().objects.create(email=f"{name}@fjellvik.example", name=name)
    Membership.unscoped.create(person=person, organisation=place, role=role)
    client = Client()
    client.force_login(person, backend="samsyn.access.signed_in.PersonBackend")
    keys[name] = client.cookies["sessionid"].value
    keys[name + "_token"] = token_create(actor=actor_of(person), person=person, name="x").secret
print(json.dumps(keys))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The product itself, served by gunicorn with our settings; its address, keys and disk."""
    home = tmp_path_factory.mktemp("served")
    for folder in ("store", "received", "inbox", "files", "packs", "cache", "static", "upload"):
        (home / folder).mkdir()
    own = {
        "SAMSYN_HOME": str(home),
        "SAMSYN_MODE": "test",
        "SAMSYN_WORKERS": "1",
        "SAMSYN_FILE_MB": "1",
        "SAMSYN_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "samsyn.settings",
        "TMPDIR": str(home / "upload"),
    }
    made = subprocess.run(
        [sys.executable, "-c", PREPARE], env={**os.environ, **own}, capture_output=True, check=True
    )
    with serving(cwd=home, **own) as (_pid, address):
        ask(address, b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n", seconds=120)
        yield address, json.loads(made.stdout), home


def request(path, *, length, sent=0, cookie="", **headers):
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [f"Cookie: sessionid={cookie}"] if cookie else []
    lines += [f"Content-Length: {length}"] if length is not None else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + b"x" * sent


def status(answer):
    return int(answer.split(b" ", 2)[1])


def written(home: Path) -> list[Path]:
    return [each for folder in ("upload", "files") for each in (home / folder).rglob("*.upload")]


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize(
    ("path", "who", "length", "expected"),
    [
        ("/accounts/login/", "", 65_537, 413),
        ("/documents/new/", "", 900_000_000, 302),
        ("/documents/new/", "egil", 900_000_000, 403),
        ("/documents/new/", "ingvild", 900_000_000, 413),
        ("/actions/new/", "ingvild", 1_048_577, 413),
        ("/api/documents", "", 900_000_000, 413),
        ("/api/documents", "ingvild_token", 900_000_000, 413),
        ("/api/documents", "egil_token", 60_000_000, 403),
    ],
)
def test_a_real_server_refuses_at_once_and_writes_nothing(served, path, who, length, expected):
    address, keys, home = served
    headers = {"Content_Type": "multipart/form-data; boundary=b"}
    if who.endswith("_token"):
        headers["Authorization"] = f"Bearer {keys[who]}"
    cookie = keys.get(who, "") if "Authorization" not in headers else ""
    answer = ask(address, request(path, length=length, sent=100_000, cookie=cookie, **headers))
    assert status(answer) == expected, answer[:2000]
    assert written(home) == []


@pytest.mark.slow
@pytest.mark.once
def test_a_real_server_refuses_a_body_in_pieces(served):
    address, _keys, home = served
    head = request("/accounts/login/", length=None, Transfer_Encoding="chunked")
    assert status(ask(address, head + b"5\r\nhello\r\n0\r\n\r\n")) == 411
    both = request("/accounts/login/", length=5, Transfer_Encoding="chunked")
    assert status(ask(address, both + b"5\r\nhello\r\n0\r\n\r\n")) == 400
    assert written(home) == []


@pytest.mark.slow
@pytest.mark.once
def test_a_real_server_takes_what_is_within_the_limits(served):
    address, keys, _home = served
    body = (
        b'--b\r\nContent-Disposition: form-data; name="organisation_id"\r\n\r\n%d\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        b"%%PDF-1.7 %s\n%%%%EOF\r\n--b--\r\n"
    ) % (keys["organisation"], b"x" * 900_000)
    headers = {"Content_Type": "multipart/form-data; boundary=b"}
    headers["Authorization"] = f"Bearer {keys['ingvild_token']}"
    answer = ask(address, request("/api/documents", length=len(body), **headers) + body)
    assert status(answer) == 200, answer[:2000]


@pytest.mark.slow
@pytest.mark.once
def test_a_proxys_word_is_not_taken_where_there_is_none(served):
    address, _keys, _home = served
    head = request("/nothing/", length=0, X_Forwarded_Proto="https")
    answer = ask(address, head)
    assert b"Strict-Transport-Security" not in answer
    assert b"location: https://" not in answer.lower()
