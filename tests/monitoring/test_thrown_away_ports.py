"""The port of one connection does not tell one problem from another; a service's port does."""

from __future__ import annotations

from datetime import date

import pytest

from samsyn.findings.models import Finding, FoldedReport
from samsyn.monitoring import stored
from samsyn.monitoring.services import observation_attribute
from tests.cast import make_resource
from tests.monitoring.reports import facts, row, write
from tests.monitoring.test_observation_import import seen, take


def events(folder, *ports: str, report: str = "event4_sinkhole", on: str = "2026-03-02"):
    rows = [
        row(report, address="198.18.0.7", port=port, timestamp=f"{on} 0{n}:00:00")
        for n, port in enumerate(ports)
    ]
    return write(folder, rows, report=report, on=on)


def test_connections_of_one_host_are_one_finding(cast, home, tmp_path):
    done = take(cast, events(tmp_path, "40001", "40002", "40003"))
    assert done["findings"]["new"] == 1
    finding = Finding.unscoped.get()
    assert (finding.port, finding.times_seen, finding.first_seen_at.hour) == (0, 3, 0)
    assert finding.last_seen_at.hour == 2


def test_the_next_days_port_is_the_same_finding(cast, home, tmp_path):
    take(cast, events(tmp_path, "40001"))
    done = take(cast, events(tmp_path, "50001", on="2026-03-03"))
    assert (done["findings"]["new"], done["findings"]["seen_again"]) == (0, 1)


def test_the_observation_keeps_its_port(cast, home, tmp_path):
    take(cast, events(tmp_path, "40001", "40002"))
    assert [o["source_port"] for o in seen(cast)] == [40001, 40002]


def test_ports_of_services_are_findings_of_their_own(cast, home, tmp_path):
    done = take(cast, events(tmp_path, "443", "3389", report="scan_ssl"))
    assert done["findings"]["new"] == 2


def test_history_told_anew_says_the_same(cast, home, tmp_path):
    take(cast, events(tmp_path, "40001", "40002"), events(tmp_path, "40003", on="2026-03-03"))
    make_resource(cast.elvdal, "prefix", "198.18.0.7/32")
    observation_attribute(actor=cast.astrid, operator=cast.samvakt)
    finding = Finding.unscoped.get()
    assert (finding.organisation, finding.port, finding.times_seen) == (cast.elvdal, 0, 3)
    take(cast, events(tmp_path, "40004", on="2026-03-01"))
    assert Finding.unscoped.get().times_seen == 4


def test_a_schema_that_says_otherwise_tells_the_report_anew(cast, home, tmp_path):
    take(cast, events(tmp_path, "40001", "40002"))
    FoldedReport.objects.update(has_port=True)  # as an older schema had it
    assert stored.must_refold("event4_sinkhole", date(2026, 3, 3))
    take(cast, events(tmp_path, "40003", on="2026-03-03"))
    assert not FoldedReport.objects.get().has_port
    assert Finding.unscoped.get().times_seen == 3


@pytest.mark.parametrize("name", sorted(facts()))
def test_only_ports_that_clients_take_are_thrown_away(name):
    known = facts()[name]
    port = known["layout"].get("port", "")
    if not known.get("port_in_key", True):
        assert port == "src_port"
        assert name.startswith("event")
    elif name.startswith("event"):
        # The side that is attacked, refers, or gives orders has a service.
        assert port in {"dst_port", "http_referer_port"} or name == "event4_honeypot_ddos"
