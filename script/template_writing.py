"""Writes a template in its form: one element a line, at most 100 characters."""

from __future__ import annotations

import re
import textwrap

from template_reading import BLOCK, QUOTED, TAG, VARIABLE, Node, nodes_of, sure
from template_space import (
    ANYTHING,
    ONLY_BLOCK,
    Gap,
    Kinds,
    contexts,
    forget_contexts,
    gaps,
    holds_blocks,
    note_contexts,
)

WIDTH, STEP = 100, 2


def flat(node: Node) -> str | None:
    """Return a piece in one line; None if it holds block elements, which get their own lines."""
    if node.role == "text_block":
        return _translated(node.text)
    if node.role in {"element", "control"}:
        parts = []
        for tag, inside in node.branches:
            if any(holds_blocks(each) for each in inside):
                return None
            before, after = contexts(node, inside)
            parts.append(_open(tag) + _flat_all(inside, before, after))
        return "".join(parts) + node.end
    if "\n" in node.text and node.role in {"raw", "comment"}:
        return None
    return _open(node.text) if node.role == "open" else node.text


def _flat_all(nodes: list[Node], before: Kinds, after: Kinds) -> str:
    return "".join(
        (" " if gap.is_space else "") + (flat(node) or "" if node else "")
        for node, gap in gaps(nodes, before, after)
    )


def attributes(tag: str) -> list[str]:
    """Return an opening tag in parts: ``<name`` and each attribute, the last one with its ``>``."""
    name = sure(re.match(rf"<!?[A-Za-z](?:[\w-]|{TAG})*", tag))
    end = "/>" if tag.endswith("/>") else ">"
    parts = [name[0], *_attributes(tag[name.end() : -len(end)])]
    parts[-1] += end if end == ">" else " />"
    return parts


def _attributes(text: str) -> list[str]:
    """Split at white space outside of quotes; what depends on a condition is a part of its own."""
    parts, current, depth = [], "", 0
    for match in re.finditer(rf"{QUOTED}|{TAG}|{VARIABLE}|\s+|.", text, re.DOTALL):
        piece = match[0]
        word = piece[2:-2].split()[0] if piece.startswith("{%") else ""
        if not depth and (
            piece.isspace() or (word in {"if", "for", "with"} and not current.endswith("="))
        ):
            parts.append(current)
            current = ""
        if not (piece.isspace() and (not depth or current.endswith("%}"))):
            current += " " if piece.isspace() else piece
        depth += (word in {"if", "for", "with"}) - word.startswith("end")
        if word.startswith("end") and not depth and re.match(r"\s|\{%|$", text[match.end() :]):
            parts.append(current)
            current = ""
    return [part for part in [*parts, current] if part]


def _open(tag: str) -> str:
    return " ".join(attributes(tag)) if tag.startswith("<") else tag


def _translated(text: str) -> str:
    """Return a translated text in one line, without ``trimmed`` where that changes nothing."""
    begin, body, end = _parts_of_text(text)
    if body is None:
        return text
    return begin + body + end


def _parts_of_text(text: str) -> tuple[str, str | None, str]:
    begin, body, end = sure(re.fullmatch(rf"({TAG})(.*)({TAG})", text, re.DOTALL)).groups()
    if re.search(r"\strimmed\b", begin):
        begin = re.sub(r"\s+trimmed\b", "", begin)
        parts = re.split(r"(\{%\s*plural\s*%\})", body)
        body = "".join(" ".join(line.strip() for line in p.strip().splitlines()) for p in parts)
        return begin, body, end
    is_plain = not re.search(r"\n|^\s|\s$|  |\s\{%\s*plural|plural\s*%\}\s", body)
    return begin, body if is_plain else None, end


