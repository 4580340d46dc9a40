"""What was actually seen of a finding: the report's own words, each with what it is called.

The latest observation of a finding brings it with the import (``Finding.detail``); which columns of
a report tell it, and their words, are content (``packs/reports/evidence.yaml``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _

from samsyn.content.packs import localised, pack
from samsyn.findings.models import Finding
from samsyn.kernel.texts import SAYS_NOTHING
from samsyn.messages.rules import clean_line, linkless
from samsyn.ui.components import Fact, FactList
from samsyn.ui.moments import moment_html, zone_text

PACK = "reports/evidence.yaml"
IN_SHORT = 3
VALUE_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFact:
    """One thing that a report says of what it saw, in the reader's language."""

    name: str  # the report's own column, or ours
    label: str
    value: str


def evidence_of(finding: Finding) -> list[SeenFact]:
    """Return what was seen, the most telling first: tags, product, holes, then the report's own."""
    detail = finding.detail or {}
    return [*_tags(detail), *_product(detail), *_told(detail)]


def evidence_in_short(finding: Finding) -> str:
    """Return the most telling of what was seen in one line, for a letter: with no links in it.

    Empty where the report says nothing. What a scanned server answers is others' text.
    """
    detail = finding.detail or {}
    found = [f"{seen.label}: {linkless(seen.value)}" for seen in (*_tags(detail), *_told(detail))]
    return "; ".join(found[:IN_SHORT])


def seen_facts(
    finding: Finding, *, shown: Callable[[SeenFact], object] = attrgetter("value")
) -> FactList:
    """Return what was seen as a list of facts; at least when it was.

    Args:
        finding: with its latest observation.
        shown: how a value is shown.

    """
    told = [Fact(name=seen.label, value=shown(seen)) for seen in evidence_of(finding)]
    when = Fact(
        name=_("Observed"),
        value=moment_html(finding.last_seen_at),
        note=zone_text(finding.last_seen_at),
    )
    return FactList(facts=(*told, when))


def tags_of(finding: Finding) -> list[str]:
    """Return the tags of the latest observation."""
    return _clean_tags(finding.detail or {})


def explained_tags(finding: Finding) -> list[str]:
    """Return a sentence for each tag of which a reader should know what it says."""
    known: Mapping[str, Any] = pack(PACK)["tags"]
    return [
        _("The tag says %(tag)s: %(meaning)s.") % {"tag": tag, "meaning": localised(known[tag])}
        for tag in tags_of(finding)
        if tag in known
    ]


def _product(detail: Mapping[str, Any]) -> Iterator[SeenFact]:
    holes = ", ".join(clean_line(str(hole), longest=20) for hole in detail.get("cves") or ())
    for name, label, value in (
        ("vendor", _("Maker"), detail.get("vendor")),
        ("product", _("Product"), detail.get("product")),
        ("version", _("Version"), detail.get("version")),
        ("cves", _("Vulnerabilities"), holes),
    ):
        if value:
            yield SeenFact(name=name, label=label, value=clean_line(str(value), longest=VALUE_MAX))


def _tags(detail: Mapping[str, Any]) -> Iterator[SeenFact]:
    if tags := ", ".join(_clean_tags(detail)):
        yield SeenFact(name="tag", label=_("Tags"), value=tags)


def _clean_tags(detail: Mapping[str, Any]) -> list[str]:
    return [clean_line(str(tag), longest=VALUE_MAX) for tag in detail.get("tags") or ()]


def _told(detail: Mapping[str, Any]) -> Iterator[SeenFact]:
    yield from told_in_words(detail.get("seen") or ())


def told_in_words(values: Iterable[str]) -> Iterator[SeenFact]:
    """Yield what an observation says as ``column=value``, in words; without what says nothing."""
    words: Mapping[str, Any] = pack(PACK)["columns"]
    for each in values:
        column, parted, value = str(each).partition("=")
        shown = clean_line(value, longest=VALUE_MAX)
        if parted and column in words and shown.lower() not in SAYS_NOTHING:
            yield SeenFact(name=column, label=localised(words[column]), value=shown)
