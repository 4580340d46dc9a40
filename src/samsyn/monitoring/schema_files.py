"""Finds Shadowserver's schema files in a folder or a zip, and writes the pack they make."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from samsyn.kernel.archives import (
    UNREADABLE,
    ArchiveRefused,
    Budget,
    check_directory,
    check_kind,
)
from samsyn.monitoring.schema import (
    PACK,
    SEVERITIES,
    SchemaError,
    SchemaSources,
    schema_pack,
    schema_version,
)

__all__ = ["SchemaError", "install", "pack_from"]
WANTED = ("reports.json", "intelmq.json", "types.md", "severity.md")
BYTES_MAX = 20_000_000
ENTRIES_MAX = 2_000


def pack_from(
    path: Path,
    corrections: Mapping[str, Any],
    *,
    known: Mapping[str, Any] | None = None,
    skipped: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return the pack that a folder, a zip or a single file makes.

    A single ``reports.json`` is enough: what it does not say stays as it is in the reports that
    are ``known``. A finished pack is taken as it is. What is left out is noted in ``skipped``.

    Raises:
        SchemaError: the files are not a report schema.

    """
    texts = _texts(path)
    if "reports.json" not in texts:
        raise SchemaError("there is no reports.json")
    reports = _mapping(texts["reports.json"], "reports.json")
    if reports.get("pack") == PACK:
        return _checked(reports)
    intelmq = _mapping(texts.get("intelmq.json", "{}"), "intelmq.json")
    listed = {k: v for k, v in reports.items() if not k.startswith("_")}
    if skipped is not None:
        odd = (name for name, entry in listed.items() if not isinstance(entry, dict))
        skipped.update({name[:64]: "is no report" for name in odd})
    sources = SchemaSources(
        reports={name: entry for name, entry in listed.items() if isinstance(entry, dict)},
        intelmq=intelmq,
        types_text=texts.get("types.md", ""),
        severity_text=texts.get("severity.md", ""),
    )
    version = schema_version(intelmq)
    return schema_pack(sources, corrections, version=version, known=known, skipped=skipped)


def install(made: Mapping[str, Any], place: Path) -> None:
    """Write a pack where it overrides the shipped one, whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_text(written(made), encoding="utf-8")
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)


def written(made: Mapping[str, Any]) -> str:
    """Return a pack as text, one report on a line, so that differences can be read."""
    head = ", ".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in made.items() if k != "reports")
    lines = (
        f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in made["reports"].items()
    )
    return "{" + head + ', "reports": {\n' + ",\n".join(lines) + "\n}}\n"


def _texts(path: Path) -> dict[str, str]:
    if path.is_dir():
        found = {name: path / name for name in WANTED if (path / name).is_file()}
        return {name: _read(file) for name, file in found.items()}
    if zipfile.is_zipfile(path):
        return _texts_in_zip(path)
    return {"reports.json": _read(path)}


def _texts_in_zip(path: Path) -> dict[str, str]:
    try:
        return dict(_wanted_in_zip(path, Budget(BYTES_MAX)))
    except (ArchiveRefused, *UNREADABLE) as error:
        raise SchemaError(f"{path.name} is damaged, or unpacks to too much") from error


def _wanted_in_zip(path: Path, budget: Budget) -> Iterator[tuple[str, str]]:
    with path.open("rb") as whole:
        check_directory(whole, entries=ENTRIES_MAX)
        with zipfile.ZipFile(whole) as archive:
            for entry in archive.infolist():
                name = PurePosixPath(entry.filename).name
                if name in WANTED:
                    check_kind(entry)
                    with archive.open(entry) as file:
                        text = file.read(budget.left + 1)
                    budget.take(len(text))
                    yield name, text.decode("utf-8-sig")


def _read(path: Path) -> str:
    if path.stat().st_size > BYTES_MAX:
        raise SchemaError(f"{path.name} is larger than {BYTES_MAX // 1_000_000} MB")
    return path.read_text(encoding="utf-8-sig")


def _mapping(text: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise SchemaError(f"{name} is not JSON") from error
    if not isinstance(found, dict):
        raise SchemaError(f"{name} is not a mapping")
    return found


def _checked(pack: dict[str, Any]) -> dict[str, Any]:
    """Return a finished pack, once it is seen to have all that reading needs."""
    reports = pack.get("reports")
    if not isinstance(reports, dict) or not reports:
        raise SchemaError("the pack names no report")
    for name, facts in reports.items():
        if not isinstance(facts, dict) or not _has_facts(facts):
            raise SchemaError(f"{name[:64]!r} lacks facts")
    aliases = pack.get("aliases", {})
    if not isinstance(aliases, dict) or not all(name in reports for name in aliases.values()):
        raise SchemaError("an alias is of no report")
    return {"version": "unknown", **pack}


def _has_facts(facts: Mapping[str, Any]) -> bool:
    columns, layout = facts.get("columns"), facts.get("layout")
    if not isinstance(columns, list) or not isinstance(layout, dict):
        return False
    is_known = facts.get("severity") in SEVERITIES and "timestamp" in columns
    words = all(isinstance(facts.get(part), str) for part in ("taxonomy", "type"))
    return is_known and words and set(layout.values()) <= set(columns)
