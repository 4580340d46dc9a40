"""Print what to run for a change in some rooms: what can break by it, in under two minutes.

``script/test ROOM...`` runs it: the tests and examples of the rooms, the laws narrowed to them, and
of other rooms each file of tests that imports the room or a module that uses it (``reaching``). It
leaves out what takes long and what drives a browser. A file that comes to a room by its address is
found by a text in it that has one: ``/suppliers/``, ``/api/suppliers`` or ``suppliers:list``. Laws
that stand in a room's tests and ask every room (``pytest.mark.every_room``) always run.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp

from samsyn.kernel.rooms import rooms

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
    others = {*further(named), *laws_elsewhere()}
    places += [path for path in sorted(others) if path.split("/")[1] not in tests]
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
        found |= reaching(own | using) | addressing(name)
    return sorted(found)


def laws_elsewhere() -> set[str]:
    """Return the files that ask every room something and stand in one room's tests."""
    files = TESTS.glob("*/test_*.py")
    return {str(p.relative_to(ROOT)) for p in files if "mark.every_room" in _words(p)}


def addressing(room: str) -> set[str]:
    """Return the files of tests that have an address of a room in a text, or a page's name."""
    declared = rooms().get(room)
    begins = [] if declared is None else [each.strip("/") for each in declared.addresses]
    mounts = [] if declared is None else [each.at for each in declared.api]
    pages = "|".join(re.escape(each) for each in {room, *begins} if each)
    programs = "|".join(re.escape(each) for each in {room, *mounts} if each)
    address = re.compile(rf"(?<![\w/])/(?:{pages})/|/api/(?:{programs})(?![\w-])|^(?:{pages}):\w")
    return {
        str(path.relative_to(ROOT))
        for path in TESTS.glob("*/test_*.py")
        if not f"tests.{path.parent.name}.".startswith(OF_NO_ROOM)
        if any(address.search(text) for text in _texts(path))
    }


def _words(path: Path) -> set[str]:
    """Return each name with its attribute that a file uses, such as ``mark.every_room``."""
    tree = ast.walk(ast.parse(path.read_text()))
    return {".".join(ast.unparse(p).split(".")[-2:]) for p in tree if isinstance(p, ast.Attribute)}


def _texts(path: Path) -> list[str]:
    tree = ast.walk(ast.parse(path.read_text()))
    return [p.value for p in tree if isinstance(p, ast.Constant) and isinstance(p.value, str)]


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
