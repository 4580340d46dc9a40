"""What a kind of report means for whoever gets it, in their language, from the packs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from samsyn.content.packs import localised, pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A kind of finding in words: what it is, why it matters, what to do, how it is checked."""

    title: str
    meaning: str
    why: str = ""
    steps: tuple[str, ...] = ()
    check: str = ""
    url: str = ""


def advice(
    report: str, *, taxonomy: str = "", rsit_type: str = "", language: str | None = None
) -> Advice:
    """Return what a report means and what to do, in a language (without one: the active).

    The thirty commonest reports have texts of their own; the others are explained by
    their RSIT type, under the report's own name.
    """
    facts = report_facts(report)
    own = _own_text(report, facts)
    if own:
        return Advice(
            title=report_title(report, language=language),
            meaning=localised(own["meaning"], language),
            why=localised(own.get("why", {}), language),
            steps=tuple(localised(own["steps"], language)),
            check=localised(own.get("check", {}), language),
            url=facts.get("url", ""),
        )
    kind = _rsit_text(taxonomy or facts.get("taxonomy", ""), rsit_type or facts.get("type", ""))
    return Advice(
        title=_plain_title(report, facts),
        meaning=localised(kind.get("meaning", {}), language)
        or _("There is no text about this report yet."),
        steps=tuple(localised(kind.get("steps", {}), language) or ()),
        url=facts.get("url", ""),
    )


def report_title(report: str, *, language: str | None = None) -> str:
    """Return what a report is called in plain words."""
    facts = report_facts(report)
    own = _own_text(report, facts)
    if own is None:
        return _plain_title(report, facts)
    title = str(localised(own["title"], language))
    return f"{title} (IPv6)" if facts.get("twin") else title


def report_facts(report: str) -> Mapping[str, Any]:
    """Return the facts of a report in its pack; empty for one that the pack does not know."""
    found: Mapping[str, Any] = pack("reports/shadowserver.json")["reports"].get(report, {})
    return found


def taxonomy_name(taxonomy: str, *, language: str | None = None) -> str:
    """Return the name of an RSIT class."""
    classes = pack("taxonomies/rsit.yaml")["classifications"]
    known = classes.get(taxonomy)
    return localised(known["name"], language) if known else taxonomy


def type_name(taxonomy: str, rsit_type: str, *, language: str | None = None) -> str:
    """Return the name of an RSIT type."""
    known = _rsit_text(taxonomy, rsit_type)
    return localised(known["name"], language) if known else rsit_type


def severity_words(level: int) -> Mapping[str, Any]:
    """Return the words of a severity, and within how many days an answer to it is asked for."""
    severities = pack("taxonomies/severity.yaml")["severities"].values()
    found: Mapping[str, Any] = next(each for each in severities if each["level"] == level)
    return found


def answer_by(level: int, today: date) -> date | None:
    """Return the day by which a finding asks for an answer; None where there is no deadline."""
    days = severity_words(level).get("answer_days")
    return None if days is None else today + timedelta(days=int(days))


def _own_text(report: str, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    texts = pack("reports/texts.yaml")
    for name in (report, facts.get("twin") or ""):
        shared = texts["same_as"].get(name, name)  # siblings share a text
        if shared in texts["reports"]:
            found: Mapping[str, Any] = texts["reports"][shared]
            return found
    return None


def _rsit_text(taxonomy: str, rsit_type: str) -> Mapping[str, Any]:
    classes = pack("taxonomies/rsit.yaml")["classifications"]
    found: Mapping[str, Any] = classes.get(taxonomy, {}).get("types", {}).get(rsit_type, {})
    return found


def _plain_title(report: str, facts: Mapping[str, Any]) -> str:
    return str(facts.get("title") or report.replace("_", " "))
