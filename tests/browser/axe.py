"""Looking at a page as assistive technology does: axe-core in the browser."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Any) -> list[str]:
    """Return what axe finds wrong on the page as it is now: rule, help and where, a line each."""
    options = {"runOnly": {"type": "tag", "values": RULES}}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {node['target'][0]}: {node['html'][:120]}"
        for each in found
        for node in each["nodes"]
    ]
