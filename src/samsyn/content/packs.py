"""Content packs: texts and facts without code, shipped or installed, read and kept in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language

SHIPPED = Path(__file__).resolve().parent.parent / "packs"
BYTES_MAX = 20_000_000
# A page asks for the same pack a hundred times; its file is looked at once a second.
FRESH_SECONDS = 1.0
_looked_at: dict[tuple[str, str], tuple[float, Mapping[str, Any]]] = {}


def pack_path(name: str) -> Path:
    """Return the file of a pack: the one installed in SAMSYN_HOME, else the shipped one.

    Args:
        name: such as ``reports/texts.yaml``; with folder and ending.

    """
    installed = Path(settings.SAMSYN_HOME) / "packs" / name
    return installed if installed.is_file() else SHIPPED / name


def pack(name: str) -> Mapping[str, Any]:
    """Return a pack's content, read anew only when its file has changed.

    Raises:
        ValueError: the file is larger than 20 MB or no mapping.

    """
    key, now = (str(settings.SAMSYN_HOME), name), monotonic()
    known = _looked_at.get(key)
    if known is not None and now - known[0] < FRESH_SECONDS:
        return known[1]
    path = pack_path(name)
    content = _read(path, path.stat().st_mtime_ns)
    _looked_at[key] = (now, content)
    return content


def packs_changed() -> None:
    """Look at the files again: whoever has just written one says so."""
    _looked_at.clear()


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Mapping[str, Any]:
    if path.stat().st_size > BYTES_MAX:
        raise ValueError(f"{path.name} is larger than {BYTES_MAX} bytes")
    text = path.read_text(encoding="utf-8")
    content = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=LOADER)  # noqa: S506  both loaders are safe ones
    if not isinstance(content, dict):
        raise TypeError(f"{path.name} is not a mapping")
    return content


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def localised(texts: Mapping[str, Any], language: str | None = None) -> Any:
    """Return the text of a pack in a language (the active one); in English where it has none."""
    return texts.get(language or get_language() or "en") or texts.get("en", "")
