"""Signing in without a password: a passkey in a real browser, its authenticator made of code."""

from __future__ import annotations

import pytest

from tests.browser.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def test_a_passkey_is_added_and_opens_the_door(cast, page_as):
    person = cast.people["ingvild"]
    person.set_password("three plain words")
    person.save()
    page = page_as()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill("three plain words")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto("/accounts/2fa/webauthn/add/")  # of weight: the password is asked once more
    page.locator("input[name=password]").fill("three plain words")
    page.get_by_role("button", name="Confirm").click()
    assert violations(page) == []
    page.locator("input[name=name]").fill("My key")
    page.locator("input[name=passwordless]").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/**")
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    assert cast.fjellvik.name in page.locator("header").first.inner_text()
    assert page.complaints == []


def test_the_way_back_after_signing_out_shows_no_page_of_before(cast, page_as):
    page = page_as(cast.people["ingvild"])
    page.goto("/me/")
    assert "API tokens" in page.content()
    page.goto("/accounts/logout/")
    page.locator("main form button").click()
    page.wait_for_load_state()
    page.go_back()
    page.go_back()
    page.wait_for_load_state()
    assert "API tokens" not in page.content()
    assert "/accounts/login/" in page.url


def test_the_page_of_the_api_works_under_our_policy_and_asks_nobody_else(cast, page_as):
    page = page_as(cast.people["egil"])
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/docs")
    page.get_by_text("List documents").first.wait_for()
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {
        page.url.split("/")[2]
    }
    assert page.complaints == []
