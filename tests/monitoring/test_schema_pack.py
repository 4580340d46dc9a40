"""The facts of all reports, from Shadowserver's own files."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from samsyn.kernel.errors import RuleViolation
from samsyn.monitoring.schema import SEVERITIES
from samsyn.monitoring.schema_files import SchemaError, pack_from
from samsyn.monitoring.services import schema_install
from samsyn.monitoring.stored import PACK
from tests.monitoring.reports import facts

pytestmark = pytest.mark.once  # reads files

SHIPPED = Path(__file__).parents[2] / "src/samsyn/packs/reports"
REAL = Path(__file__).parents[2] / "../shared/data/shadowserver"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="Shadowserver's files are not here")
CORRECTIONS = json.loads((SHIPPED / "corrections.json").read_text())


@needs_real
def test_the_shipped_pack_is_what_the_real_files_make():
    made = pack_from(REAL, CORRECTIONS)
    assert made == json.loads((SHIPPED / "shadowserver.json").read_text())


@needs_real
def test_a_zip_of_the_files_makes_the_same(tmp_path):
    archive = tmp_path / "schema.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in REAL.iterdir():
            file.write(path, f"some/folder/{path.name}")
    assert pack_from(archive, CORRECTIONS) == pack_from(REAL, CORRECTIONS)


@pytest.mark.parametrize("name", sorted(facts()))
def test_every_report_has_what_reading_needs(name):
    known = facts()[name]
    assert known["taxonomy"]
    assert known["type"] not in {"", "blocklist", "blacklist"}
    assert known["severity"] in SEVERITIES
    assert known["title"]
    assert set(known["layout"].values()) <= set(known["columns"])


def test_there_are_170_reports_and_three_have_no_address():
    without = {name for name, known in facts().items() if "address" not in known["layout"]}
    assert len(facts()) == 170
    assert without == {"compromised_account", "ransomware_victim", "sandbox_dns"}


@pytest.mark.parametrize(
    ("report", "column"),
    [
        ("scan_rdp", "ip"),
        ("event4_sinkhole", "src_ip"),
        ("event4_honeypot_ddos_target", "dst_ip"),
        ("event4_sinkhole_http_referer", "http_referer_ip"),
    ],
)
def test_the_members_side_is_known_for_each_layout(report, column):
    assert facts()[report]["layout"]["address"] == column


def test_a_twin_is_classified_as_its_ipv4_report():
    for known in facts().values():
        if known["twin"]:
            twin = facts()[known["twin"]]
            assert (known["taxonomy"], known["type"]) == (twin["taxonomy"], twin["type"])


def test_types_beat_the_other_table_of_severities():
    assert facts()["scan6_elasticsearch"]["severity"] == "high"
    assert facts()["scan_ftp"]["severity"] == "info"


def test_installing_overrides_the_shipped_pack(cast, home, tmp_path):
    source = tmp_path / "own"
    source.mkdir()
    (source / "reports.json").write_text(
        json.dumps({"scan_new": {"fields": ["timestamp", "ip"], "name": "New"}})
    )
    done = schema_install(actor=cast.astrid, operator=cast.samvakt, path=source)
    assert done == {"version": "unknown", "reports": 1}
    installed = json.loads((home / "packs" / PACK).read_text())["reports"]["scan_new"]
    assert (installed["taxonomy"], installed["type"]) == ("other", "undetermined")
    assert installed["severity"] == "medium"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"x": {"fields": []}}', '{"../x": {"fields": ["timestamp"]}}', "[" * 9999],
)
def test_what_is_no_schema_is_refused(tmp_path, content):
    path = tmp_path / "reports.json"
    path.write_text(content)
    with pytest.raises(SchemaError):
        pack_from(path, CORRECTIONS)


def test_a_refused_schema_is_said_in_words(cast, home):
    with pytest.raises(RuleViolation, match="report schema"):
        schema_install(actor=cast.astrid, operator=cast.samvakt, path=home / "missing")
