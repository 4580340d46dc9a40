"""What this room gives the laws of the house."""

from __future__ import annotations

from tests.cast import (
    make_batch,
    make_finding,
)
from tests.house.parts import Parts


def batches(cast, n):
    make_batch(cast.samvakt, sha256=f"{n:064d}")


PARTS = Parts(
    made={
        "monitoring": lambda cast: make_batch(cast.samvakt),
        "monitoring:sightings": lambda cast: make_finding(cast.fjellvik),
        "monitoring:sightings-csv": lambda cast: make_finding(cast.fjellvik),
    },
    api={
        "observations": "monitoring",
    },
    given={
        "monitoring:receiver": lambda _form: {"kind": "domain", "value": "new.example"},
    },
    lists={
        "/feeds/": batches,
    },
    unrecorded={
        "monitoring:batches": "the operator's own",
        "monitoring:upload": "the operator's own",
        "monitoring:unattributed": "belongs to nobody",
        "monitoring:receiver": "belongs to nobody",
    },
)
