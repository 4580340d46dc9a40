#!/usr/bin/env python3
"""Format HTML templates: one element a line, at most 100 characters. Rewrites; --check compares.

A line break is put where white space does not show: beside a block element, between the parts of
a flex container (as the style sheets say), or where the template has white space already. So a
page looks the same afterwards. A long translated text becomes ``blocktranslate trimmed``, which
has the same message. Letters are left alone, since mail programs are less strict.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from template_reading import QUOTED, SOURCE, TAG, VARIABLE
from template_writing import WIDTH, formatted

LETTERS = frozenset({"findings/digest.html", "actions/reminder.html"})
ODD = frozenset(
    {"allauth/elements/button.html", "allauth/elements/field.html"}
)  # tags of conditions
# What cannot be parted: a tag of the template language, an attribute, a drawing, a sample of code.
WHOLE = re.compile(rf"\s*(?:{TAG}|[\w-]+=(?:{QUOTED}|{VARIABLE})[/>]*|<(?:svg|pre)\b.*)\s*")


def name_of(path: Path) -> str:
    """Return the name by which a template is known."""
    return str(path).rpartition("/templates/")[2]


def templates() -> list[Path]:
    """Return the templates that are formatted."""
    found = sorted(SOURCE.glob("*/templates/**/*.html"))
    return [path for path in found if name_of(path) not in LETTERS]


def too_long(text: str) -> list[str]:
    """Return the lines that are too long, but for those that hold one thing without a break."""
    return [li for li in text.splitlines() if len(li) > WIDTH and not WHOLE.fullmatch(li)]


def main() -> int:
    """Write the templates in their form, or say which are not."""
    is_check, wrong = "--check" in sys.argv, []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        new = formatted(text)
        if new != text and is_check:
            wrong.append(f"{name_of(path)}: run script/templates.py")
        elif new != text:
            path.write_text(new, encoding="utf-8")
        if name_of(path) not in ODD:
            wrong += [f"{name_of(path)}: too long: {line.strip()}" for line in too_long(new)]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
