"""The facts of each Shadowserver report, built from Shadowserver's own files.

Shadowserver adds or changes a report every second week, so what a report holds is
content (``packs/reports/shadowserver.json``), never code. This module turns the
four files they publish, and our few corrections, into that pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

PACK = "shadowserver-reports"
SEVERITIES = ("info", "low", "medium", "high", "critical")
UNKNOWN_TYPE = {"taxonomy": "other", "type": "undetermined"}
NO_TRANSPORT = "unknown"

# Each part ends at a sign it may not hold, so that no text is gone through twice.
_LINKED = re.compile(r"^\[(?P<title>[^\]]*)\]\((?P<url>https?://[^)\s]+)\)\Z")
_NAME = re.compile(r"^[a-z0-9_]{1,64}\Z")
_COLUMN = re.compile(r"^[A-Za-z0-9_ .:/-]{1,64}\Z")
_PRODUCT_FIELDS = {
    "product.vendor": "vendor",
    "product.name": "product",
    "product.version": "version",
}


class SchemaError(ValueError):
    """The files given are not a report schema; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSources:
    """Shadowserver's own files, already parsed.

    ``reports`` and ``intelmq`` are the objects of ``reports.json`` and
    ``intelmq.json``; the other two are the text of ``types.md`` and ``severity.md``.
    Only ``reports`` must be there.
    """

    reports: Mapping[str, Any]
    intelmq: Mapping[str, Any]
    types_text: str = ""
    severity_text: str = ""


@dataclass(frozen=True, slots=True)
class _Listed:
    title: str
    url: str
    severity: str


