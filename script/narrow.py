"""Print what to run for a change in some rooms: what can break by it, in under two minutes.

``script/test ROOM...`` runs it: the tests and examples of the rooms, the laws narrowed to them, and
of other rooms each file of tests that imports the room or a module that uses it (``reaching``). It
leaves out what takes long and what drives a browser. Files that come to a room only by its address
are not found: the laws ask every page and address of the room itself.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PACKAGE, TESTS = ROOT / "src/samsyn", ROOT / "tests"
BY_EVERYBODY = 12  # so many rooms use it, and what reaches it is most of all tests
OF_NO_ROOM = ("tests.house.", "tests.browser.")  # the laws are narrowed; a browser takes long
# Every test begins with the cast, which has something of most rooms: it says nothing of a file.
CAST = ("tests.cast", "tests.sector_kept")


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
    places += [path for path in further(named) if path.split("/")[1] not in tests]
    places += [f"src/samsyn/{name}" for name in sorted(named)]
    return " ".join([*places, "tests/house", *(f"--room={name}" for name in named)])


def further(named: list[str]) -> list[str]:
    """Return the files of tests of other rooms that a change in these can break."""
    graph = grimp.build_graph("samsyn", cache_dir=None)
    found: set[str] = set()
    for name in named:
        own = {each for each in graph.modules if f"{each}.".startswith(f"samsyn.{name}.")}
        using = {by for each in own for by in graph.find_modules_that_directly_import(each)} - own
        rooms = {module.split(".")[1] for module in using}
        if len(rooms) >= BY_EVERYBODY:
            print(
                f"{name} is used by {len(rooms)} rooms: before you are done, run the whole of "
                "script/test. These are its own tests and the laws on it.",
                file=sys.stderr,
            )
            continue
        found |= reaching(own | using)
    return sorted(found)


def reaching(modules: set[str]) -> set[str]:
    """Return the files of tests that import any of these modules, or a helper that does."""
    paths = {".".join(p.relative_to(ROOT).with_suffix("").parts): p for p in TESTS.rglob("*.py")}
    imports = {name: set(_imported(path)) for name, path in paths.items()}
    return {
        str(paths[name].relative_to(ROOT))
        for name in paths
        if ".test_" in name and not name.startswith(OF_NO_ROOM)
        if _reached(name, imports) & modules
    }


def _imported(path: Path) -> Iterator[str]:
    """Yield each module that a file may import: a name that is taken from one may be one, too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _reached(name: str, imports: dict[str, set[str]]) -> set[str]:
    """Return what a file of tests imports, itself or through others of the tests."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = imports[waiting.pop()] - found
        found |= new
        waiting += [each for each in new if each in imports and each not in CAST]
    return found


if __name__ == "__main__":
    print(main(sys.argv[1:]))
