"""Who is told when organisations are no longer one legal entity.

Rooms above judge by it what they keep. This room knows none of them, so they say here what
they do then; it is done in the transaction of the move.
"""

from __future__ import annotations

from collections.abc import Callable

from samsyn.access.actor import Actor

Pairs = frozenset[tuple[int, int]]  # the ids of who stood above, and of who was its unit
Follower = Callable[[Actor, Pairs], list[str]]
_followers: list[Follower] = []


def register_parting_follower(follower: Follower) -> None:
    """Let a room follow when organisations part; it returns in words what waits since then."""
    _followers.append(follower)


def follow_parting(actor: Actor, pairs: Pairs) -> list[str]:
    """Tell every room which pairs of organisations have parted; return what waits since then."""
    if not pairs:
        return []
    return [said for follower in _followers for said in follower(actor, pairs)]
