"""Many reports are set by several processes, in their order, and each as if it were alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from samsyn.printing.pdf import report_pdf, reports_pdf
from samsyn.printing.report import Report, Text


def report(number: int) -> Report:
    return Report(
        title=f"Report {number}", organisation="Fjellvik", period="March 2026", label="AMBER",
        language="en", made_at=datetime(2026, 3, 2, tzinfo=UTC), blocks=(Text(text="Calm."),),
    )  # fmt: skip


@pytest.mark.parametrize("processes", [1, 2])
def test_each_comes_in_its_place_and_is_the_same_as_alone(processes):
    reports = [report(number) for number in range(5)]
    assert list(reports_pdf(iter(reports), processes=processes)) == [report_pdf(r) for r in reports]


def test_nothing_to_print_is_nothing():
    assert list(reports_pdf([])) == []
