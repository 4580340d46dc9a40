"""Who calls whom in our code, read from the text of it, for laws on what may be reached how.

Each top-level function, each method and each name that a module gives a value is a node. An
edge means that one may call or use the other. What cannot be told (``thing.save_as()`` on a
thing of unknown class) leads to every method of that name: a law rather asks once too often.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PLAIN_DECORATORS = frozenset(
    {"beyond_scope", "contextmanager", "dataclass", "lru_cache", "cache", "overload", "override"}
    | {"cached_property", "classmethod", "property", "staticmethod", "wraps"}
)  # they hand the function to nobody else; any other may register it
SPECIAL = ("__init__", "__post_init__", "__call__", "__enter__", "__exit__")


@dataclass(slots=True)
class Node:
    """One piece of code.

    ``name`` is ``module:function`` or ``module:Class.method``, ``owner`` the class of a method.
    """

    name: str
    module: str
    body: list[ast.AST]
    owner: str = ""
    decorators: list[str] = field(default_factory=list)

    def walk(self) -> Iterator[ast.AST]:
        """Yield every part of it."""
        for part in self.body:
            yield from ast.walk(part)


@dataclass(slots=True)
class Calls:
    """All nodes of some modules, and which may use which."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def roots(self) -> set[str]:
        """Return what nobody of ours calls, or what something else may call for us."""
        called = {b for a, targets in self.edges.items() for b in targets if a != b}
        return {
            name
            for name, node in self.nodes.items()
            if name not in called or set(node.decorators) - PLAIN_DECORATORS
        }

    def reached(self, roots: Iterable[str], stop: Iterable[str]) -> dict[str, str]:
        """Return what is reached from roots without passing a stop, each with who led to it."""
        stop = set(stop)
        led = {root: "" for root in roots if root not in stop}
        waiting = list(led)
        while waiting:
            at = waiting.pop()
            for target in self.edges[at] - stop - led.keys():
                led[target] = at
                waiting.append(target)
        return led


def calls_in(files: dict[str, str]) -> Calls:
    """Return who calls whom in modules: their dotted names, each with its text."""
    trees = {module: ast.parse(text) for module, text in files.items()}
    found = Calls()
    spaces: dict[str, _Names] = {}
    for module, tree in trees.items():
        spaces[module] = _Names(module, tree, spaces)
    for space in spaces.values():
        space.take()
    for module, tree in trees.items():
        for node in _nodes(module, tree):
            found.nodes[node.name] = node
    methods: dict[str, set[str]] = defaultdict(set)
    for name, node in found.nodes.items():
        if node.owner:
            methods[name.rpartition(".")[2]].add(name)
    for name, node in found.nodes.items():
        found.edges[name] = set(_edges(node, spaces[node.module], found, methods)) - {name}
    return found


