"""Signing in through the organisation's own OpenID Connect provider, over real HTTP."""

from __future__ import annotations

import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from samsyn.audit.models import Entry
from tests.access.provider import CLIENT, SECRET, Provider

# tokens and redirections; people are looked up as at every sign-in
pytestmark = [pytest.mark.django_db, pytest.mark.once]
INGVILD = {"sub": "17", "email": "ingvild@fjellvik.example", "email_verified": True}


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


@pytest.fixture
def provider(settings):
    one = Provider()
    app = {"provider_id": "oidc", "name": "Fjellvik", "client_id": CLIENT, "secret": SECRET,
           "settings": {"server_url": one.address}}  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    yield one
    one.shutdown()
    one.server_close()


def come_in(client):
    """Go to the provider and back as a browser does; return the last answer."""
    there = client.post("/accounts/oidc/oidc/login/")
    try:
        urllib.request.build_opener(_Stay).open(there["Location"])
    except urllib.error.HTTPError as answer:
        back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}", follow=True)


def who(client):
    return client.session.get("_auth_user_id")


def test_an_invited_person_comes_in_and_the_next_time_too(client, cast, provider):
    person = cast.people["ingvild"]
    provider.claims = {**INGVILD, "email": person.email}
    assert "Fjellvik" in client.get("/accounts/login/").content.decode()
    come_in(client)
    assert who(client) == str(person.pk)
    client.logout()
    provider.claims = {**provider.claims, "email": "renamed@fjellvik.example"}
    come_in(client)
    assert who(client) == str(person.pk), "known by the provider's number, not by the address"


def test_what_the_provider_calls_a_person_is_no_name_here(client, cast, provider):
    person = cast.people["ingvild"]
    lure = "Henrik <henrik@samvakt.example>"
    claims = dict.fromkeys(["name", "given_name", "family_name", "preferred_username"], lure)
    for _time in range(2):
        provider.claims = {**INGVILD, **claims, "email": person.email}
        come_in(client)
        assert who(client) == str(person.pk)
        client.logout()
    person.refresh_from_db()
    assert (person.name, person.email) == ("Ingvild", "ingvild@fjellvik.example")
    assert set(Entry.objects.filter(person_id=person.pk).values_list("actor", flat=True)) == {
        "Ingvild <ingvild@fjellvik.example>"
    }


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@elsewhere.example"},
        {"email_verified": False},
        {"email": ""},
    ],
)
def test_whoever_it_does_not_vouch_for_stays_outside(client, cast, provider, claims):
    provider.claims = {**INGVILD, "email": cast.people["ingvild"].email, **claims}
    answer = come_in(client)
    assert who(client) is None
    assert "There is no person here with that address." in answer.content.decode()


def test_a_token_for_another_opens_nothing(client, cast, provider):
    provider.claims = {**INGVILD, "email": cast.people["ingvild"].email}
    provider.audience = "somebody-else"
    come_in(client)
    assert who(client) is None


def test_an_answer_nobody_asked_for_opens_nothing(client, cast, provider):
    provider.claims = {**INGVILD, "email": cast.people["ingvild"].email}
    client.get("/accounts/oidc/oidc/login/callback/?code=a-code&state=invented", follow=True)
    assert who(client) is None


def on_record():
    rows = Entry.objects.filter(kind="sign_in").order_by("number")
    return [(entry.action, entry.person_id, entry.changes.get("by")) for entry in rows]


def test_who_came_in_through_it_and_who_did_not_is_on_record(client, cast, provider):
    person = cast.people["ingvild"]
    provider.claims = {**INGVILD, "email": person.email}
    come_in(client)
    assert on_record() == [
        ("sign_in.factor_added", person.pk, ["socialaccount"]),
        ("sign_in.done", person.pk, ["socialaccount"]),
    ]
    client.logout()
    provider.audience = "somebody-else"
    come_in(client)
    assert on_record()[3:] == [("sign_in.failed", None, ["socialaccount"])]
    provider.audience = CLIENT
    provider.claims = {**INGVILD, "sub": "9", "email": "nobody@nowhere.example"}
    come_in(client)
    assert on_record()[4:] == [("sign_in.failed", None, ["socialaccount"])]


def test_a_link_alone_starts_no_sign_in(client, cast, provider):
    answer = client.get("/accounts/oidc/oidc/login/")
    assert answer.status_code == 200
    assert "<form" in answer.content.decode()


def test_what_is_asked_of_the_provider_is_bound_to_this_browser(client, cast, provider):
    there = urlsplit(client.post("/accounts/oidc/oidc/login/")["Location"])
    asked = dict(pair.split("=") for pair in there.query.split("&"))
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["state"]
    again = urlsplit(client.post("/accounts/oidc/oidc/login/")["Location"])
    assert asked["state"] not in again.query
