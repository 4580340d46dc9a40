"""A maturity dialogue with a facilitator and four phones: from the invitation to the slides."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pptx import Presentation

from tests.browser.axe import faults, violations

pytestmark = pytest.mark.browser
PHONES = 4
LEVELS = (1, 2, 2, 3)


def rate_everything(phone, level):
    """Go through all areas on a phone; the same level everywhere, with a word on the way."""
    for _area in range(6):
        phone.locator("main a.ds-button").first.click()
        phone.locator(f"#level-{level}").check()
        phone.locator("textarea[name=reason]").fill(f"Because of {level}")
        phone.locator("form#form button[type=submit]").click()
        phone.wait_for_url(re.compile(r"/rate/[^/]+/$"))


def opened(visitor):
    """Prepare a dialogue as its facilitator, open it, and return the page and the way in."""
    page = visitor("Ragna")
    page.goto("/maturity/new/")
    page.locator("select[name=organisation]").select_option(label="Tallmed Teknik")
    page.locator("input[name=title]").fill("Journey of five")
    page.locator("form#form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/maturity/\d+/$"))
    home = page.url
    page.goto(home + "open/")
    page.locator("main form button[type=submit]").click()
    page.goto(home + "wall/")
    expect(page.locator(".qr svg")).to_be_visible()
    return page, home, page.locator(".wall a").first.get_attribute("href")


def test_from_invitation_to_slides_with_four_phones(visitor):
    page, home, way_in = opened(visitor)
    phones = [visitor(screen="phone") for _n in range(PHONES)]
    for phone, level in zip(phones, LEVELS, strict=True):
        assert phone.goto(re.sub(r"^https?://[^/]+", "", way_in)).ok
        if phone is phones[0]:
            assert violations(phone) == []
        phone.locator("button[name=group]").nth(1).click()
        rate_everything(phone, level)
    assert violations(phones[0]) == []
    page.goto(home + "begin/")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile("/meet/"))
    assert "Because of" not in page.content()
    assert page.locator(".now .large-figure").inner_text() == str(PHONES)
    for number in range(6):
        page.goto(home + "meet/")
        page.locator(".meeting-areas a").nth(number).click()
        page.locator("form[action$='/reveal/'] button").click()
        page.locator(".now-shown circle").first.wait_for()
        expect(page.locator(".now-shown circle")).to_have_count(PHONES)
        page.locator("input[name=agreed][value='2']").check()
        page.locator("textarea[name=reasons]").fill("It hangs on two people\nNo plan for nights")
        page.locator("form[action$='/agree/'] button").click()
        page.locator(".now-head .level-mark").wait_for()
        page.locator("form[action$='/propose/'] input[name=what]").fill(f"Proposal {number}")
        page.locator("form[action$='/propose/'] button").click()
        page.locator(".meeting-forms .rows", has_text=f"Proposal {number}").wait_for()
    assert violations(page) == []
    page.goto(home + "decide/")
    page.locator("input[name=decided_by]").fill("Karin Tallberg")
    page.locator("form#form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/maturity/\d+/$"))
    slides = page.request.get(home + "result.pptx")
    shown = Presentation(BytesIO(slides.body()))
    texts = [s.text_frame.text for each in shown.slides for s in each.shapes if s.has_text_frame]
    assert any("It hangs on two people" in text for text in texts)
    assert page.complaints == []


def test_the_screen_follows_a_phone_within_seconds_and_survives_a_lost_connection(visitor):
    page, home, way_in = opened(visitor)
    page.goto(home + "begin/")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile("/meet/"))
    figure = page.locator(".now .large-figure")
    assert figure.inner_text() == "0"
    page.context.set_offline(True)
    page.locator(".now.is-lost").wait_for(timeout=10_000)
    phone = visitor(screen="phone")
    phone.goto(re.sub(r"^https?://[^/]+", "", way_in))
    phone.locator("button[name=group]").first.click()
    phone.locator("main a.ds-button").first.click()
    phone.locator("#level-2").check()
    phone.locator("form#form button[type=submit]").click()
    phone.wait_for_url(re.compile(r"/rate/[^/]+/$"))
    page.context.set_offline(False)
    page.locator(".now .large-figure", has_text="1").wait_for(timeout=10_000)
    page.locator(".now.is-lost").wait_for(state="detached", timeout=10_000)


def test_the_pages_of_a_dialogue_are_for_everybody(visitor):
    page = visitor("Ragna")
    page.goto("/maturity/")
    home = page.locator("tbody th a").first.get_attribute("href")
    paths = ("/maturity/", home, f"{home}meet/", f"{home}meet/?screen=1", f"{home}change/",
             "/maturity/new/")  # fmt: skip
    assert [line for path in paths for line in faults(page, path)] == []
