"""What a constituency file wishes, and how it differs from the register."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from samsyn.assets.rules.constituency import Fact, FileError, problem_at
from samsyn.kernel.phrases import gettext as _

SAID_TWICE = {"contested", "waiting", "enlarged"}  # what other lines say, seen from another side


@dataclass
class Difference:
    """What importing a file changes: names and values, ready to be shown.

    ``touched`` holds each thing that is made or changed, with what it was before (None where it
    is new), for the trail.
    """

    organisations_new: list[str] = field(default_factory=list)
    organisations_changed: list[str] = field(default_factory=list)
    resources_new: list[str] = field(default_factory=list)
    resources_changed: list[str] = field(default_factory=list)
    contacts_new: list[str] = field(default_factory=list)
    members_new: list[str] = field(default_factory=list)
    contested: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # wide, or not the importer's to confirm
    enlarged: list[str] = field(default_factory=list)  # known before; get resources or contacts
    touched: list[tuple[Any, dict[str, Any] | None]] = field(default_factory=list, repr=False)
    is_trial: bool = False

    def is_empty(self) -> bool:
        """Return whether the register already says what the file says."""
        return not any([*self.counts().values()])

    def for_trail(self) -> dict[str, Any]:
        """Return what the trail keeps of the import."""
        if self.is_trial:
            return {"dry_run": [None, True]}
        return {name: [None, number] for name, number in self.counts().items() if number}

    def lines(self) -> dict[str, list[str]]:
        """Return what is shown, by what it is about."""
        return {n: lines for n, lines in vars(self).items() if n not in {"touched", "is_trial"}}

    def counts(self) -> dict[str, int]:
        """Return how many of each."""
        return {name: len(lines) for name, lines in self.lines().items() if name not in SAID_TWICE}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a file says of one organisation, all its rows together."""

    name: str
    row: int
    fields: dict[str, str]
    parent: str


def wishes(facts: Iterable[Fact]) -> dict[str, Wish]:
    """Return what the file says of each organisation, in the order of the file.

    Source:
        docs/operations.md, the constituency file: one fact a row.

    """
    found: dict[str, Wish] = {}
    for fact in facts:
        wish = found.get(fact.organisation) or Wish(fact.organisation, fact.row, {}, "")
        fields = {n: getattr(fact, n) for n in ("country", "language", "kind")}
        merged = {**wish.fields, **{n: v for n, v in fields.items() if v}}
        found[fact.organisation] = Wish(wish.name, wish.row, merged, wish.parent or fact.parent)
    return found


def must_not_circle(found: Mapping[str, Wish], parents: Mapping[str, str]) -> None:
    """Refuse a file after which an organisation would stand below itself.

    Args:
        found: what the file says, by name.
        parents: the name of each organisation's parent in the register, or an empty text.

    Raises:
        FileError: names the rows of every organisation on a circle.

    Source:
        docs/operations.md, the constituency file: an organisation is never a part of itself.

    """
    after = {**parents, **{w.name: w.parent for w in found.values() if w.parent}}
    on_circles = _on_circles(after)
    wrong = [wish for wish in found.values() if wish.name in on_circles]
    if wrong:
        raise FileError([_below_itself(w.row, w.name) for w in wrong])


def _on_circles(parents: Mapping[str, str]) -> set[str]:
    """Return the names from which the way up comes back; each name is passed once."""
    done: set[str] = set()
    circles: set[str] = set()
    for name in parents:
        way: dict[str, int] = {}
        at = name
        while at and at not in done and at not in way:
            way[at] = len(way)
            at = parents.get(at, "")
        if at in way:
            circles.update(each for each, place in way.items() if place >= way[at])
        done.update(way)
    return circles


def in_order(found: dict[str, Wish], known: Iterable[str]) -> list[Wish]:
    """Return the organisations so that each comes after its parent.

    Raises:
        FileError: a parent is neither in the register nor in the file, or stands below itself.

    Source:
        docs/operations.md, the constituency file: a parent is in the file or the register.

    """
    before = set(known)
    ready = deque(w for w in found.values() if not w.parent or w.parent in before)
    below: dict[str, list[Wish]] = {}
    for wish in found.values():
        if not wish.parent or wish.parent in before:
            continue
        if wish.name in before and wish.parent in found:  # it exists: only its parent changes
            ready.append(wish)
        else:
            below.setdefault(wish.parent, []).append(wish)
    order = []
    while ready:
        wish = ready.popleft()
        order.append(wish)
        ready += below.pop(wish.name, [])
    if below:
        raise FileError([_no_parent(wish, found) for left in below.values() for wish in left])
    return order


def _no_parent(wish: Wish, found: dict[str, Wish]) -> str:
    if wish.parent in found:
        return _below_itself(wish.row, wish.parent)
    return unknown_name(wish.row, "parent", wish.parent)


def _below_itself(row: int, name: str) -> str:
    return problem_at(row, "parent", _("%s is below itself") % name)


def unknown_name(row: int, column: str, name: str) -> str:
    """Return that a file names an organisation that nobody has.

    Source:
        docs/operations.md, the constituency file: an organisation is in the file or the register.

    """
    return problem_at(row, column, _("there is no organisation called %s") % name)
