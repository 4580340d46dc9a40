"""Every page as each kind of person: nothing that axe minds, nothing cut off, no complaint."""

from __future__ import annotations

import pytest

from tests.browser.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demonstration")]

ANALYST = (
    "/desk/", "/members/", "/findings/", "/findings/tell/", "/feeds/", "/feeds/read/",
    "/feeds/unattributed/", "/outbox/", "/situation/", "/situation/build/", "/organisations/",
    "/organisations/new/", "/resources/", "/resources/new/", "/resources/import/", "/jobs/",
    "/search/?q=fjellvik", "/me/", "/accounts/2fa/",
)  # fmt: skip
FIRST_ROWS = (
    "/findings/",
    "/feeds/",
    "/outbox/",
    "/situation/",
    "/organisations/",
    "/resources/",
    "/members/",
)
CISO = (
    "/actions/", "/actions/board/", "/actions/calendar/", "/actions/new/", "/decisions/",
    "/decisions/new/", "/documents/", "/documents/new/", "/maturity/", "/maturity/new/",
    "/wheel/", "/wheel/year/", "/wheel/list/", "/wheel/feeds/", "/wheel/new/", "/indicators/", "/indicators/new/", "/benchmark/",
)  # fmt: skip
LEADER = ("/", "/findings/", "/situation/", "/organisations/")
SCREENS = [("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")]


def faults(page, path):
    """Return what is wrong with a page: axe, sideways scrolling, script errors."""
    page.complaints.clear()
    answer = page.goto(path)
    found = [f"{path}: {line}" for line in violations(page)]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if answer.status != 200:
        found.append(f"{path}: answered {answer.status}")
    if wide > 1:
        found.append(f"{path}: {wide} px too wide")
    return found + [f"{path}: {line}" for line in page.complaints]


@pytest.mark.parametrize(("screen", "theme"), SCREENS)
def test_every_page_of_the_analyst(visitor, screen, theme):
    page = visitor("Astrid", screen=screen, theme=theme)
    whole = (screen, theme) in SCREENS[::3]  # the two that differ most see every page
    found = [line for path in (ANALYST if whole else ANALYST[:4]) for line in faults(page, path)]
    for path in FIRST_ROWS if whole else ():
        page.goto(path)
        href = page.locator("tbody th a").first.get_attribute("href")
        found += faults(page, href)
    assert found == []


@pytest.mark.parametrize(("screen", "theme"), SCREENS[::3])
@pytest.mark.parametrize("who", ["Torunn", "Marit"])
def test_every_page_of_a_members_people(visitor, who, screen, theme):
    page = visitor(who, screen=screen, theme=theme)
    assert [line for path in LEADER for line in faults(page, path)] == []


@pytest.mark.parametrize(("screen", "theme"), SCREENS)
def test_the_doors(visitor, screen, theme):
    page = visitor(screen=screen, theme=theme)
    assert [f for path in ("/choose-person/", "/accounts/login/") for f in faults(page, path)] == []


def test_every_page_works_at_320_pixels(visitor):
    page = visitor("Astrid", screen="narrow")
    wide = {}
    for path in (*ANALYST, "/findings/?state=unsolved"):
        page.goto(path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert {path: px for path, px in wide.items() if px > 1} == {}


@pytest.mark.parametrize(("screen", "theme"), SCREENS[::3])
def test_every_page_of_a_cisos_own_work(visitor, screen, theme):
    page = visitor("Ingvild", screen=screen, theme=theme)
    found = [line for path in CISO for line in faults(page, path)]
    for path in ("/actions/", "/decisions/", "/documents/"):
        page.goto(path)
        found += faults(page, page.locator("tbody th a").first.get_attribute("href"))
    assert found == []
