"""Make the mutants of a module: its source with one small thing changed, one at a time.

The changes are mutmut's own, less those to texts and those that put None in place of a value
(nearly every test fails then, which says little), and a few for queries, which mutmut does not
know. mutmut's command leaves out every decorated function, hence every service and property;
that is why it is its changes that are used here, and not its command.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation import mutators

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src/samsyn"
LEFT_OUT = {
    mutators.operator_string,
    mutators.operator_dict_arguments,
    mutators.operator_assignment,
    mutators.operator_arg_removal,  # ours removes, and puts no None
}
# What runs once, when a module is imported: only changes that leave it importable.
AT_IMPORT = {mutators.operator_number, mutators.operator_name, mutators.operator_swap_op}
LOOKUPS = {"lte": "lt", "lt": "lte", "gte": "gt", "gt": "gte"}
QUERIES = {"filter": "exclude", "exclude": "filter", "any": "all", "all": "any", "min": "max"}
QUERIES |= {"max": "min", "first": "last", "last": "first"}
# A call whose arguments are words for people, or for the log.
WORDS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
WORDS |= {"npgettext", "npgettext_lazy", "format_html", "cast", "TypeVar", "len", "isinstance"}
WORDS |= {"beyond"}  # its words say why a query may be asked outside the scope


@dataclass(frozen=True)
class Mutant:
    """One change: where it is, what it changes there, and the whole source with it."""

    number: int
    function: str  # the qualified name of the outermost function; empty: the module's own level
    lines: tuple[int, int]
    change: str
    original: cst.CSTNode
    mutated: cst.CSTNode
    tree: cst.Module

    @property
    def at_import(self) -> bool:
        """Whether the change is in what runs once, when the module is imported."""
        return not self.function

    def source(self) -> str:
        """Return the module's source with the change."""
        return str(self.tree.deep_replace(self.original, self.mutated).code)


def _lookups(node: cst.Arg) -> Iterable[cst.Arg]:
    """Move the bound of a query: ``ends_on__lte`` to ``ends_on__lt``; turn ``isnull``."""
    word = node.keyword.value if node.keyword else ""
    field, _, lookup = word.rpartition("__")
    if field and lookup in LOOKUPS:
        yield node.with_changes(keyword=cst.Name(f"{field}__{LOOKUPS[lookup]}"))


def _queries(node: cst.Call) -> Iterable[cst.Call]:
    """Turn a query's filter into its opposite, any into all, the least into the most."""
    function = node.func
    name = function.attr if isinstance(function, cst.Attribute) else function
    if isinstance(name, cst.Name) and name.value in QUERIES:
        other = name.with_changes(value=QUERIES[name.value])
        turned = function.with_changes(attr=other) if function is not name else other
        yield node.with_changes(func=turned)


def _arguments(node: cst.Call) -> Iterable[cst.Call]:
    """Leave out one argument of a call; of a query's filter also the only one."""
    function = node.func
    name = function.attr if isinstance(function, cst.Attribute) else function
    narrows = isinstance(name, cst.Name) and name.value in {"filter", "exclude", "Q"}
    if len(node.args) > 1 or (narrows and node.args):
        for place in range(len(node.args)):
            kept = [arg for at, arg in enumerate(node.args) if at != place]
            yield node.with_changes(args=kept)


def _statements(node: cst.SimpleStatementLine) -> Iterable[cst.SimpleStatementLine]:
    """Leave out a statement that is there for its effect."""
    first = node.body[0]
    if isinstance(first, cst.Expr) and isinstance(first.value, cst.Call | cst.Yield):
        yield node.with_changes(body=[cst.Pass()])
    if isinstance(first, cst.Raise):
        yield node.with_changes(body=[cst.Pass()])


