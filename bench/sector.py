"""The measured sector: 357 members with what they own, and reports about it.

Everything follows from row numbers through a hash, so the same call gives the same
bytes on every machine. Addresses are from 198.18.0.0/15 and 2001:db8::/32 first; a
million rows need more than that, so the rest is from 10.0.0.0/8.

Four of the six reports are scans, with one row for each address and port; two are of
events, in which a host comes with some rows a day, each from another port.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

MEMBERS, PREFIXES, ASNS, DOMAINS = 357, 5_000, 50, 800
REPORTS = (
    "scan_rdp",
    "scan_ssl",
    "scan_ssh",
    "scan6_ssl",
    "event4_sinkhole",
    "event4_honeypot_brute_force",
)
EVENTS_OF_A_HOST = 3
ATTRIBUTED_PERCENT = 60
PACK = Path(__file__).parents[1] / "src/samsyn/packs/reports/shadowserver.json"


@dataclass(frozen=True, slots=True)
class Fact:
    """One resource of one member: prefix, asn or domain."""

    member: int
    kind: str
    value: str


def facts() -> Iterator[Fact]:
    """Yield the resources of the sector: prefixes of /22 to /26, ASNs and domains."""
    for i in range(PREFIXES * 4 // 5):
        network = ipaddress.ip_network(
            (int(ipaddress.IPv4Address("10.0.0.0")) + i * 1024, 22 + i % 5)
        )
        yield Fact(i % MEMBERS, "prefix", str(network))
    for i in range(PREFIXES // 5):
        yield Fact(i % MEMBERS, "prefix", f"2001:db8:{i:x}::/48")
    for i in range(ASNS):
        yield Fact(i * 7 % MEMBERS, "asn", str(64_496 + i if i < 16 else 65_536 + i - 16))
    for i in range(DOMAINS):
        yield Fact(i % MEMBERS, "domain", f"member{i}.example")


def write_reports(folder: Path, *, rows: int, on: date, changed_percent: int = 0) -> list[Path]:
    """Write one file for each of the six reports and return their paths.

    Args:
        folder: where to write.
        rows: in all files together.
        on: the date of the reports.
        changed_percent: how many rows in a hundred differ from the day with 0.

    """
    pack = json.loads(PACK.read_text())["reports"]
    db = duckdb.connect()
    db.execute("set threads=2")
    return [
        _write(db, folder, report, pack[report], rows // len(REPORTS), on, changed_percent)
        for report in REPORTS
    ]


def _write(
    db: duckdb.DuckDBPyConnection,
    folder: Path,
    report: str,
    facts_of: dict[str, Any],
    rows: int,
    on: date,
    changed_percent: int,
) -> Path:
    path = folder / f"{on}-{report}-nordic-sector.csv"
    layout = facts_of["layout"]
    given = {layout[part]: sql for part, sql in _values(report).items() if part in layout}
    given["timestamp"] = (
        f"strftime(timestamp '{on} 00:00:00' + to_seconds((i * 7919 % 86400)::bigint), "
        "'%Y-%m-%d %H:%M:%S')"
    )
    each = EVENTS_OF_A_HOST if report.startswith("event") else 1
    cells = ", ".join(f'{given.get(c) or _filler(c)} as "{c}"' for c in facts_of["columns"])
    db.execute(f"""
        copy (
          with numbers as (
            select i, i % {rows // each} as host from range({rows}) t(i)
          ), hashed as (
            select i, (hash(i, '{on}') >> 1)::bigint as again,
              (hash(host + case when hash(host, '{on}') % 100 < {changed_percent} then 50000000
                else 0 end, '{report}') >> 1)::bigint as h
            from numbers
          )
          select {cells} from hashed
        ) to '{path}' (header, force_quote *, delimiter ',')
    """)
    return path


def _values(report: str) -> dict[str, str]:
    hit = f"(h % 100 < {ATTRIBUTED_PERCENT})"
    if report.startswith("scan6"):
        address = (
            "'2001:db8:' || printf('%x', case when "
            + hit
            + " then (h >> 8) % 1000 else 4096 + (h >> 8) % 50000 end)"
            " || '::' || printf('%x', (h >> 24) % 65535 + 1)"
        )
    else:
        size = "(1::bigint << (10 - ((h >> 8) % 4000 % 5)))"
        inside = f"{10 << 24} + ((h >> 8) % 4000) * 1024 + (h >> 24) % {size}"
        outside = f"{(198 << 24) + (18 << 16)} + (h >> 8) % 131072"
        number = f"(case when {hit} then {inside} else {outside} end)"
        parts = ", ".join(f"({number} >> {shift}) & 255" for shift in (24, 16, 8, 0))
        address = f"concat_ws('.', {parts})"
    scanned = "((array[443, 3389, 22, 80, 8443, 8080])[1 + (h >> 40) % 6])::varchar"
    return {
        "address": address,
        "port": "(32768 + again % 28000)::varchar" if report.startswith("event") else scanned,
        "host": "case when h % 3 = 0 then 'host-' || (h % 100000) || '.isp' || (h % 50) || '.example' "
        "else '' end",
        "asn": f"(case when {hit} then 64496 + (h >> 16) % 16 "
        "else 4200000000 + (h >> 16) % 300 end)::varchar",
        "country": "(array['NO', 'SE', 'DK', 'FI'])[1 + (h >> 44) % 4]",
        "protocol": "'tcp'",
        "severity": "(array['low', 'medium', 'high', 'critical', ''])[1 + (h >> 50) % 5]",
        "tag": "case when h % 11 = 0 then 'ssl;vpn;cve-2024-' || (20000 + h % 50) else 'ssl' end",
        "vendor": "case when h % 4 = 0 then 'Fortinet' else '' end",
        "product": "case when h % 4 = 0 then 'FortiGate' else '' end",
        "version": "''",
    }


def _filler(column: str) -> str:
    """Say something of plausible length for about half of the other columns."""
    n = sum(column.encode())
    return f"'{column[:8]} ' || (h >> {n % 30}) % 1000" if n % 2 else "''"
