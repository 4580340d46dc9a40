"""File names as people send them, made safe to keep, to show and to send back."""

from __future__ import annotations

import unicodedata

from samsyn.documents.rules.contents import TYPES

LONGEST = 120
NOT_IN_NAMES = frozenset('<>:"/\\|?*')
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
)
NAMELESS = "file"


def safe_name(name: str, *, media_type: str) -> str:
    r"""Return a file name without folders, control signs or tricks, with the ending of its content.

    Args:
        name: as the browser sent it: a name, a path of any system, or worse.
        media_type: what the content was found to be; a name that says otherwise gets
            the right ending too.

    Source:
        Our own rule. Signs that turn the direction of writing could make an ending
        pose as another; Windows keeps the names of devices and some signs for itself.

    Example:
        >>> safe_name("..\\..\\minutes\u202efdp.exe", media_type="application/pdf")
        'minutesfdp.exe.pdf'

    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = unicodedata.normalize("NFC", last[: LONGEST * 4])
    seen = (sign for sign in plain if unicodedata.category(sign)[0] != "C")
    kept = "".join("_" if sign in NOT_IN_NAMES else sign for sign in seen)
    kept = " ".join(kept.split()).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        stem, ending = kept, ""
    known = TYPES[media_type].endings
    if f".{ending.lower()}" not in known:
        stem, ending = kept, known[0][1:]
    stem = stem.strip(". ")[: LONGEST - len(ending) - 1].rstrip(". ")
    if not stem or stem.lower() in DEVICES:
        stem = f"{NAMELESS}-{stem}".rstrip("-")
    return f"{stem}.{ending}"
