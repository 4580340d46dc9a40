"""What is observed today on AS numbers and names, read from the room that keeps findings.

Which addresses an AS number has is on record nowhere but in what was reported. The rooms that
know of it stand above this one, and register at the start how to read them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from samsyn.assets.rules import Sighting

# Given how addresses begin and an AS number; without both everything is asked for.
SightingsReader = Callable[[str, int | None], Iterable[Sighting]]
BYTES = 4  # of an IPv4 address
_readers: list[SightingsReader] = []


def register_sightings_reader(reader: SightingsReader) -> None:
    """Register what gives the sightings attributed to confirmed AS numbers and names."""
    if reader not in _readers:
        _readers.append(reader)


def sightings(kind: str = "", value: str = "") -> Iterator[Sighting]:
    """Yield what may be seen on a resource; without one, everywhere."""
    if kind in {"", "prefix", "asn"}:
        number = int(value) if kind == "asn" else None
        for reader in _readers:
            yield from reader(_beginning(value) if kind == "prefix" else "", number)


def _beginning(prefix: str) -> str:
    """Return how the text of every address in an IPv4 range begins; nothing for IPv6."""
    if ":" in prefix:
        return ""
    address, length = prefix.split("/")
    parts = address.split(".")[: int(length) // 8]
    return address if len(parts) == BYTES else "".join(f"{part}." for part in parts)
