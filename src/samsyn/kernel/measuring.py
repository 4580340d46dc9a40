"""What Samsyn measures by itself: a room registers a measure, indicators ask for it.

The room that keeps indicators stands below those that know findings, actions or
dialogues and cannot ask them; as with ``refs``, each registers what it can answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured value; ``out_of`` is how many things it is worked out from, where that is told."""

    value: float
    out_of: int | None = None


Answer = Callable[[Collection[int], date], Mapping[int, Measured]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something that a room can measure of any organisation on any day.

    Attributes:
        key: its name, as ``room.what``.
        word: what people call it, as a text to be translated.
        unit: percent, count, days or level.
        answer: ``answer(organisation_ids, on)`` returns the values by organisation, in the
            same number of queries however many are asked for. An organisation of which
            nothing can be said is left out: nothing to measure is never a zero.

    """

    key: str
    word: Any
    unit: str
    answer: Answer


MEASURES: dict[str, Measure] = {}


def measure(found: Measure) -> Measure:
    """Let indicators use a measure. A room does it once, when Django starts."""
    MEASURES[found.key] = found
    return found


def share(part: int, whole: int) -> Measured | None:
    """Return a part of a whole in percent, or None where there is no whole.

    Example:
        >>> share(1, 4)
        Measured(value=25.0, out_of=4)
        >>> share(0, 0) is None
        True

    """
    return Measured(round(100 * part / whole, 1), whole) if whole else None
