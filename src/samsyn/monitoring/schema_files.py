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
    SchemaError,
    SchemaSources,
    schema_pack,
    schema_version,
)

__all__ = ["SchemaError", "install", "pack_from"]
WANTED = ("reports.json", "intelmq.json", "types.md", "severity.md")
BYTES_MAX = 20_000_000
ENTRIES_MAX = 2_000


def pack_from(path: Path, corrections: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pack that a folder, a zip or a single file makes.

    A single ``reports.json`` is enough, with less known; a finished pack is taken as it is.

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
    sources = SchemaSources(
        reports={k: v for k, v in reports.items() if isinstance(v, dict) and not k.startswith("_")},
        intelmq=intelmq,
        types_text=texts.get("types.md", ""),
        severity_text=texts.get("severity.md", ""),
    )
    return schema_pack(sources, corrections, version=schema_version(intelmq))


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
    for name, facts in pack.get("reports", {}).items():
        if not {"columns", "layout", "taxonomy", "type", "severity"} <= set(facts):
            raise SchemaError(f"{name} lacks facts")
    return pack
