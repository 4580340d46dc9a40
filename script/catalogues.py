"""Compile the message catalogues (.po to .mo) in plain Python; no gettext is needed."""

from __future__ import annotations

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "src/samsyn/locale"


def main() -> None:
    """Compile each catalogue that is newer than its compiled form."""
    for source in LOCALE.rglob("*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


main()
