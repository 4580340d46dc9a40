"""Reads an HTML template of Django as a tree, and knows what style sheets lay out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

SOURCE = Path(__file__).resolve().parent.parent / "src" / "samsyn"
BLOCKS = frozenset(
    """
    html head body title meta link script style base main header footer nav aside section article
    div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr th td form
    fieldset legend details summary blockquote figure figcaption hr pre dialog option optgroup
    address ds-field ds-breadcrumbs ds-tabs ds-tablist ds-tab ds-tabpanel template br !doctype
    """.split()  # noqa: SIM905  seventy quoted words would fill the page
)
VOID = frozenset(
    "area base br col embed hr img input link meta source track wbr !doctype".split()  # noqa: SIM905  as above
)
RAW = frozenset({"pre", "textarea", "script", "style", "svg"})  # they stay as they are
BETWEEN = frozenset({"else", "elif", "empty", "plural"})
SILENT = frozenset({"load", "extends", "csrf_token", "get_current_language", "comment"})
MAKES_BLOCKS = frozenset({"fields", "field", "frame_head", "frame_top", "frame_foot"})
LAID_OUT = frozenset({"body", "aside", "marks"})  # blocks in a flex container
OF_COMPONENTS = LAID_OUT | {"content", "extra_body", "main"}  # blocks whose variables are no words
BLOCK, INLINE = "block", "inline"
GLUED = "glued"  # of a class for screen readers: white space beside it becomes a part of its own
Found = TypeVar("Found")
TAG = r"\{%(?:[^%]|%(?!\}))*%\}"
VARIABLE = r"\{\{(?:[^}]|\}(?!\}))*\}\}"
QUOTED = rf'"(?:{TAG}|{VARIABLE}|[^"])*"' + "|" + rf"'(?:{TAG}|{VARIABLE}|[^'])*'"
TOKEN = re.compile(
    r"(?P<comment>\{%\s*comment\b.*?\{%\s*endcomment\s*%\}|\{#.*?#\}|<!--.*?-->)"
    r"|(?P<text_block>\{%\s*blocktranslate\b.*?\{%\s*endblocktranslate\s*%\})"
    rf"|(?P<tag>{TAG})|(?P<variable>{VARIABLE})"
    rf"|(?P<close></(?:[\w-]|{TAG})+\s*>)"
    rf"|(?P<open><!?[A-Za-z](?:[\w-]|{TAG})*(?:{QUOTED}|{TAG}|{VARIABLE}|[^>\"'])*>)"
    r"|(?P<space>\s+)|(?P<word>(?:(?!\{%|\{\{|\{#|</?[A-Za-z!])\S)+)",
    re.DOTALL,
)


@dataclass
class Node:
    """A piece of a template: a word, a tag, white space, an element or a block with branches."""

    text: str
    kind: str = INLINE  # block, inline, or "" for what shows nothing
    role: str = "word"
    name: str = ""
    branches: list[tuple[str, list[Node]]] = field(default_factory=list)
    end: str = ""
    is_flex: bool = False


@dataclass(frozen=True)
class Around:
    """What is around a piece: a flex container or not, and the classes of its parent and above."""

    is_flex: bool = False
    parent: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()


def nodes_of(text: str) -> list[Node]:
    """Return a template as a tree; an element that is not closed in its branch is a single tag."""
    found = [_node(match) for match in TOKEN.finditer(text)]
    if "".join(node.text for node in found) != text:
        raise ValueError("Something in the template is not understood.")
    return _elements(_controls(_raw(found)), Around())


def sure(found: Found | None) -> Found:
    """Return what must be there."""
    if found is None:
        raise ValueError("A tag of the template is not closed, or not understood.")
    return found


def _node(match: re.Match[str]) -> Node:
    role, text = str(match.lastgroup), match[0]
    if role == "tag":
        words = text[2:-2].split()
        silent = words[0] in SILENT or (len(words) > 2 and words[-2] == "as")
        kind = "" if silent else BLOCK if words[0] in MAKES_BLOCKS else INLINE
        return Node(text, kind, role, words[0])
    if role in {"open", "close"}:
        name = text.strip("</>").split()[0].lower() if role == "close" else _name(text)
        is_block = name in BLOCKS or name.startswith("h{")
        kind = "" if 'type="hidden"' in text else BLOCK if is_block else INLINE
        return Node(text, kind, role, name)
    return Node(text, "" if role == "comment" else INLINE, role)


def _name(text: str) -> str:
    return sure(re.match(rf"<(!?[A-Za-z](?:[\w-]|{TAG})*)", text))[1].lower()


def _raw(nodes: list[Node]) -> list[Node]:
    """Join what must stay as it is, such as ``pre`` with all inside, to one piece each."""
    out: list[Node] = []
    rest = iter(nodes)
    for node in rest:
        if node.role == "open" and node.name in RAW and not node.text.endswith("/>"):
            whole = [node]
            for inner in rest:
                whole.append(inner)
                if inner.role == "close" and inner.name == node.name:
                    break
            text = "".join(each.text for each in whole)
            is_empty = len(whole) == len(("open", "close"))
            out += whole if is_empty else [Node(text, node.kind, "raw", node.name)]
        else:
            out.append(node)
    return out


def _controls(nodes: list[Node]) -> list[Node]:
    ends = {node.name for node in nodes if node.role == "tag" and node.name.startswith("end")}
    stack: list[tuple[Node | None, list[Node]]] = [(None, [])]
    for node in nodes:
        top, inside = stack[-1]
        if node.role == "tag" and f"end{node.name}" in ends:
            node.role = "control"
            stack.append((node, []))
        elif node.role == "tag" and top is not None and node.name in BETWEEN:
            top.branches.append((top.end or top.text, inside))
            top.end = node.text
            stack[-1] = (top, [])
        elif node.role == "tag" and top is not None and node.name == f"end{top.name}":
            top.branches.append((top.end or top.text, inside))
            top.end = node.text
            stack.pop()
            stack[-1][1].append(top)
        else:
            inside.append(node)
    sure(stack[0][1] if len(stack) == 1 else None)
    return stack[0][1]


def _elements(nodes: list[Node], around: Around) -> list[Node]:
    """Put what stands between the tags of an element into it."""
    stack: list[tuple[Node | None, list[Node]]] = [(None, [])]
    for node in nodes:
        if node.role == "open" and node.name not in VOID and not node.text.endswith("/>"):
            stack.append((node, []))
        elif node.role == "close" and any(n and n.name == node.name for n, _ in stack):
            while (last := stack[-1][0]) and last.name != node.name:  # not closed: a tag alone
                _unclosed(stack)
            opened, inside = stack.pop()
            top = sure(opened)
            top.role, top.end, top.branches = "element", node.text, [(top.text, inside)]
            stack[-1][1].append(top)
        else:
            stack[-1][1].append(node)
    while len(stack) > 1:
        _unclosed(stack)
    for node in stack[0][1]:
        _inside(node, around)
    return stack[0][1]


def _unclosed(stack: list[tuple[Node | None, list[Node]]]) -> None:
    node, inside = stack.pop()
    stack[-1][1].extend([sure(node), *inside])


def _inside(node: Node, around: Around) -> None:
    """Read on in an element or a block, and note which parts of it flow and which are laid out."""
    if node.role == "element":
        if node.name == "li" and "ds-breadcrumbs" in around.above:
            node.name, node.kind = "crumb", INLINE  # the design system lets them flow
        within = _within(node, around)
        for each in node.branches[0][1]:
            _inside(each, within)
    elif node.role == "control":
        is_flex = around.is_flex or block_name(node) in LAID_OUT
        within = Around(is_flex, around.parent, around.above)
        node.branches = [(tag, _elements(inside, within)) for tag, inside in node.branches]
        if block_name(node) in OF_COMPONENTS:
            _components(node.branches[0][1])
    if around.is_flex and node.role in {"element", "open", "close", "raw"}:
        node.kind = GLUED if "sr" in _classes(node.text) else BLOCK


def _within(node: Node, around: Around) -> Around:
    """Return what is around the parts of an element; note whether it is a block by its class."""
    classes = _classes(node.text)
    names = {f".{name}" for name in classes} | {f".{name} > {node.name}" for name in around.parent}
    node.is_flex = bool(names & shown("(inline-)?(flex|grid)"))
    inline = {f".{a} .{name}" for a in around.above for name in classes} & shown("inline")
    if names & shown("block|flex|grid") and not inline:
        node.kind = BLOCK
    return Around(node.is_flex, classes, around.above | classes | {node.name})


def _classes(tag: str) -> frozenset[str]:
    match = re.search(r'\sclass="((?:[^"]|"(?=[^%]*%\}))*)"', tag)
    return frozenset(re.sub(TAG, " ", match[1]).split() if match else ())


def _components(nodes: list[Node]) -> None:
    """Note that each variable in a block for components is a component, not a word."""
    for node in nodes:
        if node.role == "variable":
            node.kind = BLOCK
        if node.role == "control":
            for _tag, inside in node.branches:
                _components(inside)


def block_name(node: Node) -> str:
    return node.text.split()[2] if node.name == "block" else ""


@cache
def shown(display: str) -> frozenset[str]:
    """Return the selectors in our style sheets that lay out something in this way."""
    found = {".ds-button"} if "flex" in display else set()  # of the design system
    for path in SOURCE.glob("*/static/[!v]*/*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text)
        for selectors, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
            if re.search(rf"display: ({display})[;\s]", rules):
                found |= {selector.strip() for selector in selectors.split(",")}
    return frozenset(found)