def _elements(node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    """Leave out one element of a table of names, such as the rights that a role gives."""
    if isinstance(node, cst.Set | cst.Tuple | cst.List) and len(node.elements) > 1:
        for place, element in enumerate(node.elements):
            if isinstance(element.value, cst.Attribute):
                kept = [e for at, e in enumerate(node.elements) if at != place]
                yield node.with_changes(elements=kept)


# Fields: what the database or a form holds of them is declared, and cannot be declared twice.
DECLARED = {"models.py", "forms.py", "tables.py"}
OURS = [
    (cst.Arg, _lookups),
    (cst.Call, _queries),
    (cst.Call, _arguments),
    (cst.SimpleStatementLine, _statements),
    (cst.CSTNode, _elements),
]
OURS_AT_IMPORT = {_lookups, _queries, _elements}
OPERATORS = [pair for pair in mutators.mutation_operators if pair[1] not in LEFT_OUT] + OURS


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider)

    def __init__(self, tree: cst.Module) -> None:
        self.tree = tree
        self.found: list[Mutant] = []
        self._names: list[str] = []
        self._within: list[cst.FunctionDef] = []  # functions whose body is being read

    def on_visit(self, node: cst.CSTNode) -> bool:
        if _has_nothing(node):
            return False
        if isinstance(node, cst.ClassDef | cst.FunctionDef):
            self._names.append(node.name.value)
        if isinstance(node, cst.IndentedBlock | cst.SimpleStatementSuite):
            parent = self.get_metadata(ParentNodeProvider, node)
            if isinstance(parent, cst.FunctionDef):
                self._within.append(parent)
        self._change(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.ClassDef | cst.FunctionDef):
            self._names.pop()
        if isinstance(original_node, cst.IndentedBlock | cst.SimpleStatementSuite):
            parent = self.get_metadata(ParentNodeProvider, original_node)
            if isinstance(parent, cst.FunctionDef):
                self._within.pop()

    def _change(self, node: cst.CSTNode) -> None:
        for kind, operator in OPERATORS:
            if not isinstance(node, kind) or not self._suits(operator):
                continue
            for mutated in operator(node):
                self._keep(node, mutated)

    def _suits(self, operator: object) -> bool:
        return bool(self._within) or operator in AT_IMPORT | OURS_AT_IMPORT

    def _keep(self, node: cst.CSTNode, mutated: cst.CSTNode) -> None:
        place = self.get_metadata(PositionProvider, node)
        function = ".".join(self._names) if self._within else ""
        before, after = self._code(node), self._code(mutated)
        if before == after:
            return
        self.found.append(
            Mutant(
                number=len(self.found),
                function=function,
                lines=(place.start.line, place.end.line),
                change=_difference(before, after),
                original=node,
                mutated=mutated,
                tree=self.tree,
            )
        )

    def _code(self, node: cst.CSTNode) -> str:
        return " ".join(self.tree.code_for_node(node).split())


def _has_nothing(node: cst.CSTNode) -> bool:
    """Return whether nothing in a node is worth a change: types, imports, words, decorators."""
    if isinstance(node, cst.Annotation | cst.Import | cst.ImportFrom | cst.Decorator):
        return True
    if isinstance(node, cst.Raise):  # leaving it out is one; its words are not asked about
        return True
    if isinstance(node, cst.Call):
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        owner = node.func.value if isinstance(node.func, cst.Attribute) else None
        logs = isinstance(owner, cst.Name) and owner.value in {"log", "logger"}
        return logs or (isinstance(name, cst.Name) and name.value in WORDS)
    return False


def _difference(before: str, after: str) -> str:
    """Return what changes, with a little of what stands around it, on one line."""
    if len(before) <= 70 and len(after) <= 70:
        return f"{before} -> {after}"
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    moved = [b for b in blocks if b[0] != "equal"]
    first, last = moved[0], moved[-1]
    start, end = max(0, min(first[1], first[3]) - 30), 30
    old = before[start : last[2] + end]
    new = after[start : last[4] + end]
    return f"…{old}… -> …{new}…"


def mutants_of(path: Path) -> list[Mutant]:
    """Return every mutant of a module, in the order of its lines."""
    wrapper = MetadataWrapper(cst.parse_module(path.read_text()))
    finder = _Finder(wrapper.module)
    wrapper.visit(finder)
    if path.name in DECLARED:
        return [m for m in finder.found if not m.at_import]
    return finder.found