class Printer:
    """Writes lines; a piece that may not be parted from the one before stands beside it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.current = ""

    def newline(self, indent: int) -> None:
        """End the line, unless there is nothing in it yet."""
        if self.current.strip():
            self.lines.append(self.current.rstrip())
        self.current = " " * indent

    def room(self) -> int:
        """Return how many characters still fit into the line."""
        return WIDTH - len(self.current)

    def text(self) -> str:
        """Return all that was written."""
        return "\n".join([*self.lines, self.current.rstrip()]).strip("\n")

    def nodes(
        self, nodes: list[Node], indent: int, around: tuple[Kinds, Kinds], tail: int = 0
    ) -> Gap:
        """Write nodes from where the line stands; return the gap after the last of them."""
        chunk: list[tuple[Node, Gap]] = []
        was_block = False
        for node, gap in gaps(nodes, *around):
            is_block = node is not None and (holds_blocks(node) or flat(node) is None)
            if chunk and (gap.may_break or is_block):
                self.chunk(chunk, indent)
                chunk = []
            elif chunk and node is None:
                self.chunk(chunk, indent, tail)
            if node is None:
                return gap
            if is_block or was_block:
                if gap.may_break:
                    self.newline(indent)
                elif gap.is_space:
                    self.current += " "
            if is_block:
                self.block(node, indent)
            else:
                chunk.append((node, gap if not was_block else Gap(gap.may_break, is_space=False)))
            was_block = is_block
        raise AssertionError

    def chunk(self, chunk: list[tuple[Node, Gap]], indent: int, tail: int = 0) -> None:
        """Write pieces that stand together: in this line, in the next one, or wrapped."""
        first = chunk[0][1]
        text = "".join(flat(node) or "" for node, _gap in chunk)
        space = " " if first.is_space and self.current.strip() else ""
        if len(space + text) + tail <= self.room():
            self.current += space + text
            return
        if first.may_break:
            self.newline(indent)
            space = ""
        if len(text) + tail <= self.room():
            self.current += space + text
            return
        self.current += space
        for place, (node, _gap) in enumerate(chunk):
            after = chunk[place + 1][0] if place + 1 < len(chunk) else None
            self.wrapped(node, indent, _lead(after) if after else tail)

    def words(self, words: list[str], indent: int, tail: int = 0) -> None:
        """Write words with a space or a new line between them; ``tail`` characters come after."""
        for place, word in enumerate(words):
            rest = tail if place == len(words) - 1 else 0
            if place and len(word) + 1 + rest > self.room():
                self.newline(indent)
            elif place:
                self.current += " "
            if rest and len(word) + rest > self.room():  # a tag may end on the next line
                self.current += word[:-1]
                self.newline(indent)
                self.current += word[-1]
            else:
                self.current += word

    def wrapped(self, node: Node, indent: int, tail: int) -> None:
        """Write a piece that is too long for a line; ``tail`` characters stand beside it."""
        if node.role in {"element", "control"}:
            self.branches(node, indent, tail)
        elif node.role == "open":
            self.words(attributes(node.text), indent + 2 * STEP)
        elif node.role == "text_block" or _long_text(node):
            self.translation(node, indent)
        elif node.role == "comment" and node.text.startswith("{% comment"):
            self.comment(node, indent)
        else:
            self.current += node.text

    def translation(self, node: Node, indent: int) -> None:
        """Write a translated text over several lines; ``trimmed`` joins them again."""
        begin, body, end = _parts_of_text(_long_text(node) or node.text)
        if body is None:
            self.current += node.text
            return
        self.current += re.sub(r"^\{%\s*blocktranslate", "{% blocktranslate trimmed", begin)
        for part in re.split(r"(\{%\s*plural\s*%\})", body):
            is_tag = part.startswith("{%")
            self.newline(indent if is_tag else indent + STEP)
            self.words([part] if is_tag else _text_words(part), indent + STEP)
        self.newline(indent)
        self.current += end

    def branches(self, node: Node, indent: int, after_it: int = 0) -> None:
        """Write an element or a block with what is in it, on lines of their own if possible."""
        for tag, inside in node.branches:
            before, after = contexts(node, inside)
            if tag.startswith("<"):
                tail = _tail(inside, before, after, len(node.end) + after_it)
                self.words(attributes(tag), indent + 2 * STEP, tail)
            else:
                self.current += tag
            if not any(each.role != "space" for each in inside):
                self.current += (
                    " " if inside and node.kind != BLOCK and ANYTHING in (before, after) else ""
                )
                continue
            first = gaps(inside, before, after)[0][1]
            if first.may_break:
                self.newline(indent + STEP)
            gap = self.nodes(inside, indent + STEP, (before, after), len(node.end) + after_it)
            if gap.may_break:
                self.newline(indent)
        self.current += node.end

    def block(self, node: Node, indent: int) -> None:
        """Write a block element: in one line if it fits, else with its parts below it."""
        text = flat(node)
        if text is not None and len(text) <= self.room():
            self.current += text
        elif node.role in {"element", "control"}:
            self.branches(node, indent)
        elif node.role == "open":
            self.words(attributes(node.text), indent + 2 * STEP)
        elif node.role == "comment" and node.text.startswith("{%"):
            self.comment(node, indent)
        else:
            self.current += node.text

    def comment(self, node: Node, indent: int) -> None:
        """Write a comment, its paragraphs filled."""
        body = re.sub(r"^\{%\s*comment\s*%\}|\{%\s*endcomment\s*%\}$", "", node.text).strip()
        self.current += "{% comment %}"
        lines = body.splitlines()
        if any(len(line.strip()) > WIDTH - indent for line in lines):
            body = " ".join(line.strip() for line in lines)
            lines = textwrap.wrap(
                body, WIDTH - indent, break_long_words=False, break_on_hyphens=False
            )
        for line in lines:
            self.newline(indent)
            self.current += line.strip()
        self.newline(indent)
        self.current += "{% endcomment %}"


def _lead(node: Node) -> int:
    """Return how many characters begin a piece that cannot be parted from what is before."""
    if node.role in {"element", "open"}:
        return len(attributes(node.text)[0])
    if text := _long_text(node) or (node.text if node.role == "text_block" else ""):
        return len(_parts_of_text(text)[0]) + len(" trimmed")
    return len(node.branches[0][0] if node.branches else node.text)


def _tail(nodes: list[Node], before: Kinds, after: Kinds, end: int) -> int:
    """Return how many characters stand beside an opening tag whatever is done."""
    length = 0
    for node, gap in gaps(nodes, before, after):
        if gap.may_break:
            return length
        if node is None:
            return length + end
        length += _lead(node)
        if node.role not in {"word", "variable", "tag"} or _long_text(node):
            return length
    return length
    return length


def _long_text(node: Node) -> str:
    """Return a plain ``translate`` of one text as a ``blocktranslate``."""
    match = re.fullmatch(r'\{% translate "([^"%{\\]+)" %\}', node.text)
    return f"{{% blocktranslate %}}{match[1]}{{% endblocktranslate %}}" if match else ""


def _text_words(text: str) -> list[str]:
    return [
        word.replace("\0", " ")
        for word in re.sub(VARIABLE, lambda m: m[0].replace(" ", "\0"), text).split(" ")
    ]


def formatted(text: str) -> str:
    """Return a template in its form."""
    forget_contexts()
    nodes = nodes_of(text)
    is_child = any(node.name == "extends" for node in nodes)
    outer = ONLY_BLOCK if is_child else ANYTHING
    note_contexts(nodes, outer, outer)
    printer = Printer()
    for group in [[n] for n in nodes if n.role != "space"] if is_child else [nodes]:
        printer.newline(0)
        printer.nodes(group, 0, (outer, outer))
    head = "\n" if not is_child and nodes and nodes[0].role == "space" else ""
    tail = "\n" if text.endswith("\n") else ""
    return head + printer.text() + tail
