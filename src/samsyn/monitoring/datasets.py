"""What monitoring keeps in the analytical store, and where the files of a batch lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Protocol

from samsyn.access.permissions import Permission
from samsyn.analytics.store import Dataset

OBSERVATIONS = Dataset(
    name="observations",
    columns={
        "batch": "varchar",
        "row": "bigint",
        "observed_at": "timestamp",
        "report": "varchar",
        "source_ip": "varchar",
        "address_number": "bigint",
        "address_key": "varchar",
        "source_port": "integer",
        "protocol": "varchar",
        "host_name": "varchar",
        "asn": "bigint",
        "country": "varchar",
        "taxonomy": "varchar",
        "type": "varchar",
        "severity": "varchar",
        "vendor": "varchar",
        "product": "varchar",
        "version": "varchar",
        "cves": "varchar",
        "mail_domain": "varchar",
        "site_domain": "varchar",
        "subject": "varchar",
        "tags": "varchar",
        "evidence": "varchar",
    },
    permission=Permission.OBSERVATIONS_VIEW,
    later=("tags", "evidence"),
)
# An observation as it was: the subject is kept only where it is not the address.
WHOLE = "s.* replace (coalesce(s.subject, s.source_ip) as subject)"
ATTRIBUTIONS = Dataset(
    name="attributions",
    columns={
        "batch": "varchar",
        "row": "bigint",
        "organisation_id": "bigint",
        "operated_by_id": "bigint",
        "resource_id": "bigint",
        "rule": "varchar",
        "is_contested": "boolean",
    },
    permission=Permission.FINDINGS_VIEW,
    scoped_by=("organisation_id", "operated_by_id"),
)
COUNTS = Dataset(
    name="counts",
    columns={
        "report_on": "date",
        "report": "varchar",
        "taxonomy": "varchar",
        "type": "varchar",
        "severity": "varchar",
        "country": "varchar",
        "asn": "bigint",
        "organisation_id": "bigint",
        "operated_by_id": "bigint",
        "rule": "varchar",
        "is_contested": "boolean",
        "observations": "bigint",
    },
    permission=Permission.FINDINGS_VIEW,
    scoped_by=("organisation_id", "operated_by_id"),
)
REJECTS = Dataset(
    name="rejects",
    columns={
        "batch": "varchar",
        "row": "bigint",
        "line": "bigint",
        "reason": "varchar",
        "text": "varchar",
    },
    permission=Permission.OBSERVATIONS_VIEW,
)


class BatchLike(Protocol):
    """What we need to know of a batch (``models.Batch``)."""

    identity: str | None
    claims: str
    observations: int
    attributed: int
    contested: int
    rejected: int

    @property
    def day(self) -> date: ...


# How many rows a batch has in each data set; one without rows may have no file.
ROWS: dict[str, Callable[[BatchLike], int]] = {
    OBSERVATIONS.name: lambda batch: batch.observations,
    ATTRIBUTIONS.name: lambda batch: batch.attributed + batch.contested,
    COUNTS.name: lambda batch: batch.observations,
    REJECTS.name: lambda batch: batch.rejected,
}
BY_REGISTER = (ATTRIBUTIONS.name, COUNTS.name)


def files_of(dataset: Dataset, batches: Iterable[BatchLike]) -> list[Path]:
    """Return the files that a data set must have for these batches."""
    rows = ROWS[dataset.name]
    return [file_of(dataset, batch) for batch in batches if rows(batch)]


def file_of(dataset: Dataset, batch: BatchLike) -> Path:
    """Return where a data set has the rows of a batch, if it has any."""
    claims = batch.claims if dataset.name in BY_REGISTER else ""
    return batch_file(dataset, batch.day, batch.identity or "", claims)


def batch_file(dataset: Dataset, on: date, identity: str, claims: str = "") -> Path:
    """Return the file of one batch in a data set.

    What depends on the register (``claims`` is its digest) has that in its name, so that
    a new attribution lies beside the old one until the database says which holds.
    """
    ending = f"-{claims}" if claims else ""
    return dataset.day(on) / f"{identity}{ending}.parquet"