def schema_pack(
    sources: SchemaSources,
    corrections: Mapping[str, Any],
    *,
    version: str,
    known: Mapping[str, Any] | None = None,
    skipped: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return the pack of report facts that Shadowserver's files and our corrections make.

    Every report gets a taxonomy and a type: its own, else its IPv4 twin's, else the one
    in ``intelmq.json``, else our correction, else ``other/undetermined``. Default
    severity comes from ``types.md``, then ``severity.md``, then the twin, else ``medium``.
    Where a file that would say it was not given, what is known of a report stays.

    Args:
        sources: Shadowserver's files.
        corrections: the pack ``corrections.json``.
        version: written into the pack; the date of the schema.
        known: the reports of the pack in use.
        skipped: is told the reports that are left out, and why: no usable columns or name.

    Raises:
        SchemaError: no report can be used.

    Source:
        Shadowserver report schema (reports.json, intelmq.json, types.md, severity.md),
        https://interchange.shadowserver.org/schema/; RSIT, machine version 1003.

    """
    builder = _Builder(sources, corrections, known or {})
    left_out: dict[str, str] = {} if skipped is None else skipped
    reports = builder.reports_made(left_out)
    if not reports:
        why = next(iter(left_out.values()), "")
        raise SchemaError(f"reports.json names no report that can be used {why}".strip())
    return {
        "pack": PACK,
        "version": version,
        "source": "The Shadowserver Foundation, report schema "
        "(reports.json, intelmq.json, types.md, severity.md)",
        "close_after_reports": int(corrections.get("close_after_reports", 3)),
        "aliases": builder.aliases(reports),
        "reports": reports,
    }


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a pack would change of another one: reports, and facts of those in both.

    Example:
        >>> before = {"reports": {"a": {"severity": "low"}, "b": {"severity": "low"}}}
        >>> after = {"reports": {"a": {"severity": "high"}, "c": {"severity": "low"}}}
        >>> found = differences(before, after)
        >>> found["added"], found["removed"], found["changed"]["severity"]
        (['c'], ['b'], ['a: low, now high'])

    """
    before, after = old["reports"], new["reports"]
    both = sorted(set(before) & set(after))
    changed: dict[str, list[str]] = {}
    for part in ("severity", "taxonomy", "type", "layout", "columns", "port_in_key"):
        found = [name for name in both if before[name].get(part) != after[name].get(part)]
        is_word = part in {"severity", "taxonomy", "type"}
        if found:
            changed[part] = [
                f"{name}: {before[name].get(part)}, now {after[name].get(part)}"
                if is_word
                else name
                for name in found
            ]
    return {
        "added": sorted(set(after) - set(before)),
        "removed": sorted(set(before) - set(after)),
        "changed": changed,
    }


def schema_version(intelmq: Mapping[str, Any]) -> str:
    """Return the date of a schema as ``YYYY-MM-DD``, or ``unknown``."""
    created = intelmq.get("_meta", {}).get("date_created", "")
    return created[:10] if re.match(r"^\d{4}-\d{2}-\d{2}", created) else "unknown"


def ipv4_twin(name: str, known: Iterable[str]) -> str | None:
    """Return the name of the IPv4 report that an IPv6 report mirrors, if there is one.

    Example:
        >>> ipv4_twin("scan6_ftp", ["scan_ftp", "scan6_ftp"])
        'scan_ftp'
        >>> ipv4_twin("device_id6", ["device_id", "device_id6"])
        'device_id'

    """
    names = set(known)
    for pattern, four in (
        ("scan6_", "scan_"),
        ("population6_", "population_"),
        ("event6_", "event4_"),
    ):
        if name.startswith(pattern) and four + name.removeprefix(pattern) in names:
            return four + name.removeprefix(pattern)
    shorter = name.removesuffix("6")
    return shorter if shorter != name and shorter in names else None


class _Builder:
    """Holds the parsed sources while one pack is made."""

    def __init__(
        self, sources: SchemaSources, corrections: Mapping[str, Any], known: Mapping[str, Any]
    ) -> None:
        self.reports = sources.reports
        self.known = known
        self.has_severities = bool(sources.types_text or sources.severity_text)
        self.corrections = corrections
        # The key may be event_sinkhole while the report is event4_sinkhole.
        self.intelmq = {
            entry["file_name"]: entry
            for key, entry in sources.intelmq.items()
            if key != "_meta" and isinstance(entry, Mapping) and "file_name" in entry
        }
        self.listed = {**_listed(sources.severity_text), **_listed(sources.types_text)}

    def reports_made(self, skipped: dict[str, str]) -> dict[str, dict[str, Any]]:
        """Return the facts of each report that can be used; note the others with the reason."""
        made = {}
        for name in sorted(self.reports):
            try:
                made[name] = self.report(name)
            except SchemaError as error:
                skipped[name[:64]] = str(error)
        for name, said in self.corrections.get("beside", {}).get("reports", {}).items():
            if name not in made and said["like"] in made:
                made[name] = {**made[said["like"]], "twin": None, **said}
        return dict(sorted(made.items()))

    def aliases(self, reports: Mapping[str, Any]) -> dict[str, str]:
        """Return other names of reports, as far as the report is there and the name is free."""
        names = self.corrections.get("aliases", {}).get("names", {})
        return {
            alias: name for alias, name in names.items() if name in reports and alias not in reports
        }

    def report(self, name: str) -> dict[str, Any]:
        """Return the facts of one report in our form."""
        if not _NAME.match(name):
            raise SchemaError(f"not a report name: {name[:64]!r}")
        columns = _columns(name, self.reports[name])
        twin = ipv4_twin(name, self.reports)
        facts: dict[str, Any] = {
            "title": self._title(name),
            "url": self._url(name, twin),
            "family": 6 if twin else 4,
            "twin": twin,
            "columns": columns,
            "layout": self._layout(name, columns),
            **self._classification(name, twin),
            "severity": self._severity(name, twin),
        }
        if by_tag := self.corrections.get("by_tag", {}).get(name):
            facts["by_tag"] = by_tag
        if self._is_thrown_away(name, facts["layout"].get("port", "")):
            facts["port_in_key"] = False
        return facts

    def _is_thrown_away(self, name: str, column: str) -> bool:
        """Return whether the port is one that a client took for a single connection."""
        thrown_away = self.corrections.get("thrown_away_ports", {})
        if column not in thrown_away.get("columns", ()):
            return False
        return name not in thrown_away.get("but_service_in", ())

    def _title(self, name: str) -> str:
        listed = self.listed.get(name)
        if listed:
            return listed.title
        if not self.has_severities and name in self.known:  # the same files hold the titles
            return str(self.known[name]["title"])
        return str(self.reports[name].get("name", name)).replace("-", " ")

    def _url(self, name: str, twin: str | None) -> str:
        own = [n for n in (name, twin) if n]
        found = [self.reports[n].get("url") for n in own]
        found += [self.listed[n].url for n in own if n in self.listed]
        found += [self.intelmq.get(n, {}).get("url") for n in own]
        found += [self.known.get(n, {}).get("url") for n in own]
        return next((str(url) for url in found if url), "")

    def _severity(self, name: str, twin: str | None) -> str:
        for known in (name, twin):
            if known in self.listed:
                return self.listed[known].severity
        if not self.has_severities and name in self.known:
            return str(self.known[name]["severity"])
        return "medium"

    def _classification(self, name: str, twin: str | None) -> dict[str, str]:
        found = _classification_of(self.reports[name]) or (
            _classification_of(self.reports[twin]) if twin else None
        )
        found = found or _classification_of(self.intelmq.get(name, {}).get("constant_fields", {}))
        if found is None and not self.intelmq and name in self.known:
            had = self.known[name]
            return {part: had[part] for part in ("taxonomy", "type", "type_said") if part in had}
        if found is None:
            return dict(self.corrections.get("unclassified", {}).get(name, UNKNOWN_TYPE))
        mapped = self.corrections.get("types", {}).get(found[1])
        if mapped is None:
            return {"taxonomy": found[0], "type": found[1]}
        return {"taxonomy": mapped[0], "type": mapped[1], "type_said": found[1]}

    def _layout(self, name: str, columns: list[str]) -> dict[str, str]:
        """Say which column holds what, for the member's side of the report."""
        choices = self.corrections["address_layouts"]
        if name in self.corrections.get("target_reports", ()):
            choices = [self.corrections["target_layout"]]
        chosen: Mapping[str, str] = next((c for c in choices if c["address"] in columns), {})
        wanted = {
            "severity": "severity",
            "tag": "tag",
            "protocol": "protocol",
            **chosen,
            **self._product(name),
            **self.corrections.get("layouts", {}).get(name, {}),
        }
        return {part: column for part, column in wanted.items() if column in columns}

    def _product(self, name: str) -> dict[str, str]:
        if not self.intelmq and name in self.known:
            had = self.known[name]["layout"]
            return {part: had[part] for part in _PRODUCT_FIELDS.values() if part in had}
        entry = self.intelmq.get(name, {})
        mapped = [*entry.get("required_fields", ()), *entry.get("optional_fields", ())]
        return {
            _PRODUCT_FIELDS[row[0]]: row[1]
            for row in mapped
            if row[0] in _PRODUCT_FIELDS and isinstance(row[1], str)
        }


def _columns(name: str, entry: Mapping[str, Any]) -> list[str]:
    fields = entry.get("fields")
    if not isinstance(fields, list) or "timestamp" not in fields:
        raise SchemaError(f"{name} has no columns or no timestamp")
    columns = list(dict.fromkeys(str(field) for field in fields))
    if bad := [column for column in columns if not _COLUMN.match(column)]:
        raise SchemaError(f"{name} has a column that is not a name: {bad[0][:64]!r}")
    return columns


def _classification_of(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    taxonomy, kind = entry.get("classification.taxonomy"), entry.get("classification.type")
    return (str(taxonomy), str(kind)) if taxonomy and kind else None


def _listed(text: str) -> dict[str, _Listed]:
    """Return the rows of a Markdown table report | subject | severity."""
    listed = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 3 and cells[2] in SEVERITIES and _NAME.match(cells[0]):  # noqa: PLR2004  three columns
            linked = _LINKED.match(cells[1])
            title, url = (linked["title"], linked["url"]) if linked else (cells[1], "")
            listed[cells[0]] = _Listed(title, url, cells[2])
    return listed
