"""Change the code in one small place at a time, and see whether a test fails.

    script/mutate                          the rooms where trust lies, and every room's rules
    script/mutate rules                    every room's rules
    script/mutate organisations            every module of a room
    script/mutate access/permissions ...   single modules
    script/mutate MODULE --tests FILE ...  with these tests instead of the room's

A room's tests run once, in one process, with a note of which test runs which line. Then each
change is made in a copy of that process (a fork), in the functions that are already loaded, and
only the tests that run its lines are run there, the fastest first, until one fails.

docs/mutants.toml lists the survivors that are no fault of the tests, each with a reason.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import re
import signal
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest
from _pytest.runner import runtestprotocol
from mutants import PACKAGE, ROOT, Mutant, mutants_of
from mutating import caches_of_ours, change, codes_of, functions_of, name_of
from survivors import KEPT, Result, keep, report, say, survivors

DEFAULT = ("rules", "kernel", "findings/fold", "benchmark", "situation", "organisations", "access")
# Declarations and words: nothing is decided in them.
LEFT_OUT = {"apps.py", "urls.py", "__init__.py"}
# The tests of a room are tests/<room>; these belong to it too.
ALSO = {
    "access": ["tests/organisations"],
    "organisations": ["tests/access/test_reach.py", "tests/access/test_reach_by_service.py"],
}
FEWEST_SECONDS = 10.0
SURVIVED, KILLED, NOT_MADE = 0, 1, 3
OUTCOMES = {SURVIVED: "survived", KILLED: "killed", NOT_MADE: "not made"}


def modules_of(asked: Iterable[str]) -> list[Path]:
    """Return the files that are asked for by room, module or the word ``rules``."""
    found: list[Path] = []
    for name in asked:
        place = PACKAGE / name
        if name == "rules":
            found += [*PACKAGE.glob("*/rules.py"), *PACKAGE.glob("*/rules/*.py")]
        elif place.is_dir():
            found += [p for p in place.rglob("*.py") if "migrations" not in p.parts]
        elif place.with_suffix(".py").is_file():
            found.append(place.with_suffix(".py"))
        else:
            raise SystemExit(f"There is no room or module {name} in src/samsyn")
    return sorted({p for p in found if p.name not in LEFT_OUT or p.parent.name == "rules"})


def room_of(path: Path) -> str:
    """Return the room that a module is in."""
    return path.relative_to(PACKAGE).parts[0]


@dataclass
class Tested:
    """What one test takes, and the lines that it runs, by file."""

    item: pytest.Item
    seconds: float
    lines: dict[str, set[int]] = field(default_factory=dict)


class Chain:
    """Stands for the next test, so that what lasts for the whole session stays."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session

    def listchain(self) -> list[Any]:
        """Return what is to stay set up between two tests."""
        return [self._session]


