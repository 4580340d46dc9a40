"""Print what to run for a change in some rooms: their tests and examples, and the laws on them.

``script/test ROOM...`` runs it. The tests of rooms that use them are not among it: name those too.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE, TESTS = ROOT / "src/samsyn", ROOT / "tests"


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
