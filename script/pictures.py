#!/usr/bin/env python3
"""Take the README's pictures of the demonstration: docs/pictures, by Chromium, in English.

    .venv/bin/python script/pictures.py [ADDRESS]     # of a demonstration that is served there

Needs what the browser tests need (SAMSYN_DEVELOP=1 script/setup, and Chromium). The days in the
pictures are those on which they are taken.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
CHROMIUM = os.environ.get("SAMSYN_CHROMIUM", "/usr/bin/chromium")
SIZE = {"width": 1366, "height": 900}
BYTES_MOST = 150_000
PICTURES = {  # file: who looks, and what they open: an address, then links by their texts
    "desk": ("Astrid Nygreen", "/desk/", ()),
    "management": ("Torunn Havdal", "/management/", ()),
    "maturity": ("Ingvild Fossmo", "/maturity/?step=closed", ("tbody a",)),
}


def open_as(browser: Browser, address: str, name: str) -> Page:
    """Return a page on which one of the demonstration's people is signed in, in English."""
    page = browser.new_context(base_url=address, viewport=SIZE, locale="en-GB").new_page()
    page.goto("/choose-person/")
    page.get_by_role("button", name=name).click()
    page.wait_for_load_state()
    with page.expect_navigation():
        page.evaluate(
            """() => setTimeout(() => document
                .querySelector('form[action="/language/"] [value="en"]').click())"""
        )
    return page


def take(page: Page, url: str, links: tuple[str, ...]) -> bytes:
    """Return a picture of a page as WebP, small enough for a repository."""
    page.goto(url)
    for link in links:
        page.locator(link).first.click()
        page.wait_for_load_state()
    page.wait_for_timeout(300)  # fonts and charts
    shot = Image.open(io.BytesIO(page.screenshot()))
    for quality in (90, 80, 70, 60):
        kept = io.BytesIO()
        shot.save(kept, "WEBP", quality=quality, method=6)
        if len(kept.getvalue()) <= BYTES_MOST:
            break
    return kept.getvalue()


def take_all(address: str) -> None:
    """Take the pictures of the demonstration that is served at an address."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for file, (name, url, links) in PICTURES.items():
            picture = take(open_as(browser, address, name), url, links)
            (FOLDER / f"{file}.webp").write_bytes(picture)
            print(f"docs/pictures/{file}.webp: {len(picture) // 1000} kB")
        browser.close()


def main() -> None:
    """Take the pictures at the address given, or of a demonstration built and served for them."""
    if sys.argv[1:]:
        take_all(sys.argv[1])
        return
    sys.path.insert(0, str(ROOT))
    from tests.browser.served import served  # noqa: PLC0415  the path is known only now

    with tempfile.TemporaryDirectory() as home, served(Path(home)) as address:
        take_all(address)


if __name__ == "__main__":
    main()
