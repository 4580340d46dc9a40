"""Findings are sent by a thread while the next report is folded: all of them or none."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from samsyn.findings import bulk, sending
from samsyn.findings.models import Finding, FoldedReport
from samsyn.monitoring.models import Batch
from tests.findings.test_fold import picture, report, take

KINDS = ["scan_rdp", "scan_ssh", "scan_vnc", "scan_telnet", "scan_smb", "event4_sinkhole"]


@pytest.fixture
def in_a_thread(monkeypatch):
    """Let even a single row be sent by the thread, and indexes wait for it."""
    monkeypatch.setattr(sending, "FEW", 0)
    monkeypatch.setattr(bulk, "LARGE", 1)


def take_days(cast, folder, tag):
    folder = folder / tag
    folder.mkdir()
    for number, addresses in ((1, "7 8 9"), (2, "8 9"), (3, ""), (4, ""), (5, "9 10"), (6, "7")):
        made = [report(folder, number, addresses, report=kind) for kind in KINDS]
        done = take(cast, *made)
    return done


def test_what_the_thread_sends_is_what_is_sent_at_once(
    cast, home, tmp_path, monkeypatch, in_a_thread
):
    by_thread = (take_days(cast, tmp_path, "thread"), picture())
    numbers = sorted(Finding.unscoped.values_list("pk", flat=True))
    assert len(set(numbers)) == len(numbers) == 4 * len(KINDS)
    Finding.unscoped.all().delete()
    FoldedReport.objects.all().delete()
    Batch.unscoped.all().delete()
    monkeypatch.setattr(sending, "FEW", 10_000)
    monkeypatch.setattr(bulk, "LARGE", 10_000)
    assert (take_days(cast, tmp_path, "at once"), picture()) == by_thread


def test_indexes_that_waited_are_there_again(cast, home, tmp_path, in_a_thread):
    take_days(cast, tmp_path, "days")
    with connection.cursor() as cursor:
        made = connection.introspection.get_constraints(cursor, sending.FINDINGS)
    assert {index.name for index in Finding._meta.indexes} <= set(made)


def test_what_the_database_refuses_undoes_the_whole_run(cast, home, tmp_path, in_a_thread):
    take(cast, report(tmp_path, 1, "7", report="scan_rdp"))
    stranger = Finding.unscoped.get()
    stranger.pk, stranger.report = None, "scan_vnc"  # the fold knows nothing of it
    stranger.save()
    known = (picture(), Batch.unscoped.count(), FoldedReport.objects.count())
    with pytest.raises(IntegrityError):
        take(cast, *(report(tmp_path, 2, "7 8", report=kind) for kind in KINDS))
    assert (picture(), Batch.unscoped.count(), FoldedReport.objects.count()) == known
