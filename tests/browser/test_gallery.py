"""Every piece of the look, in a real browser: nothing for axe, nothing cut, all keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.ui.urls"),
    pytest.mark.django_db(transaction=True),
]
PATHS = ["/ui/gallery", "/ui/gallery/list", "/ui/gallery/form", "/accounts/login/"]


def test_everybody_can_use_it(cast, page_as):
    page = page_as(cast.people["astrid"])
    found = [line for path in PATHS for line in faults(page, path)]
    found += faults(page, "/nothing", status=404)
    assert [line for line in found if "404 (Not Found)" not in line] == []


def test_narrowing_a_list_changes_only_the_list_and_the_address(cast, page_as):
    page = page_as(cast.people["astrid"])
    page.goto("/ui/gallery/list")
    page.fill('.filters input[type="search"]', "mail")
    page.wait_for_url("**/list?q=mail")
    assert "34 rows" in page.inner_text("#list .sentence")
    assert page.evaluate("document.activeElement.name") == "q"
    assert page.complaints == []


def test_the_keys_search_help_and_go(cast, page_as):
    page = page_as(cast.people["astrid"])
    page.goto("/ui/gallery/list")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(lambda url: not url.endswith("/list"))


def test_what_is_wrong_in_a_form_takes_focus(cast, page_as):
    page = page_as(cast.people["astrid"])
    page.goto("/ui/gallery/form")
    page.click("form#form button[type=submit]")
    page.wait_for_selector(".ds-error-summary")
    assert "ds-error-summary" in page.evaluate("document.activeElement.className")
    assert violations(page) == []


def test_without_javascript_it_can_be_read_and_narrowed(cast, chromium, live_server, client):
    client.be(cast.people["astrid"])
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto("/ui/gallery/list")
    page.select_option(".filters select", "4")
    page.click(".filters button[type=submit]")
    assert "29 rows" in page.inner_text("#list .sentence")
    context.close()
