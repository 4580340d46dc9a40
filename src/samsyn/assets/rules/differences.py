"""What a constituency file wishes, and how it differs from the register."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from samsyn.assets.rules.constituency import FACTS, ConstituencyRow, FileError, problem_at
from samsyn.assets.rules.constituency_reading import whole_number
from samsyn.kernel.phrases import gettext as _

# What other lines say, seen from another side; and how the file was read.
SAID_TWICE = {"contested", "waiting", "enlarged", "notes"}


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
    notes: list[str] = field(default_factory=list)  # how the file was read
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
    """What a file says of one organisation, all its rows together.

    ``rows`` says in which row a field is said, where that is not the first.
    """

    name: str
    row: int
    fields: dict[str, Any]
    parent: str
    rows: dict[str, int] = field(default_factory=dict)

    def problem(self, column: str, text: str) -> str:
        """Return what is wrong in a field, at the row that says it."""
        return problem_at(self.rows.get(column, self.row), column, text)


def wishes(facts: Iterable[ConstituencyRow]) -> dict[str, Wish]:
    """Return what the file says of each organisation, in the order of the file.

    Source:
        docs/operations.md, the constituency file: one fact a row.

    """
    found: dict[str, Wish] = {}
    for fact in facts:
        name = fact.organisation
        wish = found.setdefault(name, Wish(name, fact.row, {}, fact.parent))
        said = {n: getattr(fact, n) for n in FACTS if getattr(fact, n)}
        if "population" in said:
            said["population"] = whole_number(said["population"])
        parent = wish.parent or fact.parent
        told = [*said, *(["parent"] if fact.parent else [])]
        rows = {**dict.fromkeys(told, fact.row), **wish.rows}
        found[name] = Wish(name, wish.row, {**wish.fields, **said}, parent, rows)
    return found


def must_make_tree(found: Mapping[str, Wish], parents: Mapping[str, str], most: int) -> None:
    """Refuse a file after which an organisation would stand below itself, or too far down.

    Args:
        found: what the file says, by name.
        parents: the name of each organisation's parent in the register, or an empty text.
        most: how many levels there may be.

    Raises:
        FileError: names the rows of every organisation on a circle, else of all too far down.

    Source:
        docs/operations.md, the constituency file: an organisation is never a part of itself.

    """
    after = {**dict.fromkeys(found, ""), **parents}
    after |= {wish.name: wish.parent for wish in found.values() if wish.parent}
    on_circles = _on_circles(after)
    wrong = [wish for wish in found.values() if wish.name in on_circles]
    if wrong:
        raise FileError([_below_itself(w.row, w.name) for w in wrong])
    levels = _levels(after, on_circles)
    if deep := [wish for wish in found.values() if levels[wish.name] > most]:
        raise FileError([_too_far_down(wish, most) for wish in deep])


def _levels(parents: Mapping[str, str], on_circles: Iterable[str]) -> dict[str, int]:
    """Return how many levels down each name is, the top being one; each name is passed once.

    A circle that the register has, and the file does not name, counts as nothing.
    """
    levels = {"": 0, **dict.fromkeys(on_circles, 0)}
    for name in parents:
        way, at = [], name
        while at not in levels:
            way.append(at)
            at = parents.get(at, "")
        for below in reversed(way):
            levels[below] = levels[at] + 1
            at = below
    return levels


def _too_far_down(wish: Wish, most: int) -> str:
    said = _("%(name)s would be below more than %(most)d others")
    return wish.problem("parent", said % {"name": wish.name, "most": most - 1})


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
        raise FileError(_without_parent([each for left in below.values() for each in left], found))
    return order


def _without_parent(left: list[Wish], found: dict[str, Wish]) -> list[str]:
    """Name the parents that are nowhere; what is below those has no fault of its own."""
    unknown = [wish for wish in left if wish.parent not in found]
    if unknown:
        return [unknown_name(wish.row, "parent", wish.parent) for wish in unknown]
    return [_below_itself(wish.row, wish.parent) for wish in left]


def _below_itself(row: int, name: str) -> str:
    return problem_at(row, "parent", _("%s is below itself") % name)


def unknown_name(row: int, column: str, name: str) -> str:
    """Return that a file names an organisation that nobody has.

    Source:
        docs/operations.md, the constituency file: an organisation is in the file or the register.

    """
    return problem_at(row, column, _("there is no organisation called %s") % name)
