"""Anchors: lines kept outside the database that say how far the trail went at a moment.

A line is read back from a file of many lines, from the text of a saved mail, and from a mail
saved whole (``.eml``), also where a mail program has broken or quoted the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

from samsyn.audit.rules import Key

FIELDS = ("number", "hash", "at", "installation", "key")
_LINE = re.compile(
    r"samsyn-anchor\s+number=(?P<number>\d{1,18})\s+hash=(?P<hash>[0-9a-f]{64})"
    r"\s+at=(?P<at>[0-9T:.+Z-]{10,40})\s+installation=(?P<installation>\S{1,200})"
    r"\s+key=(?P<key>[0-9a-f]{12})\s+mac=(?P<mac>[0-9a-f]{64})"
)
_MARK = re.compile(r"samsyn-anchor\s+number=")
_QUOTE = re.compile(r"^[> \t]+", re.MULTILINE)
_IS_MAIL = re.compile(rb"^(?:[A-Za-z-]+:.*\r?\n(?:[ \t].*\r?\n)*)+\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """How far the trail went at a moment, with a code made with the trail's key."""

    number: int
    hash: str
    at: str
    installation: str
    key: str
    mac: str

    @property
    def signed_text(self) -> str:
        """The text that the code is computed over."""
        return " ".join(f"{name}={getattr(self, name)}" for name in FIELDS)

    def __str__(self) -> str:
        return f"samsyn-anchor {self.signed_text} mac={self.mac}"


def anchor_made(*, number: int, code: str, at: datetime, installation: str, key: Key) -> Anchor:
    """Return the anchor of an entry, with its code."""
    plain = Anchor(
        number=number,
        hash=code,
        at=at.astimezone(UTC).isoformat(timespec="seconds"),
        installation=re.sub(r"\s+", "-", installation) or "-",
        key=key.id,
        mac="",
    )
    return replace(plain, mac=key.code("trail anchor", plain.signed_text))


def anchors_damaged(content: bytes) -> int:
    """Return how many lines in a file or mail begin as an anchor and cannot be read as one.

    The newest of them may be the one that tells of a cut end.
    """
    text = _QUOTE.sub("", _text(content))
    return len(_MARK.findall(text)) - len(_LINE.findall(text))


def anchors_read(content: bytes) -> Iterator[Anchor]:
    """Yield the anchors in a file or a saved mail, in their order."""
    for found in _LINE.finditer(_QUOTE.sub("", _text(content))):
        fields: dict[str, Any] = found.groupdict()
        yield Anchor(**{**fields, "number": int(fields["number"])})


def _text(content: bytes) -> str:
    if _IS_MAIL.match(content):
        mail = message_from_bytes(content, policy=policy.default)
        body = mail.get_body(("plain", "html"))
        if body is not None:
            return str(body.get_content())
    return content.decode("utf-8", errors="replace")


def anchor_faults(
    anchors: Sequence[Anchor], hashes: Mapping[int, str], *, last: int, keys: Sequence[Key]
) -> Iterator[str]:
    """Yield what is wrong between the anchors and the trail, in words.

    Args:
        anchors: as read from outside.
        hashes: the hashes that the trail has now, by number.
        last: the number of the newest entry now.
        keys: the keys of the installation.

    """
    by_id = {key.id: key for key in keys}
    for anchor in anchors:
        key = by_id.get(anchor.key)
        if key is None or not key.fits("trail anchor", anchor.signed_text, anchor.mac):
            yield f"the anchor of {anchor.at} was not made with a key of this installation"
        elif anchor.number > last:
            yield (
                f"on {anchor.at} the trail went to entry {anchor.number}; "
                f"now it ends at {last}: its end was cut off, unless a backup older than "
                "that anchor was restored since. If so, this is expected: make a new anchor "
                "with samsyn trail_anchor, and keep the old ones with a note of the restore"
            )
        elif hashes.get(anchor.number) != anchor.hash:
            yield (
                f"entry {anchor.number} is not the one that was there on {anchor.at}: "
                "the trail was written anew or an entry was exchanged"
            )
