"""The ways in: people are invited to one address, and nobody adds another by themselves."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.http import Http404

from samsyn.access.adapters import SocialAccountAdapter
from tests.house.laws import addresses

pytestmark = pytest.mark.django_db
OPEN = {
    "account_login": "the way in",
    "account_logout": "the way out",
    "account_inactive": "says that the way in is closed to a person",
    "account_reauthenticate": "asks once more before something of weight",
    "account_change_password": "one's own password",
    "account_set_password": "the first password of who came in otherwise",
    "account_reset_password": "a link to the address one was invited with",
    "account_reset_password_done": "says that it is sent",
    "account_reset_password_from_key": "what the link opens",
    "account_reset_password_from_key_done": "says that it is done",
    "socialaccount_login_cancelled": "back from the organisation's own service",
    "socialaccount_login_error": "back from the organisation's own service",
    "openid_connect_login": "to the organisation's own service",
    "openid_connect_callback": "back from the organisation's own service",
}
CLOSED = {
    "account_signup": "/accounts/signup/",
    "account_email": "/accounts/email/",
    "account_email_verification_sent": "/accounts/confirm-email/",
    "account_confirm_email": "/accounts/confirm-email/abc:def/",
    "account_confirm_login_code": "/accounts/login/code/confirm/",
    "socialaccount_signup": "/accounts/3rdparty/signup/",
    "socialaccount_connections": "/accounts/3rdparty/",
}


def test_every_page_of_the_sign_in_library_is_open_or_closed_on_purpose():
    theirs = {
        name
        for name, _path in addresses()
        if name.startswith(("account_", "socialaccount_", "openid_connect_"))
    }
    assert theirs == set(OPEN) | set(CLOSED)


@pytest.mark.parametrize("url", CLOSED.values())
def test_a_closed_page_is_not_there_for_anybody(client, cast, url):
    for method in ("get", "post"):
        assert getattr(client, method)(url).status_code == 404
    client.be(cast.people["ingvild"])
    for method in ("get", "post"):
        assert getattr(client, method)(url).status_code == 404


def test_no_address_can_be_added(client, cast):
    client.be(cast.people["ingvild"])
    given = {"action_add": "", "email": "elsewhere@example.example"}
    assert client.post("/accounts/email/", given).status_code == 404
    assert not EmailAddress.objects.filter(email=given["email"]).exists()


@pytest.mark.parametrize("url", ["/accounts/login/", "/accounts/password/reset/"])
def test_the_ways_in_are_open(client, cast, url):
    assert client.get(url).status_code == 200


def test_what_is_ones_own_is_open_to_who_is_signed_in(client, cast):
    client.be(cast.people["ingvild"])
    for url in ("/accounts/2fa/", "/accounts/password/change/"):
        assert client.get(url).status_code == 200


def test_no_second_account_can_be_connected(cast, rf):
    sociallogin = SimpleNamespace(state={"process": "connect"}, is_existing=False)
    with pytest.raises(Http404):
        SocialAccountAdapter().pre_social_login(rf.get("/"), sociallogin)
