"""The rules of digital resources and of the constituency file."""

from samsyn.assets.rules.claims import (
    ClaimReason,
    ClaimVerdict,
    Held,
    Holdings,
    RangeLimits,
    Sighting,
    judge,
    meeting,
)
from samsyn.assets.rules.constituency import (
    BYTES_MAX,
    COLUMNS,
    ConstituencyRow,
    FileError,
    facts_in,
    facts_written,
    problem_at,
    spelled,
)
from samsyn.assets.rules.differences import (
    Difference,
    Wish,
    in_order,
    must_make_tree,
    unknown_name,
    wishes,
)
from samsyn.assets.rules.resources import (
    Claim,
    Unreadable,
    as_read,
    canonical,
    claim_kind,
    counts_where,
)

__all__ = [
    "BYTES_MAX",
    "COLUMNS",
    "Claim",
    "ClaimReason",
    "ClaimVerdict",
    "ConstituencyRow",
    "Difference",
    "FileError",
    "Held",
    "Holdings",
    "RangeLimits",
    "Sighting",
    "Unreadable",
    "Wish",
    "as_read",
    "canonical",
    "claim_kind",
    "counts_where",
    "facts_in",
    "facts_written",
    "in_order",
    "judge",
    "meeting",
    "must_make_tree",
    "problem_at",
    "spelled",
    "unknown_name",
    "wishes",
]
