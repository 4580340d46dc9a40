"""Cells that come again are made once: the table is the same as if each were made for itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from samsyn.findings.models import Finding
from samsyn.findings.selectors import finding_rows
from samsyn.findings.tables import FINDINGS
from samsyn.ui.tables import ColumnHeading, table_html
from tests.cast import make_finding


def test_cells_made_once_are_those_made_each_for_itself(cast):
    make_finding(cast.fjellvik, severity=4, subject="198.18.0.1")
    make_finding(cast.fjellvik, severity=4, subject="198.18.0.2", report="scan_ssh")
    make_finding(cast.elvdal, severity=2, subject="198.18.4.1", report="scan_ssh")
    Finding.unscoped.filter(subject="198.18.0.2").update(
        answer_kind="planned", answer_until=date(2026, 4, 1), state="acknowledged"
    )
    Finding.unscoped.filter(subject="198.18.4.1").update(
        answer_kind="planned", answer_until=date(2026, 5, 1)
    )
    rows = list(finding_rows(actor=cast.astrid))
    once = [ColumnHeading(column=column) for column in FINDINGS]
    each = [ColumnHeading(column=replace(column, same_by=None)) for column in FINDINGS]
    assert any(column.same_by for column in FINDINGS)
    assert len(rows) == 3
    assert table_html(once, rows, caption="x") == table_html(each, rows, caption="x")
