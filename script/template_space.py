"""Knows where white space in a template does not show, so that a line may end there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from template_reading import BLOCK, BLOCKS, GLUED, INLINE, SOURCE, Node, block_name, nodes_of

OWN_PLACE = frozenset({"block", "slot", "filter", "partialdef", "element"})  # may meet anything
PLACED = frozenset(  # blocks that our frame has between block elements
    "above aside body buttons content crumbs extra_body head main marks scripts".split()  # noqa: SIM905  a list of words
)
OUTER = "outer"
Kinds = frozenset[str]
ONLY_BLOCK: Kinds = frozenset({BLOCK})
ANYTHING: Kinds = frozenset({INLINE})


def edge(nodes: list[Node], outer: Kinds, side: int) -> Kinds:
    """Return what may come last (``side`` -1) or first (0) of nodes, given what is beyond them."""
    state = outer
    for node in nodes if side else reversed(nodes):
        state = _edge(node, state, side)
    return state


def _edge(node: Node, state: Kinds, side: int) -> Kinds:
    if node.role == "space":
        return state if state == ONLY_BLOCK else ANYTHING
    if node.role == "control":
        return _edge_of_control(node, state, side)
    if node.role == "tag" and node.name == "include":
        return frozenset().union(
            *(state if k == OUTER else {k} for k in _included(node.text, side))
        )
    return frozenset({node.kind}) if node.kind else state


def _edge_of_control(node: Node, state: Kinds, side: int) -> Kinds:
    if node.name == "partialdef" and " inline" not in node.text:
        return state
    if block_name(node) in PLACED:
        return ONLY_BLOCK
    if node.name in OWN_PLACE - {"partialdef"}:
        return ANYTHING
    found = frozenset().union(*(edge(inside, state, side) for _tag, inside in node.branches))
    if node.name == "for":
        found |= edge(node.branches[0][1], found | state, side)
    has_all = node.name in {"with", "autoescape", "partialdef"} or any(
        tag.split()[1] in {"else", "empty"} for tag, _inside in node.branches
    )
    return found if has_all else found | state


@cache
def _included(tag: str, side: int) -> Kinds:
    match = re.search(r'include\s+"([^"#]+)"', tag)
    paths = list(SOURCE.glob(f"*/templates/{match[1]}")) if match else []
    if len(paths) != 1:
        return ANYTHING
    nodes = nodes_of(paths[0].read_text(encoding="utf-8"))
    return frozenset(edge(nodes, frozenset({OUTER}), side))


@dataclass
class Gap:
    """What is between two pieces: whether a line may end there, and white space that shows."""

    may_break: bool
    is_space: bool


def gaps(nodes: list[Node], before: Kinds, after: Kinds) -> list[tuple[Node | None, Gap]]:
    """Return each node with the gap before it, and at the end None with the gap after the last."""
    found: list[tuple[Node | None, Gap]] = []
    for place, node in enumerate([*nodes, None]):
        if node is not None and node.role == "space":
            continue
        has_space = place > 0 and nodes[place - 1].role == "space"
        left = edge(nodes[: place - has_space], before, -1)
        right = edge(nodes[place:], after, 0)
        is_free = ONLY_BLOCK in (left, right) and GLUED not in left | right
        found.append((node, Gap(is_free or has_space, has_space and not is_free)))
    return found


def holds_blocks(node: Node) -> bool:
    if node.role in {"element", "open", "close", "raw"} and node.name in BLOCKS - {"br"}:
        return True
    if node.role in {"raw", "comment"} and "\n" in node.text:
        return True
    return any(holds_blocks(each) for _tag, inside in node.branches for each in inside)


def contexts(node: Node, inside: list[Node]) -> tuple[Kinds, Kinds]:
    """Return what is beyond the edges inside of an element or a block."""
    if node.role == "element":
        kind = (
            ONLY_BLOCK if node.kind == BLOCK or node.is_flex or node.name == "button" else ANYTHING
        )
        return kind, kind
    before, after = CONTEXT.get(id(node), (ANYTHING, ANYTHING))
    if block_name(node) in PLACED:
        return ONLY_BLOCK, ONLY_BLOCK
    if node.name in OWN_PLACE:
        return ANYTHING, ANYTHING
    if node.name == "for":
        return before | edge(inside, before, -1), after | edge(inside, after, 0)
    return before, after


CONTEXT: dict[int, tuple[Kinds, Kinds]] = {}


def forget_contexts() -> None:
    """Begin with another template."""
    CONTEXT.clear()


def note_contexts(nodes: list[Node], before: Kinds, after: Kinds) -> None:
    """Note for each block with branches what comes before and after it."""
    for place, node in enumerate(nodes):
        if node.role == "control":
            CONTEXT[id(node)] = (
                edge(nodes[:place], before, -1),
                edge(nodes[place + 1 :], after, 0),
            )
        for _tag, inside in node.branches:
            note_contexts(inside, *contexts(node, inside))
