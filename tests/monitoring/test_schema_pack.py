"""The facts of all reports, from Shadowserver's own files."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command

from samsyn.findings.models import Finding
from samsyn.kernel.errors import RuleViolation
from samsyn.monitoring.schema import SEVERITIES
from samsyn.monitoring.schema_files import SchemaError, pack_from
from samsyn.monitoring.services import observation_import, schema_install
from samsyn.monitoring.stored import PACK
from tests.monitoring.reports import facts, row, write

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
    schema = {name for name, known in facts().items() if "like" not in known}
    assert (len(schema), len(facts())) == (170, 171)  # phish_url still comes
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
    assert (done["version"], done["reports"], done["added"]) == ("unknown", 1, ["scan_new"])
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


def schema(tmp_path, **reports):
    """Write a reports.json: each report with the columns of the shipped pack, and some others."""
    own = {name: {"fields": known["columns"]} for name, known in facts().items()}
    path = tmp_path / "reports.json"
    path.write_text(json.dumps(own | reports))
    return path


def install(cast, path, **given):
    return schema_install(actor=cast.astrid, operator=cast.samvakt, path=path, **given)


def test_a_report_that_cannot_be_used_is_left_out_and_named(cast, home, tmp_path):
    odd = {"scan_alias": {"alias": "scan_rdp"}, "scan_text": "scan_rdp", "../x": {"fields": []}}
    done = install(cast, schema(tmp_path, **odd))
    assert set(done["skipped"]) == set(odd)
    assert done["reports"] == len(facts())


def test_what_the_given_files_do_not_say_stays_as_it_is_known(cast, home, tmp_path):
    done = install(cast, schema(tmp_path))
    assert (done["changed"], done["removed"], done["added"]) == ({}, [], [])
    installed = json.loads((home / "packs" / PACK).read_text())["reports"]
    assert installed["scan_ftp"]["severity"] == facts()["scan_ftp"]["severity"]


def test_the_difference_is_said_before_anything_is_installed(cast, home, tmp_path, capsys):
    (tmp_path / "types.md").write_text("| scan_rdp | [RDP](https://x.example) | low |")
    schema(tmp_path, scan_new={"fields": ["timestamp", "ip"]})
    call_command("schema_install", tmp_path, "--dry-run")
    said = capsys.readouterr().out
    assert "New (1): scan_new" in said
    assert "scan_rdp: high, now low" in said
    assert "Nothing was installed." in said
    assert not (home / "packs" / PACK).exists()
    call_command("schema_install", tmp_path)
    assert "scan_rdp: high, now low" in capsys.readouterr().out
    assert (home / "packs" / PACK).is_file()


@pytest.mark.parametrize(
    "reports",
    [None, {}, [], {"x": 1}, {"x": {"columns": ["timestamp"], "layout": {"port": "y"}}}],
)
def test_a_pack_that_lacks_what_reading_needs_is_refused_and_not_installed(
    cast, home, tmp_path, reports
):
    path = tmp_path / "pack.json"
    made = {"pack": "shadowserver-reports", "version": "1", "reports": reports}
    path.write_text(json.dumps({k: v for k, v in made.items() if v is not None}))
    with pytest.raises(RuleViolation, match="report schema"):
        install(cast, path)
    assert not (home / "packs" / PACK).exists()


def test_a_finished_pack_is_taken_as_it_is(cast, home, tmp_path):
    path = tmp_path / "pack.json"
    path.write_bytes((SHIPPED / "shadowserver.json").read_bytes())
    assert install(cast, path)["changed"] == {}


@pytest.mark.parametrize(
    ("alias", "report"), [("dns_openresolver", "scan_dns"), ("phish_url",) * 2]
)
def test_a_report_is_known_by_its_other_names(cast, home, tmp_path, alias, report):
    path = write(tmp_path, [row(report, address="198.18.0.7")], report=report)
    path = path.rename(tmp_path / f"2026-03-02-{alias}-sample-asn.csv")
    observation_import(actor=cast.astrid, operator=cast.samvakt, paths=[path])
    finding = Finding.unscoped.get()
    assert finding.report == report
    if alias == "phish_url":
        assert (finding.taxonomy, finding.rsit_type) == ("fraud", "phishing")


@pytest.mark.parametrize("is_serial", [False, True])
def test_one_report_under_both_names_is_folded_once(cast, home, tmp_path, is_serial):
    rows = [row("scan_dns", address="198.18.0.7")]
    paths = [write(tmp_path, rows, report="scan_dns", on=f"2026-03-0{n}") for n in (2, 3)]
    paths[1] = paths[1].rename(tmp_path / "2026-03-03-dns_openresolver-test.csv")
    done = observation_import(
        actor=cast.astrid, operator=cast.samvakt, paths=paths, is_serial=is_serial
    )
    assert (done["batches"], done["findings"]["new"]) == (2, 1)
    assert Finding.unscoped.get().times_seen == 2
