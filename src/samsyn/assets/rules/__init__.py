"""The rules of digital resources and of the constituency file."""

from samsyn.assets.rules.constituency import COLUMNS, Fact, FileError, facts_in, facts_written
from samsyn.assets.rules.resources import Claim, Unreadable, canonical, claim_kind

__all__ = [
    "COLUMNS",
    "Claim",
    "Fact",
    "FileError",
    "Unreadable",
    "canonical",
    "claim_kind",
    "facts_in",
    "facts_written",
]
