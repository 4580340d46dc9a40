"""The fictional sector, read from its pack: who there is and which addresses are theirs."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from importlib.resources import files
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable

PACK = files("samsyn") / "packs" / "demonstration"

# A company owned by a municipality has about as much on the internet as a very small municipality.
PEOPLE_OF_A_UNIT = 700


@dataclass(frozen=True, kw_only=True)
class Member:
    """An organisation of the sector, with what the report maker needs to know of it."""

    name: str
    kind: str
    country: str
    parent: str
    population: int
    repairs: str
    operated_by: str
    networks: tuple[IPv4Network, ...]
    networks6: tuple[IPv6Network, ...]
    domain: str
    asn: int | None


@dataclass(frozen=True, kw_only=True)
class Sector:
    """All members in the order of the file; the operator is not among them."""

    members: tuple[Member, ...]

    def member(self, name: str) -> Member:
        """Return the member of that name.

        Raises:
            KeyError: nobody has that name.

        """
        for member in self.members:
            if member.name == name:
                return member
        raise KeyError(name)

    @property
    def municipalities(self) -> tuple[Member, ...]:
        """The members that are municipalities."""
        return tuple(member for member in self.members if member.kind == "municipality")


def sector_read(folder: Traversable = PACK) -> Sector:
    """Return the sector that ``sector.csv`` and ``members.yaml`` of a folder describe."""
    tiles = _tiles((folder / "members.yaml").read_text(encoding="utf-8"))
    facts = _facts((folder / "sector.csv").read_text(encoding="utf-8").splitlines())
    members = [_member(name, rows, tiles) for name, rows in facts.items()]
    return Sector(members=tuple(member for member in members if member.kind != "operator"))


def _tiles(text: str) -> dict[str, Mapping[str, str | int]]:
    return {tile["organisation"]: tile for tile in yaml.safe_load(text)["members"]}


def _facts(lines: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    facts: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in csv.DictReader(lines):
        facts[row["organisation"]].append(row)
    return facts


def _member(
    name: str, rows: list[dict[str, str]], tiles: Mapping[str, Mapping[str, str | int]]
) -> Member:
    parent = _first(rows, "parent")
    tile = tiles.get(name, {})
    habits = tile or tiles.get(parent, {})
    networks = [ip_network(value) for value in _values(rows, "prefix")]
    numbers = _values(rows, "asn")
    return Member(
        name=name,
        kind=_first(rows, "kind"),
        country=_first(rows, "country"),
        parent=parent,
        population=int(tile.get("population", PEOPLE_OF_A_UNIT)),
        repairs=str(habits.get("repairs", "quick")),
        operated_by=_first(rows, "operated_by"),
        networks=tuple(network for network in networks if isinstance(network, IPv4Network)),
        networks6=tuple(network for network in networks if isinstance(network, IPv6Network)),
        domain=next(iter(_values(rows, "domain")), ""),
        asn=int(numbers[0]) if numbers else None,
    )


def _first(rows: Iterable[Mapping[str, str]], column: str) -> str:
    return next((row[column] for row in rows if row[column]), "")


def _values(rows: Iterable[Mapping[str, str]], resource_type: str) -> list[str]:
    return [row["value"] for row in rows if row["resource_type"] == resource_type]