def modules(package: Path) -> dict[str, str]:
    """Return the text of every module of a package but migrations, by dotted name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        if "migrations" not in path.parts:
            steps = path.relative_to(package.parent).with_suffix("").parts
            found[".".join(s for s in steps if s != "__init__")] = path.read_text()
    return found


def _nodes(module: str, tree: ast.Module) -> Iterator[Node]:
    loose: list[ast.AST] = []
    for part in tree.body:
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _made_inside(module, part)
            yield _function(module, f"{module}:{part.name}", part, "")
        elif isinstance(part, ast.ClassDef):
            yield from _class(module, part)
        elif (name := _given(part)) is not None:
            yield Node(f"{module}:{name}", module, [part])
        elif not isinstance(part, ast.Import | ast.ImportFrom):
            loose.append(part)
    yield Node(f"{module}:", module, loose)


def _made_inside(module: str, part: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Node]:
    """Yield the commands that a function makes, and take them out of it: others call them."""
    made = [each for each in part.body if _is_command(each)]
    for inner in made:
        assert isinstance(inner, ast.FunctionDef)
        yield _function(module, f"{module}:{part.name}.{inner.name}", inner, "")
    part.body = [each for each in part.body if each not in made]


def _is_command(part: ast.stmt) -> bool:
    return isinstance(part, ast.FunctionDef) and "command" in _names_of(part.decorator_list)


def _given(part: ast.stmt) -> str | None:
    """Return the name that a statement of a module gives a value."""
    if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
        return part.targets[0].id
    if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
        return part.target.id
    return None


def _class(module: str, part: ast.ClassDef) -> Iterator[Node]:
    name = f"{module}:{part.name}"
    rest: list[ast.AST] = [*part.bases, *part.keywords]
    for inner in part.body:
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            yield _function(module, f"{name}.{inner.name}", inner, name)
        else:
            rest.append(inner)
    yield Node(name, module, rest, decorators=_names_of(part.decorator_list))


def _function(
    module: str, name: str, part: ast.FunctionDef | ast.AsyncFunctionDef, owner: str
) -> Node:
    body: list[ast.AST] = [part.args, *part.body, *part.decorator_list]
    return Node(name, module, body, owner, _names_of(part.decorator_list))


def _names_of(decorators: list[ast.expr]) -> list[str]:
    names = []
    for given in decorators:
        plain = given.func if isinstance(given, ast.Call) else given
        names.append(plain.attr if isinstance(plain, ast.Attribute) else ast.unparse(plain))
    return names


class _Names:
    """What the names in a module mean."""

    def __init__(self, module: str, tree: ast.Module, spaces: dict[str, _Names]) -> None:
        self.module, self.spaces = module, spaces
        self.own = {getattr(p, "name", None) or _given(p) for p in tree.body}
        self.taken: dict[str, tuple[str, str]] = {}
        self.modules: dict[str, str] = {}
        self.tree = tree

    def take(self) -> None:
        """Read what is imported, also inside functions."""
        for part in ast.walk(self.tree):
            if isinstance(part, ast.ImportFrom) and part.module:
                self._take(part)
            elif isinstance(part, ast.Import):
                self.modules |= {a.asname or a.name: a.name for a in part.names}

    def _take(self, part: ast.ImportFrom) -> None:
        for alias in part.names:
            name = alias.asname or alias.name
            if f"{part.module}.{alias.name}" in self.spaces:
                self.modules[name] = f"{part.module}.{alias.name}"
            else:
                self.taken[name] = (str(part.module), alias.name)

    def meant(self, name: str) -> str | None:
        """Return the node that a plain name means."""
        if name in self.taken:
            return self._followed(*self.taken[name])
        return f"{self.module}:{name}" if name in self.own else None

    def meant_in(self, alias: str, name: str) -> str | None:
        """Return the node that ``alias.name`` means, where the alias is a module."""
        module = self.modules.get(alias)
        return self._followed(module, name) if module else None

    def _followed(self, module: str, name: str) -> str | None:
        space = self.spaces.get(module)
        if space is None:
            return None
        if name in space.taken and name not in space.own:
            return space._followed(*space.taken[name])
        return f"{module}:{name}" if name in space.own else None


def _edges(node: Node, names: _Names, found: Calls, methods: dict[str, set[str]]) -> Iterator[str]:
    for part in node.walk():
        if isinstance(part, ast.Name):
            yield from _of_name(names.meant(part.id), found)
        elif isinstance(part, ast.Attribute):
            yield from _of_attribute(part, names, found, methods)


def _of_attribute(
    part: ast.Attribute, names: _Names, found: Calls, methods: dict[str, set[str]]
) -> Iterator[str]:
    base = part.value.id if isinstance(part.value, ast.Name) else ""
    if base in names.modules:
        yield from _of_name(names.meant_in(base, part.attr), found)
        return
    of_class = f"{names.meant(base)}.{part.attr}"
    if of_class in found.nodes:
        yield of_class
        return
    yield from methods[part.attr]


def _of_name(meant: str | None, found: Calls) -> Iterator[str]:
    if meant in found.nodes:
        yield meant
        yield from (f"{meant}.{name}" for name in SPECIAL if f"{meant}.{name}" in found.nodes)
