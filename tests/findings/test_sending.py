"""Findings are sent with their indexes made later or kept up: all of them or none."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from samsyn.findings import bulk, sending
from samsyn.findings.models import Finding, FoldedReport
from samsyn.monitoring.models import Batch
from tests.findings.test_fold import picture, report, take

KINDS = ["scan_rdp", "scan_ssh", "scan_vnc", "scan_telnet", "scan_smb", "event4_sinkhole"]


@pytest.fixture
def indexed_later(monkeypatch):
    """Let the indexes wait even for a single row."""
    monkeypatch.setattr(bulk, "LARGE", 1)


def take_days(cast, folder, tag):
    folder = folder / tag
    folder.mkdir()
    for number, addresses in ((1, "7 8 9"), (2, "8 9"), (3, ""), (4, ""), (5, "9 10"), (6, "7")):
        made = [report(folder, number, addresses, report=kind) for kind in KINDS]
        done = take(cast, *made)
    return done


def test_what_is_indexed_later_is_what_is_indexed_at_once(
    cast, home, tmp_path, monkeypatch, indexed_later
):
    later = (take_days(cast, tmp_path, "later"), picture())
    numbers = sorted(Finding.unscoped.values_list("pk", flat=True))
    assert len(set(numbers)) == len(numbers) == 4 * len(KINDS)
    Finding.unscoped.all().delete()
    FoldedReport.objects.all().delete()
    Batch.unscoped.all().delete()
    monkeypatch.setattr(bulk, "LARGE", 10_000)
    assert (take_days(cast, tmp_path, "at once"), picture()) == later


def test_indexes_that_waited_are_there_again(cast, home, tmp_path, indexed_later):
    take_days(cast, tmp_path, "days")
    with connection.cursor() as cursor:
        made = connection.introspection.get_constraints(cursor, sending.FINDINGS)
    assert {index.name for index in Finding._meta.indexes} <= set(made)


def test_what_the_database_refuses_undoes_the_whole_run(cast, home, tmp_path, indexed_later):
    take(cast, report(tmp_path, 1, "7", report="scan_rdp"))
    stranger = Finding.unscoped.get()
    stranger.pk, stranger.report = None, "scan_vnc"  # the fold knows nothing of it
    stranger.save()
    known = (picture(), Batch.unscoped.count(), FoldedReport.objects.count())
    with pytest.raises(IntegrityError):
        take(cast, *(report(tmp_path, 2, "7 8", report=kind) for kind in KINDS))
    assert (picture(), Batch.unscoped.count(), FoldedReport.objects.count()) == known
