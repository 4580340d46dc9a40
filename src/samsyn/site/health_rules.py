"""What a check of the installation says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check says: it is fine, or what is wrong and what to do.

    ``is_asked`` is false where a demonstration need not have it: that is no fault, and not
    in order either.
    """

    about: str
    is_fine: bool
    says: str
    is_asked: bool = True


def undone(about: str, says: str, *, is_demonstration: bool) -> CheckResult:
    """Return that something has not been done, which only a demonstration may leave."""
    return CheckResult(about, is_demonstration, says, is_asked=not is_demonstration)
