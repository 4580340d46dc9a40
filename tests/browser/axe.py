"""Looking at a page as assistive technology does: axe-core in the browser."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.screens import WIDTHS

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCRIPT = Axe().axe_script
# Only what is wrong comes back: telling all that is right takes three times as long as looking.
RUN = """options => axe.run(document, {...options, resultTypes: ["violations"]}).then(
  found => found.violations.flatMap(each => each.nodes.map(node =>
    `${each.id}: ${each.help}: ${node.target[0]}: ${node.html.slice(0, 120)}`)))"""
LOOKS = (("desktop", "light"), ("phone", "dark"), ("narrow", "dark"))


def violations(page: Any) -> list[str]:
    """Return what axe finds wrong on the page as it is now: rule, help and where, a line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    found: list[str] = page.evaluate(RUN, {"runOnly": {"type": "tag", "values": RULES}})
    return found


def faults(page: Any, path: str, *, status: int = 200) -> list[str]:
    """Return what is wrong with a page on a desk, on a phone and at 320 pixels, light and dark.

    It is opened once, and looked at again in each size: all of axe by daylight on the desk and
    in the dark on a phone.
    """
    page.complaints.clear()
    look(page, "desktop", "light")
    answer = page.goto(path)
    found = [f"answered {answer.status}"] if answer.status != status else []
    for screen, theme in LOOKS:
        look(page, screen, theme)
        found += too_wide(page, screen)
        if screen != "narrow":
            found += [f"{screen}, {theme}: {line}" for line in violations(page)]
    return [f"{path}: {line}" for line in [*found, *page.complaints]]


def look(page: Any, screen: str, theme: str) -> None:
    """See the page at another size and in another theme."""
    width, height = WIDTHS[screen]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)


def too_wide(page: Any, screen: str) -> list[str]:
    """Return how far the page scrolls sideways, if it does."""
    beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{beyond} px too wide on a {screen}"] if beyond > 1 else []
