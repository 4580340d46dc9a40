"""A chief executive before a meeting: one page, two decisions taken, one declined, one question."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations

pytestmark = pytest.mark.browser


def test_a_chief_executive_decides_and_asks_before_the_meeting(visitor):
    page = visitor("Torunn")
    assert re.search(r"/management/\d+/$", page.url)
    home = page.url
    expect(page.locator(".area-board > li")).to_have_count(8)
    assert violations(page) == []
    titles = page.locator(".asked h3").all_inner_texts()
    assert len(titles) == 3
    for answer in ("Say yes", "Say yes", "Say no"):
        page.locator(".asked").first.get_by_role("link", name=answer).click()
        assert violations(page) == []
        if answer == "Say no":
            page.get_by_label("The decision in words").fill(
                "Not this year: the money goes to care."
            )
        page.get_by_role("button", name="Record the decision").click()
        page.wait_for_url(re.compile("#decisions"))
    expect(page.get_by_text("Nothing waits for a decision.")).to_be_visible()
    page.get_by_label("Your question").fill("What do we do if the harbour goes dark?")
    page.get_by_role("button", name="Send the question").click()
    page.wait_for_url(re.compile("#questions"))
    expect(page.get_by_text("What do we do if the harbour goes dark?")).to_be_visible()
    page.goto("/decisions/")
    for title in titles:
        expect(page.get_by_role("link", name=title).first).to_be_visible()
    assert page.complaints == []
    ciso = visitor("Ingvild", screen="phone")
    ciso.goto(home)
    expect(ciso.get_by_text("What do we do if the harbour goes dark?")).to_be_visible()
    assert ciso.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 1
    assert violations(ciso) == []
