"""Every page as each kind of person: nothing that axe minds, nothing cut off, no complaint."""

from __future__ import annotations

import pytest

from tests.browser.axe import faults

pytestmark = pytest.mark.browser

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
    "/wheel/", "/wheel/year/", "/wheel/list/", "/wheel/feeds/", "/wheel/new/",
    "/indicators/", "/indicators/new/", "/benchmark/",
    "/management/proposals/", "/management/meetings/", "/management/meetings/new/",
)  # fmt: skip
CISO_ROWS = {  # lists, and what else there is to the first thing on each
    "/actions/": (), "/decisions/": (), "/documents/": (), "/indicators/": ("change/",),
    "/management/meetings/": ("pack/", "change/"), "/management/proposals/": (),
    "/wheel/list/?standing=ahead": ("move/",),
}  # fmt: skip
LEADER = ("/", "/findings/", "/situation/", "/organisations/")
EMPLOYEE = ("/", "/organisations/", "/me/")  # findings and situation are closed to them


def test_every_page_of_the_analyst(visitor):
    page = visitor("Astrid")
    found = [line for path in ANALYST for line in faults(page, path)]
    for path in FIRST_ROWS:
        page.goto(path)
        found += faults(page, page.locator("tbody th a").first.get_attribute("href"))
    assert found == []


@pytest.mark.parametrize(("who", "paths"), [("Torunn", LEADER), ("Marit", EMPLOYEE)])
def test_every_page_of_a_members_people(visitor, who, paths):
    page = visitor(who)
    assert [line for path in paths for line in faults(page, path)] == []


def test_the_doors(visitor):
    page = visitor()
    assert [f for path in ("/choose-person/", "/accounts/login/") for f in faults(page, path)] == []


def test_every_page_of_a_cisos_own_work(visitor):
    page = visitor("Ingvild")
    found = [line for path in CISO for line in faults(page, path)]
    for path, further in CISO_ROWS.items():
        page.goto(path)
        home = page.locator("tbody th a").first.get_attribute("href")
        found += [line for more in ("", *further) for line in faults(page, f"{home}{more}")]
    assert found == []
