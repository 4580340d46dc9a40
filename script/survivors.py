"""What became of the mutants: figures for each module, and which survived without a reason."""

from __future__ import annotations

import json
import sys
import tomllib
from dataclasses import dataclass

from mutants import ROOT

KEPT = ROOT / ".tools/mutation"
KNOWN = ROOT / "docs/mutants.toml"


@dataclass
class Result:
    """What became of one mutant."""

    module: str
    function: str
    line: int
    change: str
    outcome: str
    tests: int
    seconds: float


def say(text: str) -> None:
    """Print at once, past what pytest captures."""
    sys.__stdout__.write(text + "\n")
    sys.__stdout__.flush()


def known() -> dict[tuple[str, str, str], str]:
    """Return the reasons of docs/mutants.toml, by module, function and change."""
    kept = tomllib.loads(KNOWN.read_text()) if KNOWN.exists() else {}
    return {
        (f"samsyn.{module}", row["function"], change): row["reason"]
        for module, rows in kept.items()
        for row in rows
        for change in row["changes"]
    }


def survivors(results: list[Result], *, is_sample: bool = False) -> bool:
    """Print what survived without a known reason, and reasons that are no longer needed.

    Returns whether every known reason is still needed; of a sample that is not known.
    """
    reasons = known()
    alive = [r for r in results if r.outcome in ALIVE]
    for one in alive:
        if (one.module, one.function, one.change) not in reasons:
            say(f"  {one.outcome:<9} line {one.line} {one.function}: {one.change}")
    if is_sample:
        return True
    left = set(reasons) - {(r.module, r.function, r.change) for r in alive}
    stale = sorted(key for key in left if key[0] in {r.module for r in results})
    for _module, function, change in stale:
        say(f"  no longer there: {function}: {change}")
    return not stale


ALIVE = {"survived", "unreached"}


def report(module: str, results: list[Result], seconds: float) -> None:
    """Print a module's figures."""
    made = [r for r in results if r.outcome != "not made"]
    alive = [r for r in made if r.outcome in ALIVE]
    unreached = sum(r.outcome == "unreached" for r in made)
    slow = sum(r.outcome == "timeout" for r in made)
    dead = len(made) - len(alive)
    percent = 100 * dead / len(made) if made else 100
    say(
        f"{module:<42} {len(made):>4} mutants {dead:>4} killed {percent:>5.1f} %"
        f"  ({unreached} unreached, {slow} timed out, {len(results) - len(made)} not made,"
        f" {seconds:.0f} s)"
    )


def keep(room: str, module: str, results: list[Result]) -> None:
    """Keep the results of a module in .tools/mutation."""
    place = KEPT / f"{room}.json"
    kept = json.loads(place.read_text()) if place.exists() else {}
    kept[module] = [vars(r) for r in results]
    place.write_text(json.dumps(kept, indent=1, ensure_ascii=False))
