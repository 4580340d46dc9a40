"""The journeys of pages.md, in a real Chromium on the demonstration sector."""

from __future__ import annotations

import re
import urllib.request

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_analyst_at_seven_sees_what_is_new_and_tells_the_members(visitor):
    page = visitor("Astrid")
    assert page.url.endswith("/desk/")
    expect(page.get_by_role("heading", name="Sector desk")).to_be_visible()
    assert re.search(r"new .* since yesterday|Nothing new", page.locator(".lede").inner_text())
    page.locator("section", has=page.get_by_role("heading", name="Critical, open the longest"))
    page.locator(".rows a").first.click()
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()
    page.goto("/desk/")
    page.get_by_role("link", name=re.compile("Tell members of")).click()
    page.get_by_role("button", name=re.compile("Send to")).click()
    page.wait_for_load_state()
    page.goto("/outbox/")
    assert page.locator("tbody tr").count() > 0
    page.goto("/desk/")
    expect(page.get_by_role("link", name=re.compile("Tell members of"))).to_have_count(0)
    assert page.complaints == []


def test_the_technician_answers_from_a_phone_without_an_account(visitor):
    analyst = visitor("Astrid")
    analyst.goto("/outbox/?kind=digest")
    analyst.locator("tbody a").first.click()
    link = re.search(r"/answer/[\w:.=-]+/", analyst.content() + frame_text(analyst)).group()
    phone = visitor(screen="phone")
    assert phone.goto(link).ok
    if phone.locator("input[type=date]").count() == 0:  # a letter about several lists them
        phone.locator("main a[href*='/answer/']").first.click()
    phone.locator("input[type=date]").fill("2027-01-15")
    phone.locator("button[value=planned]").click()  # it speaks the contact's language
    phone.wait_for_load_state()
    assert "/thanks/" in phone.url
    assert phone.complaints == []


def frame_text(page):
    """Return what the frames on a page hold: a mail is shown in a frame of its own."""
    return "".join(frame.content() for frame in page.frames[1:])


def test_a_leader_reads_the_state_and_takes_the_picture_away(visitor, sector):
    page = visitor("Torunn")
    expect(page.get_by_role("heading", name="The state of our security work")).to_be_visible()
    page.goto("/situation/?audience=management&state=published")
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="Questions worth asking")).to_be_visible()
    pdf = page.request.get(page.url + "pdf/")
    assert pdf.ok
    assert pdf.body()[:5] == b"%PDF-"
    page.locator(".tiles a").first.click()
    expect(page.get_by_role("heading", name="The findings behind the number")).to_be_visible()


def test_a_ciso_narrows_the_list_keeps_the_view_and_takes_it_away(visitor):
    page = visitor("Ingvild")
    page.goto("/findings/?state=unsolved")
    before = page.locator("tbody tr").count()
    assert before > 0
    page.goto("/findings/?state=unsolved&severity=4")
    page.get_by_text("Save this view").click()
    page.get_by_label("Name of the view").fill("Worst first")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()
    expect(page.get_by_role("link", name="Worst first")).to_be_visible()
    csv = page.request.get("/findings/?state=unsolved&export=csv")
    assert len(csv.text().splitlines()) == before + 1
    xlsx = page.request.get("/findings/?state=unsolved&export=xlsx")
    assert xlsx.body()[:2] == b"PK"


def test_a_technician_answers_in_the_portal(visitor):
    page = visitor("Jonas")
    page.goto("/findings/?state=unsolved")
    page.locator("tbody tr", has_text="Fjellvik").locator("a").first.click()
    page.get_by_role("link", name="Answer", exact=True).click()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("alert").first, "an empty answer is explained").to_be_visible()
    page.get_by_label("we have fixed it").check()
    page.get_by_label("A few words about it").fill("Closed in the firewall <b>today</b>")
    page.get_by_role("button", name="Send the answer").click()
    page.wait_for_load_state()
    expect(page.get_by_text("Closed in the firewall <b>today</b>")).to_be_visible()


def test_a_strangers_finding_does_not_exist(visitor):
    page = visitor("Astrid")
    page.goto("/findings/?state=unsolved&search=Kvitberg")
    path = page.locator("tbody a").first.get_attribute("href")
    stranger = visitor("Jonas")
    assert stranger.goto(path).status == 404


def test_the_keys_lead_where_they_say(visitor):
    page = visitor("Astrid")
    page.keyboard.press("g")
    page.keyboard.press("f")
    page.wait_for_url("**/findings/**")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize(("language", "word"), [("sv", "Fynd"), ("nb", "Funn"), ("en", "Findings")])
def test_it_speaks_the_readers_language(visitor, language, word):
    from tests.browser.conftest import choose_language

    page = visitor("Ragna")
    choose_language(page, language)
    page.goto("/findings/")
    assert page.locator("h1").inner_text() == word
    assert page.locator("html").get_attribute("lang") == language


def test_nobody_gets_in_without_choosing(sector):
    with urllib.request.urlopen(f"{sector}/desk/") as answer:  # noqa: S310
        assert "/choose-person/?next=/desk/" in answer.url
