"""Which layouts of a template slides are made on."""

from __future__ import annotations

from typing import Any

from samsyn.kernel.contained import WorkRefused

NO_LAYOUT = "no_layout"


class Layouts:
    """The title layout, and one with a heading only; whatever the template calls them."""

    def __init__(self, shown: Any) -> None:
        found = _layouts_of(shown)
        if not found:
            raise WorkRefused(NO_LAYOUT)
        self.title = found[0]
        with_heading = [each for each in found[1:] if _has_title(each)]
        alone = [each for each in with_heading if len(bodies(each)) == 0]
        self.heading = (alone or with_heading or found)[0]


def _layouts_of(shown: Any) -> list[Any]:
    """Return the layouts of the first master that has any."""
    return next((list(m.slide_layouts) for m in shown.slide_masters if len(m.slide_layouts)), [])


def _has_title(layout: Any) -> bool:
    return any(p.placeholder_format.type in {1, 3} for p in layout.placeholders)


def bodies(layout: Any) -> list[Any]:
    """Return the places for text of a layout, without number, foot and date."""
    service = {13, 15, 16}  # number, foot, date
    return [p for p in layout.placeholders if p.placeholder_format.type not in {1, 3, *service}]
