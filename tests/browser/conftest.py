"""A real Chromium, and people signed in to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.screens import WIDTHS
from tests.browser.served import served

# Playwright runs a loop in this thread; the tests' own database calls between its steps are safe.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
CHROMIUM = os.environ.get("SAMSYN_CHROMIUM", "/usr/bin/chromium")
VENDOR = Path(__file__).parents[2] / "src/samsyn/ui/static/vendor/designsystemet.css"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}")
    if not VENDOR.exists():
        pytest.skip("the assets are missing: run script/assets.py")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page_as(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages on which a person (or nobody) is signed in.

    Whatever the browser's console complains about ends up in ``page.complaints``.
    """
    contexts = []

    def make(person: Any = None, *, screen: str = "desktop", theme: str = "light") -> Page:
        width, height = WIDTHS[screen]
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,
        )
        contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
            )
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on(
            "console",
            lambda line: page.complaints.append(line.text) if line.type == "error" else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def sector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demonstration, set up and served as a visitor gets it."""
    with served(tmp_path_factory.mktemp("demonstration")) as address:
        yield address


@pytest.fixture(scope="session")
def signed_in(sector: str) -> dict[str, Any]:
    """The cookies of each of the demonstration's people who has signed in, by name."""
    return {}


@pytest.fixture
def visitor(
    chromium: Browser, sector: str, signed_in: dict[str, Any]
) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages on the demonstration, as one of its people or as nobody."""
    contexts = []

    def make(name: str = "", *, screen: str = "desktop", theme: str = "light") -> Page:
        width, height = WIDTHS[screen]
        context = chromium.new_context(
            base_url=sector,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale="en-GB",
            storage_state=signed_in.get(name),
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        if name:
            sign_in(page, name, signed_in)
        return page

    yield make
    for context in contexts:
        context.close()


def sign_in(page: Page, name: str, signed_in: dict[str, Any]) -> None:
    """Show a person's first page, in English; who has signed in before need not do so again."""
    if name in signed_in:
        page.goto("/")
    else:
        page.goto("/choose-person/")
        page.get_by_role("button", name=name).click()
        page.wait_for_load_state()
        signed_in[name] = page.context.storage_state()
    if page.locator("html").get_attribute("lang") != "en":
        choose_language(page, "en")


def choose_language(page: Page, language: str) -> None:
    """Speak a language as this person, by the form on every page."""
    with page.expect_navigation():
        page.evaluate(
            """language => setTimeout(() => document
                .querySelector(`form[action="/language/"] [value="${language}"]`).click())""",
            language,
        )
