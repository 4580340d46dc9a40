"""Print what to run for a change in some rooms: their tests, those of what uses them, the laws.

``script/test ROOM...`` runs it. What uses a room is read from the imports.
"""

from __future__ import annotations

import sys
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PACKAGE, TESTS = ROOT / "src/samsyn", ROOT / "tests"
# They use most rooms and have long tests of their own; a room's own part is tested with the laws.
ABOVE_ALL = {"site", "api", "backups", "demonstration"}


def users(room: str) -> set[str]:
    """Return the rooms that import one."""
    graph = grimp.build_graph("samsyn", cache_dir=None)
    found = set()
    for module in graph.find_descendants(f"samsyn.{room}") | {f"samsyn.{room}"}:
        found |= {name.split(".")[1] for name in graph.find_modules_that_directly_import(module)}
    return found - {room} - ABOVE_ALL


def main(named: list[str]) -> str:
    """Return the arguments for pytest.

    Raises:
        SystemExit: there is no such room.

    """
    known = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    if wrong := [name for name in named if name not in known]:
        sys.exit(f"No room is called {', '.join(wrong)}. There are {', '.join(sorted(known))}.")
    tests = {name for name in named if (TESTS / name).is_dir()}
    places = [f"tests/{name}" for name in sorted(tests)]
    places += [f"src/samsyn/{name}" for name in sorted(named)]
    return " ".join([*places, "tests/house", *(f"--room={name}" for name in named)])


if __name__ == "__main__":
    print(main(sys.argv[1:]))
