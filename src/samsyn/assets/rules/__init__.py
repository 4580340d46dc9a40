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
    COLUMNS,
    FACTS,
    ConstituencyRow,
    FileError,
    facts_written,
    problem_at,
    spelled,
)
from samsyn.assets.rules.constituency_reading import (
    BYTES_MAX,
    ConstituencyFacts,
    constituency_file,
    facts_in,
    whole_number,
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
from samsyn.assets.rules.searching import found_by

__all__ = [
    "BYTES_MAX",
    "COLUMNS",
    "FACTS",
    "Claim",
    "ClaimReason",
    "ClaimVerdict",
    "ConstituencyFacts",
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
    "constituency_file",
    "counts_where",
    "facts_in",
    "facts_written",
    "found_by",
    "in_order",
    "judge",
    "meeting",
    "must_make_tree",
    "problem_at",
    "spelled",
    "unknown_name",
    "whole_number",
    "wishes",
]
