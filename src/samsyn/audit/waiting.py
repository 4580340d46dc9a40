"""Events that wait for the chain, each a file that carries a code of the trail's key."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings

from samsyn.audit.keys import trail_keys

log = logging.getLogger("samsyn.audit")
TAKEN_LONG = 600  # seconds after which whoever took a file is gone
USE = "trail event"


def _place() -> Path:
    return Path(settings.SAMSYN_HOME) / "trail_waiting"


def keep(event: dict[str, Any]) -> None:
    """Write an event to the disk, whole or not at all."""
    place = _place()
    place.mkdir(mode=0o700, exist_ok=True)
    text = json.dumps(event, sort_keys=True, ensure_ascii=False)
    name = f"{time.time_ns():020d}-{uuid4().hex[:8]}"
    draft = place / f"{name}.new"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{trail_keys()[0].code(USE, text)}\n{text}")
        file.flush()
        os.fsync(handle)
    draft.rename(place / f"{name}.event")


@dataclass(frozen=True, slots=True)
class TakenEvent:
    """An event that one process has taken; nobody else takes it."""

    file: Path
    event: dict[str, Any]

    def remove(self) -> None:
        """Remove it: it is in the chain."""
        self.file.unlink(missing_ok=True)

    def give_back(self) -> None:
        """Let it wait again."""
        self.file.rename(self.file.with_suffix(".event"))

    def put_aside(self) -> None:
        """Keep it for whoever looks into why it cannot join the chain."""
        self.file.rename(self.file.with_suffix(".refused"))


def take(most: int) -> Iterator[TakenEvent]:
    """Yield the oldest events that wait."""
    for file in _waiting()[:most]:
        own = file.with_suffix(".taken")
        try:
            file.rename(own)
            os.utime(own)
            event = _read(own)
        except FileNotFoundError:
            continue  # another process was faster
        if event is None:
            TakenEvent(own, {}).put_aside()
            log.error("an event that waited for the trail was changed: %s", file.name)
            continue
        yield TakenEvent(own, event)


def count() -> int:
    """Return how many events wait."""
    return len(_waiting())


def _waiting() -> list[Path]:
    place = _place()
    if not place.is_dir():
        return []
    for file in place.glob("*.taken"):
        if time.time() - file.stat().st_mtime > TAKEN_LONG:
            file.rename(file.with_suffix(".event"))
    return sorted(place.glob("*.event"))


def _read(file: Path) -> dict[str, Any] | None:
    code, _line, text = file.read_text(encoding="utf-8").partition("\n")
    if not any(key.fits(USE, text, code) for key in trail_keys()):
        return None
    event: dict[str, Any] = json.loads(text)
    return event
