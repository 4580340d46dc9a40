"""Ask a public database of vulnerabilities about every package of the locks, Python and npm.

script/audit                     ask about all that is in the locks
script/audit --bill FILE         ask about what a bill of materials names, as the wheel's
script/audit --database ADDRESS  ask another database that speaks the protocol of OSV

Ends with 0 when nothing is known that is not ignored, 1 when something is, and 2 when the
database could not be asked: then nothing is known. Needs the internet, so run it weekly where
there is one (docs/operations.md). What is ignored, why and until when: requirements/audit.toml.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
import urllib.request
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from locks import REQUIREMENTS, every_package

DATABASE = "https://api.osv.dev"
IGNORED = REQUIREMENTS / "audit.toml"
# Asked about each time: a database that knows nothing of it cannot be trusted about the rest.
KNOWN_BAD = "pkg:pypi/django@1.11.0"
AT_ONCE = 500
SECONDS = 30
PAGES_MOST = 50


class CannotAsk(Exception):
    """The database did not answer, or not as it should."""


@dataclass(frozen=True)
class Ignored:
    """One vulnerability that was judged; it counts again the day after ``until``."""

    id: str
    reason: str
    until: date


@dataclass(frozen=True)
class Found:
    """One vulnerability of one package."""

    purl: str
    ids: frozenset[str]
    summary: str

    def __str__(self) -> str:
        return f"{self.purl}: {', '.join(sorted(self.ids))}: {self.summary}"


def ignored_in(path: Path) -> list[Ignored]:
    """Return what is ignored.

    Raises:
        ValueError: an entry lacks its id, a reason or a date.

    """
    entries = tomllib.loads(path.read_text()).get("ignored", []) if path.exists() else []
    for entry in entries:
        whole = set(entry) == {"id", "reason", "until"} and str(entry["reason"]).strip()
        if not whole or type(entry["until"]) is not date:
            raise ValueError(f"{path.name}: each entry has id, reason and until (a date): {entry}")
    return [Ignored(**entry) for entry in entries]


def ask(address: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the database's answer.

    Raises:
        CannotAsk: there is none, or it is no JSON object.

    """
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})  # noqa: S310  the address is ours
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  the address is ours
            told = json.load(answer)
    except (OSError, ValueError) as error:
        raise CannotAsk(f"{address}: {error}") from error
    if not isinstance(told, dict):
        raise CannotAsk(f"{address}: the answer is no object")
    return told


def ids_of(database: str, purls: list[str]) -> dict[str, set[str]]:
    """Return the ids of what is known about each package.

    Raises:
        CannotAsk: an answer is missing for a package, or has no end.

    """
    found: dict[str, set[str]] = {purl: set() for purl in purls}
    waiting: list[tuple[str, str]] = [(purl, "") for purl in purls]
    for _ in range(PAGES_MOST):
        if not waiting:
            return found
        batch, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        waiting += _batch(database, batch, found)
    raise CannotAsk(f"{database}: the answer has no end")


def _batch(
    database: str, batch: list[tuple[str, str]], found: dict[str, set[str]]
) -> list[tuple[str, str]]:
    """Fill ``found``; return what has a further page."""
    queries = [
        {"package": {"purl": purl}, **({"page_token": page} if page else {})}
        for purl, page in batch
    ]
    results = ask(f"{database}/v1/querybatch", {"queries": queries}).get("results")
    if not isinstance(results, list) or len(results) != len(batch):
        raise CannotAsk(f"{database}: not one answer for each package")
    further = []
    for (purl, _), result in zip(batch, results, strict=True):
        found[purl] |= {vulnerability["id"] for vulnerability in result.get("vulns", [])}
        if result.get("next_page_token"):
            further.append((purl, result["next_page_token"]))
    return further


def findings(database: str, purls: list[str]) -> list[Found]:
    """Return what is known about the packages.

    Raises:
        CannotAsk: the database did not answer, or does not know what everybody knows.

    """
    known = ids_of(database, [*purls, KNOWN_BAD])
    if not known.pop(KNOWN_BAD):
        raise CannotAsk(f"{database}: knows nothing about {KNOWN_BAD}, which has vulnerabilities")
    return [_found(database, purl, vulnerability) for purl in purls for vulnerability in
            sorted(known[purl])]  # fmt: skip


def _found(database: str, purl: str, vulnerability: str) -> Found:
    told = ask(f"{database}/v1/vulns/{vulnerability}")
    ids = frozenset([vulnerability, *told.get("aliases", [])])
    return Found(purl, ids, str(told.get("summary") or told.get("details") or "")[:200])


def judge(found: list[Found], ignored: list[Ignored], today: date) -> tuple[list[str], list[str]]:
    """Return what must be acted on, and what is ignored today."""
    act, kept = [], []
    used: set[str] = set()
    for one in found:
        entry = next((e for e in ignored if e.id in one.ids), None)
        used |= {entry.id} if entry else set()
        if entry is None:
            act.append(str(one))
        elif entry.until < today:
            act.append(f"{one} (ignored until {entry.until}: {entry.reason})")
        else:
            kept.append(f"{one} (ignored until {entry.until}: {entry.reason})")
    act += [f"{e.id} is ignored but not found: remove it" for e in ignored if e.id not in used]
    return act, kept


def purls_of(bill: Path | None) -> list[str]:
    """Return the packages of a bill of materials, else of the locks."""
    if bill is None:
        return [package.purl for package in every_package()]
    return [component["purl"] for component in json.loads(bill.read_text())["components"]]


def main() -> int:
    """Ask, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bill", type=Path)
    parser.add_argument("--database", default=DATABASE)
    parser.add_argument("--ignored", type=Path, default=IGNORED)
    options = parser.parse_args()
    try:
        ignored, purls = ignored_in(options.ignored), purls_of(options.bill)
        found = findings(options.database.rstrip("/"), purls)
    except (CannotAsk, ValueError, OSError, KeyError) as error:
        print(f"audit: NOTHING IS KNOWN: {error}", file=sys.stderr)
        return 2
    act, kept = judge(found, ignored, datetime.now(tz=UTC).date())
    for line in kept:
        print(f"ignored: {line}")
    for line in act:
        print(f"FOUND: {line}")
    print(f"audit: {len(purls)} packages, {len(act)} to act on, {len(kept)} ignored")
    return 1 if act else 0


if __name__ == "__main__":
    sys.exit(main())
