"""Terms of the trade, explained where they are met: the word opens its meaning.

It opens by click, tap or key with what HTML itself has (a button and a popover), so that
it needs neither a script nor a hand that hovers. The meaning follows the button, where a
screen reader goes next. Words and meanings are those of the glossary (packs/glossary.yaml).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

from samsyn.content.packs import localised, pack

GLOSSARY = "glossary.yaml"
_numbers = count(1)  # a term may stand twice on a page, and an id may not


def explained(key: str, text: object = "") -> SafeString | str:
    """Return a word that opens what the glossary says of it.

    Args:
        key: of the term in the glossary. One that an installed, older glossary lacks
            leaves the text as it is.
        text: what to show instead of the term itself; a badge, for instance.

    """
    known = _term(key)
    if known is None:
        return format_html("{}", text)
    word = localised(known["term"])
    return term_html(text or word, name=word, meaning=localised(known["meaning"]))


def term_html(text: object, *, name: str | Promise, meaning: str | Promise) -> SafeString:
    """Return a text that opens a meaning.

    Args:
        text: what is seen before it is opened.
        name: the term itself, which the opened part begins with.
        meaning: one sentence or two.

    """
    return format_html(
        '<button type="button" class="term" popovertarget="{0}">{1}'
        '<span class="sr"> ({2})</span></button>'
        '<span popover id="{0}" class="ds-popover term-meaning" data-placement="bottom"'
        ' role="note">'
        "<dfn>{3}</dfn> {4}</span>",
        f"term-{slugify(str(name))}-{next(_numbers)}",
        text,
        _("what does it mean?"),
        name,
        meaning,
    )


def label_meaning(label: str) -> str:
    """Return with whom something under a sharing label may be shared; empty for none of ours."""
    labels = pack("taxonomies/tlp.yaml")["labels"]
    return str(localised(labels[label]["meaning"])) if label in labels else ""


def labels_known() -> tuple[str, ...]:
    """Return the sharing labels, from the least strict to the strictest."""
    return tuple(pack("taxonomies/tlp.yaml")["labels"])


def severity_term(level: int, badge: object) -> SafeString | str:
    """Return the badge of a severity; it opens what the level means and asks for."""
    severities = pack("taxonomies/severity.yaml")["severities"].values()
    found = next((each for each in severities if each["level"] == level), None)
    if found is None:
        return format_html("{}", badge)
    meaning = f"{localised(found['meaning'])} {localised(found['within'])}"
    return term_html(badge, name=localised(found["name"]), meaning=meaning)


def _term(key: str) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = pack(GLOSSARY)["terms"].get(key)
    return found
