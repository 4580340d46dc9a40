"""A pointer to any thing, and the kinds of things that can be pointed to.

Evidence is attached to a risk, an action comes from a finding, a decision approves a
policy: the room below cannot know the rooms above it. A room registers what its things
are called and how one is found; whoever holds a ``Ref`` then finds it for an actor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from samsyn.kernel.errors import NotFound
from samsyn.kernel.phrases import gettext as _

_WRITTEN = re.compile(r"(?P<kind>[a-z_]{1,40}\.[A-Za-z]{1,40})-(?P<pk>\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing by its kind, as ``room.Model``, and its id."""

    kind: str
    pk: int

    @classmethod
    def read(cls, text: str) -> Ref:
        """Return the pointer that an address or a form wrote.

        Raises:
            NotFound: it is none, or of a kind that nobody has registered.

        """
        found = _WRITTEN.fullmatch(text)
        if not found or found["kind"] not in KINDS:
            raise NotFound(_("No such thing."))
        return cls(found["kind"], int(found["pk"]))

    def __str__(self) -> str:
        return f"{self.kind}-{self.pk}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefKind:
    """One kind of thing: its name, what people call one, and how it is found.

    Attributes:
        word: what people call one of them, as a text to be translated.
        get: ``get(actor=, pk=)`` returns it, or raises NotFound for whom may not see it.
        digest: returns a mark of what a decision about it would be bound to; None
            where nothing can be decided about it.
        title: returns what this one is called, in the reader's language.

    """

    name: str
    word: Any
    get: Callable[..., Any]
    digest: Callable[[Any], str] | None = None
    title: Callable[[Any], str] = str


KINDS: dict[str, RefKind] = {}


def ref_kind(kind: RefKind) -> RefKind:
    """Let things of this kind be pointed to. A room does it once, when Django starts."""
    KINDS[kind.name] = kind
    return kind


def thing_at(ref: Ref, *, actor: Any) -> Any:
    """Return what is pointed to.

    Raises:
        NotFound: it is gone, its room is not there, or the actor may not see it.

    """
    kind = KINDS.get(ref.kind)
    if kind is None:
        raise NotFound(_("No such thing."))
    return kind.get(actor=actor, pk=ref.pk)


POINTERS: list[Callable[[str, Collection[int]], Iterable[int]]] = []


def pointer(read: Callable[[str, Collection[int]], Iterable[int]]) -> None:
    """Let it be known which things a room's own point to. A room does it once, when Django starts.

    Args:
        read: ``read(kind, ids)`` returns those ids of a kind that something points to,
            whoever asks: it says that they must stay, not what points to them.

    """
    POINTERS.append(read)


def pointed_to(kind: str, ids: Collection[int]) -> set[int]:
    """Return those ids of a kind that anything points to, in whichever room."""
    return {pk for read in POINTERS for pk in read(kind, ids)}


def ref_of(thing: Any) -> Ref:
    """Return the pointer to a model's row."""
    return Ref(thing._meta.label, thing.pk)
