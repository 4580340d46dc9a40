"""Nothing of the demonstration can reach, or be mistaken for, anybody real."""

from __future__ import annotations

import csv
from ipaddress import ip_network
from pathlib import Path

import pytest
import yaml

PACK = Path(__file__).parents[2] / "src/samsyn/packs/demonstration"
ROWS = list(csv.DictReader((PACK / "sector.csv").read_text(encoding="utf-8").splitlines()))
MEMBERS = yaml.safe_load((PACK / "members.yaml").read_text(encoding="utf-8"))
PEOPLE = yaml.safe_load((PACK / "people.yaml").read_text(encoding="utf-8"))
NAMES = {row["organisation"] for row in ROWS}
RESERVED = [
    ip_network(text)
    for text in (
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32",
    )
]  # fmt: skip
ROLES = {"analyst", "adviser", "administrator"}
MEMBER_ROLES = {"leader", "ciso", "owner", "technician", "auditor", "employee"}


def values(resource_type: str) -> list[str]:
    return [row["value"] for row in ROWS if row["resource_type"] == resource_type]


def test_the_columns_are_those_of_the_import():
    assert list(ROWS[0]) == [
        "organisation", "country", "language", "parent", "kind",
        "resource_type", "value", "contact_purpose", "contact_email", "operated_by",
        "overlap",
    ]  # fmt: skip


@pytest.mark.parametrize("value", values("prefix"))
def test_a_prefix_is_in_a_documentation_or_benchmark_range(value):
    network = ip_network(value)
    assert any(
        network.version == reserved.version and network.subnet_of(reserved) for reserved in RESERVED
    )


def test_as_numbers_are_for_documentation():
    numbers = [int(value) for value in values("asn")]
    assert numbers
    assert all(64496 <= n <= 64511 or 65536 <= n <= 65551 for n in numbers)


def test_domains_and_addresses_end_in_example():
    names = [*values("domain"), *values("mail_domain")]
    names += [row["contact_email"] for row in ROWS if row["contact_email"]]
    names += [person["email"] for person in PEOPLE["people"]]
    assert [name for name in names if not name.endswith(".example")] == []


def test_every_organisation_is_presented_once_and_before_its_facts():
    presented: list[str] = []
    for row in ROWS:
        if row["kind"]:
            presented.append(row["organisation"])
        assert row["organisation"] in presented
    assert len(presented) == len(set(presented)) == len(NAMES)


def test_a_parent_stands_before_its_units():
    seen: set[str] = set()
    for row in ROWS:
        assert not row["parent"] or row["parent"] in seen
        seen.add(row["organisation"])


def test_thirty_municipalities_stand_on_tiles_of_their_own():
    municipalities = {row["organisation"] for row in ROWS if row["kind"] == "municipality"}
    tiles = {(tile["x"], tile["y"]) for tile in MEMBERS["members"]}
    assert {tile["organisation"] for tile in MEMBERS["members"]} == municipalities
    assert len(tiles) == len({tile["code"] for tile in MEMBERS["members"]}) == 30
    assert all(x < MEMBERS["columns"] and y < MEMBERS["rows"] for x, y in tiles)


def test_every_municipality_has_a_technical_contact():
    reached = {row["organisation"] for row in ROWS if row["contact_purpose"] == "technical"}
    assert reached >= {tile["organisation"] for tile in MEMBERS["members"]}


def test_those_who_run_it_for_others_exist():
    operators = {row["operated_by"] for row in ROWS} - {""}
    assert len(operators) == 3
    assert operators <= NAMES


def test_exactly_one_prefix_is_claimed_twice():
    claimed = values("prefix")
    assert {value for value in claimed if claimed.count(value) > 1} == {"198.51.100.64/26"}


def test_no_other_prefixes_overlap():
    networks = sorted({ip_network(value) for value in values("prefix")}, key=str)
    overlapping = [
        (a, b)
        for n, a in enumerate(networks)
        for b in networks[n + 1 :]
        if a.version == b.version and a.overlaps(b)
    ]
    assert overlapping == []


def test_people_have_roles_that_their_organisation_can_give():
    assert {person["organisation"] for person in PEOPLE["people"]} <= NAMES
    for person in PEOPLE["people"]:
        at_operator = person["organisation"] == PEOPLE["operator"]
        assert person["role"] in (ROLES if at_operator else MEMBER_ROLES)


def test_every_role_has_somebody():
    assert {person["role"] for person in PEOPLE["people"]} == ROLES | MEMBER_ROLES
