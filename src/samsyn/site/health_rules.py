"""What a check of the installation says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says: it is fine, or what is wrong and what to do."""

    about: str
    is_fine: bool
    says: str
