"""What is called when organisations are no longer one legal entity.

Rooms above decide by it what they keep. This room knows none of them, so they register a
function here; it is called in the transaction of the move.
"""

from __future__ import annotations

from collections.abc import Callable

from samsyn.access.actor import Actor

Pairs = frozenset[tuple[int, int]]  # the ids of who stood above, and of who was its unit
Follower = Callable[[Actor, Pairs], list[str]]
_followers: list[Follower] = []


def register_parting_follower(follower: Follower) -> None:
    """Register a function called when organisations part; it returns what now waits, in words."""
    _followers.append(follower)


def follow_parting(actor: Actor, pairs: Pairs) -> list[str]:
    """Call every registered function with the pairs that have parted; return what now waits."""
    if not pairs:
        return []
    return [said for follower in _followers for said in follower(actor, pairs)]
