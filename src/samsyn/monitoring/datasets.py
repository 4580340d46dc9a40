"""What monitoring keeps in the analytical store, and where the files of a batch lie."""

from __future__ import annotations

from datetime import date
from pathlib import Path

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
    },
    permission=Permission.OBSERVATIONS_VIEW,
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


def batch_file(dataset: Dataset, on: date, identity: str, claims: str = "") -> Path:
    """Return the file of one batch in a data set.

    What depends on the register (``claims`` is its digest) has that in its name, so that
    a new attribution lies beside the old one until the database says which holds.
    """
    ending = f"-{claims}" if claims else ""
    return dataset.day(on) / f"{identity}{ending}.parquet"