class Mutation:
    """A pytest plugin that runs the tests once, and then again for every mutant."""

    def __init__(self, files: list[Path], *, sample: float, seed: int, budget: float) -> None:
        self.files = files
        self.sample = sample
        self.seed = seed
        self.budget = budget
        self.stale = False
        self.tested: list[Tested] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests once, then the mutants."""
        self.session = session
        self._measure()
        for path in self.files:
            self._module(path)
        return True

    def _run(self, item: pytest.Item) -> bool:
        reports = runtestprotocol(item, log=False, nextitem=Chain(self.session))
        return not any(r.failed for r in reports)

    def _measure(self) -> None:
        began = time.monotonic()
        watch = coverage.Coverage(
            data_file=None, include=[str(p) for p in self.files], config_file=False
        )
        failed = []
        modules = {name_of(path) for path in self.files}
        caches = [cache for cache in caches_of_ours() if cache.__module__ in modules]
        watch.start()
        for number, item in enumerate(self.session.items):
            for cache in caches:  # else only the first test is seen to run what fills it
                cache.cache_clear()
            watch.switch_context(str(number + 1))
            at = time.monotonic()
            if self._run(item):
                self.tested.append(Tested(item, time.monotonic() - at))
            else:
                failed.append(item.nodeid)
                self.tested.append(Tested(item, -1))
        watch.stop()
        data = watch.get_data()
        for path in self.files:
            for line, contexts in data.contexts_by_lineno(str(path)).items():
                for context in filter(None, contexts):
                    self.tested[int(context) - 1].lines.setdefault(str(path), set()).add(line)
        self.tested = [t for t in self.tested if t.seconds >= 0]
        took = time.monotonic() - began
        say(f"{len(self.tested)} tests in {took:.0f} s; {len(failed)} fail unchanged: {failed}")

    def _module(self, path: Path) -> None:
        mutants = mutants_of(path)
        if self.sample < 1:
            chosen = random.Random(f"{self.seed}{path.name}")  # noqa: S311  no secret
            mutants = [m for m in mutants if chosen.random() < self.sample]
        original = codes_of(compile(path.read_text(), str(path), "exec", dont_inherit=True))
        gc.unfreeze()  # what is frozen cannot be found
        live = functions_of(path)
        caches = caches_of_ours()
        gc.freeze()  # a fork copies what the collector touches
        began = time.monotonic()
        results = []
        for mutant in mutants:
            tests = self._tests(path, mutant)
            at = time.monotonic()
            if not tests:
                outcome = "unreached"
            else:
                outcome = self._forked(path, mutant, tests, original, live, caches)
            results.append(
                Result(
                    name_of(path),
                    mutant.function,
                    mutant.lines[0],
                    mutant.change,
                    outcome,
                    len(tests),
                    round(time.monotonic() - at, 2),
                )
            )
        keep(room_of(path), name_of(path), results)
        report(name_of(path), results, time.monotonic() - began)
        if not survivors(results, is_sample=self.sample < 1):
            self.stale = True

    def _tests(self, path: Path, mutant: Mutant) -> list[Tested]:
        """Return the tests that run a mutant's lines, the fastest first.

        What is changed at import is in lines that no test runs: there, all that run the module.
        """
        lines = set(range(mutant.lines[0], mutant.lines[1] + 1))
        found = [
            t
            for t in self.tested
            if (here := t.lines.get(str(path))) and (mutant.at_import or here & lines)
        ]
        return _within(self.budget, sorted(found, key=lambda t: t.seconds))

    def _forked(
        self,
        path: Path,
        mutant: Mutant,
        tests: list[Tested],
        original: dict[str, list[CodeType]],
        live: dict[CodeType, list[FunctionType]],
        caches: list[Any],
    ) -> str:
        process = os.fork()
        if not process:
            self._child(path, mutant, tests, original, live, caches)
        allowed = FEWEST_SECONDS + 3 * sum(t.seconds for t in tests)
        return _waited(process, allowed)

    def _child(
        self,
        path: Path,
        mutant: Mutant,
        tests: list[Tested],
        original: dict[str, list[CodeType]],
        live: dict[CodeType, list[FunctionType]],
        caches: list[Any],
    ) -> None:
        code = NOT_MADE
        try:
            os.setpgid(0, 0)
            gc.disable()
            change(path, mutant, original, live)
            for cache in caches:
                if mutant.at_import or cache.__module__ == name_of(path):
                    cache.cache_clear()
            code = KILLED  # also by what is no Exception, such as too deep a recursion
            code = SURVIVED if all(self._run(test.item) for test in tests) else KILLED
        finally:
            os._exit(code)


def _within(budget: float, tests: list[Tested]) -> list[Tested]:
    """Return the fastest tests that together take no longer; the first of them always."""
    ends = accumulate(test.seconds for test in tests)
    return [t for n, (t, end) in enumerate(zip(tests, ends, strict=True)) if not n or end <= budget]


def _waited(process: int, allowed: float) -> str:
    until = time.monotonic() + allowed
    pause = 0.001
    while time.monotonic() < until:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return OUTCOMES.get(code, "killed")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)
    os.killpg(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return "timeout"


def tests_of(room: str, files: list[Path]) -> list[str]:
    """Return the tests that belong to some of a room's modules.

    Rules are tested as rules: where only they are asked for, by the tests that import them.
    """
    if all("rules" in path.stem or path.parent.name == "rules" for path in files):
        named = re.compile(rf"from samsyn\.{room}\.rules|from samsyn\.{room} import rules")
        found = [
            p for p in (ROOT / "tests" / room).rglob("test_*.py") if named.search(p.read_text())
        ]
        # Examples in docstrings are tests too.
        return [str(p.relative_to(ROOT)) for p in [*sorted(found), *files]]
    return [t for t in [f"tests/{room}", *ALSO.get(room, ())] if (ROOT / t).exists()]


def room_run(room: str, files: list[Path], asked: argparse.Namespace) -> bool:
    """Run the mutants of one room's modules, in a process of its own."""
    plugin = Mutation(files, sample=asked.sample, seed=asked.seed, budget=asked.budget)
    tests = asked.tests or tests_of(room, files)
    if not tests:
        say(f"{room}: no test imports its rules")
        return True
    pytest.main(
        [
            *tests,
            *("-p", "no:randomly", "-p", "no:cacheprovider", "-m", "not browser and not slow"),
        ],
        plugins=[plugin],
    )
    return not plugin.stale


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=DEFAULT)
    parser.add_argument("--sample", type=float, default=1.0, help="a part of the mutants, 0 to 1")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))  # noqa: S311
    parser.add_argument("--tests", nargs="*", default=[], help="run these instead of the room's")
    parser.add_argument("--budget", type=float, default=60.0, help="seconds of tests for a mutant")
    asked = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    rooms: dict[str, list[Path]] = {}
    for path in modules_of(asked.modules):
        rooms.setdefault(room_of(path), []).append(path)
    failed = False
    if asked.sample < 1:
        say(f"a sample of {asked.sample:.0%}, with seed {asked.seed}")
    for room, files in rooms.items():
        if not (process := os.fork()):
            os._exit(0 if room_run(room, files, asked) else 1)
        failed |= os.waitpid(process, 0)[1] != 0
    return int(failed)


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.chdir(ROOT)
    sys.exit(main())
