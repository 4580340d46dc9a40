"""From files to observations, owners and findings."""

from __future__ import annotations

import gzip
import json
import zipfile

import pytest
from django.core.management import call_command

from samsyn.findings.models import Finding
from samsyn.kernel.errors import NotAllowed, NotFound
from samsyn.monitoring.models import Batch
from samsyn.monitoring.selectors import ObservationFilter, observation_list, reject_list
from samsyn.monitoring.services import inbox_collect, observation_import
from tests.monitoring.reports import row, text, write


def take(cast, *paths):
    return observation_import(actor=cast.astrid, operator=cast.samvakt, paths=paths)


def seen(cast, actor=None, **wanted):
    return list(observation_list(actor=actor or cast.astrid, wanted=ObservationFilter(**wanted)))


def test_a_report_becomes_observations_and_findings(cast, home, tmp_path):
    ours = row(
        address="198.18.0.7",
        port="3389",
        host="vpn.fjellvik.example",
        asn="64501",
        country="no",
        severity="HIGH",
    )
    path = write(tmp_path, [ours, row(address="203.0.113.9", port="3389")])
    done = take(cast, path)
    counted = {name: done[name] for name in ("batches", "rows", "rejected", "observations")}
    assert counted == {"batches": 1, "rows": 2, "rejected": 0, "observations": 2}
    assert (done["attributed"], done["unattributed"]) == (1, 1)
    assert done["findings"]["new"] == 1
    finding = Finding.unscoped.get()
    assert (finding.organisation, finding.subject, finding.port) == (
        cast.fjellvik,
        "198.18.0.7",
        3389,
    )
    assert (finding.severity, finding.state, finding.times_seen) == (3, "open", 1)
    assert finding.first_seen_at.isoformat() == "2026-03-02T04:05:06+00:00"
    first, second = seen(cast)
    assert first["organisation"] == "Fjellvik"
    assert first["raw"] == ours
    assert (first["country"], first["asn"], first["host_name"]) == (
        "NO",
        64501,
        "vpn.fjellvik.example",
    )
    assert second["organisation"] is None


def test_the_same_again_changes_nothing(cast, home, tmp_path):
    path = write(tmp_path, [row(address="198.18.0.7", port="3389")])
    take(cast, path)
    before = list(Finding.unscoped.values())
    done = take(cast, path)
    assert (done["batches"], done["findings"]["new"]) == (0, 0)
    assert list(Finding.unscoped.values()) == before


@pytest.mark.parametrize("packing", ["gz", "zip", "other name"])
def test_the_same_content_packed_otherwise_counts_once(cast, home, tmp_path, packing):
    path = write(tmp_path, [row(address="198.18.0.7", port="3389")])
    take(cast, path)
    if packing == "gz":
        again = path.with_name(path.name + ".gz")
        again.write_bytes(gzip.compress(path.read_bytes()))
    elif packing == "zip":
        again = tmp_path / "all.zip"
        with zipfile.ZipFile(again, "w") as archive:
            archive.write(path, f"../../{path.name}")
    else:
        again = path.rename(tmp_path / "2026-03-02-scan_rdp-other.csv")
    done = take(cast, again)
    assert (done["batches"], done["duplicates"]) == (0, 1)
    assert Finding.unscoped.get().times_seen == 1


def test_each_file_is_kept_as_it_came(cast, home, tmp_path):
    path = write(tmp_path, [row(address="198.18.0.7")])
    content = path.read_bytes()
    take(cast, path)
    path.unlink()
    batch = Batch.unscoped.get()
    assert batch.kept_path.read_bytes() == content
    assert batch.kept_path.parent.name == batch.sha256[:2]
    assert seen(cast)[0]["raw"]["ip"] == "198.18.0.7"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("2026-03-02-scan_unheard-x.csv", '"timestamp","ip"\n', "unknown_report"),
        ("letter.csv", '"dear","sir"\n"a","b"\n', "unknown_report"),
        ("2026-03-02-scan_rdp-x.csv", '"dear","sir"\n', "wrong_columns"),
        ("2026-03-02-scan_rdp-x.csv", "", "no_header"),
        ("2026-03-02-scan_rdp-x.csv.gz", b"\x1f\x8bnot gzip", "damaged_archive"),
        ("x.zip", b"PK\x03\x04broken", "damaged_archive"),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(cast, home, tmp_path, name, content, reason):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    good = write(tmp_path, [row(address="198.18.0.7")], on="2026-03-03")
    done = take(cast, path, good)
    assert [r["reason"] for r in done["refused"]] == [reason]
    assert done["batches"] == 1
    assert Batch.unscoped.filter(state="refused", reason=reason).count() == 1


def test_an_archive_that_would_fill_the_disk_is_refused(cast, home, tmp_path):
    bomb = tmp_path / "2026-03-02-scan_rdp-x.csv.gz"
    with gzip.open(bomb, "wb") as file:
        for _ in range(64):
            file.write(b"0" * (1 << 20))
    done = take(cast, bomb)
    assert [r["reason"] for r in done["refused"]] == ["too_large"]


def test_a_report_with_an_odd_name_is_known_by_its_columns(cast, home, tmp_path):
    path = write(tmp_path, [row("scan_ipmi", address="198.18.0.7")], report="scan_ipmi")
    done = take(cast, path.rename(tmp_path / "download (3).csv"))
    assert done["batches"] == 1
    assert Finding.unscoped.get().report == "scan_ipmi"


def test_a_damaged_row_is_set_aside_and_the_rest_is_read(cast, home, tmp_path):
    path = write(
        tmp_path, [row(address="198.18.0.7"), row(address="198.18.0.8"), row(address="198.18.0.9")]
    )
    lines = path.read_text().splitlines()
    lines[2] = lines[2].replace('"tcp",', '"tcp,')
    path.write_text("\n".join(lines))
    done = take(cast, path)
    assert (done["rows"], done["rejected"], done["observations"]) == (3, 1, 2)
    batch = Batch.unscoped.get()
    (reject,) = reject_list(actor=cast.astrid, batch=batch)
    assert (reject["row"], reject["line"]) == (2, 3)
    assert "quotes" in reject["reason"]
    assert [o["raw"]["ip"] for o in seen(cast)] == ["198.18.0.7", "198.18.0.9"]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": "1996-01-01 00:00:00"}, "timestamp"),
        ({"address": "198.18.0.999"}, "address"),
        ({"address": "198.18.0.7", "port": "70000"}, "port"),
        ({"address": "198.18.0.7", "port": "http"}, "port"),
        ({"address": "198.18.0.7", "asn": "many"}, "asn"),
    ],
)
def test_a_cell_that_cannot_be_makes_the_row_a_reject(cast, home, tmp_path, parts, reason):
    done = take(cast, write(tmp_path, [row(**parts), row(address="198.18.0.7")]))
    assert (done["rejected"], done["observations"]) == (1, 1)
    assert reject_list(actor=cast.astrid, batch=Batch.unscoped.get())[0]["reason"] == reason


@pytest.mark.parametrize("nothing", ["", "0", "unknown", " Unknown ", "none", "-"])
def test_words_for_nothing_are_nothing(cast, home, tmp_path, nothing):
    take(
        cast,
        write(
            tmp_path,
            [row(address="198.18.0.7", port=nothing, asn=nothing, host=nothing, vendor=nothing)],
        ),
    )
    found = seen(cast)[0]
    assert (found["source_port"], found["asn"], found["host_name"]) == (None, None, None)
    assert Finding.unscoped.get().port == 0


LABELS = ".".join(letter * 60 for letter in "abc")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("mail.fjellvik.example", "mail.fjellvik.example"),
        ("Mail.Fjellvik.example.", "mail.fjellvik.example"),
        (f"{LABELS}.{'d' * 62}.example", f"{LABELS}.{'d' * 62}.example"),
        (f"{LABELS}.{'d' * 63}.example", None),  # 254: no name is so long
        ("one two.example", None),
    ],
)
def test_a_host_is_a_name_that_can_be_one(cast, home, tmp_path, said, read):
    take(cast, write(tmp_path, [row(address="198.18.0.7", host=said)]))
    assert seen(cast)[0]["host_name"] == read
    assert Finding.unscoped.get().host_name == (read or "")


@pytest.mark.parametrize("nothing", ["0.0.0.0", "::", "0", ""])  # noqa: S104  texts in a report
def test_no_address_is_not_an_address(cast, home, tmp_path, nothing):
    take(cast, write(tmp_path, [row(address=nothing, host="www.fjellvik.example")]))
    found = seen(cast)[0]
    assert (found["source_ip"], found["organisation"], found["rule"]) == (
        None,
        "Fjellvik",
        "domain",
    )


def test_a_webshell_in_the_tag_changes_the_class(cast, home, tmp_path):
    rows = [
        row("scan_exchange", address="198.18.0.7", tag="exchange;webshell"),
        row("scan_exchange", address="198.18.0.8", tag="exchange;cve-2021-26855;cve-2021-26855"),
    ]
    take(cast, write(tmp_path, rows, report="scan_exchange"))
    first, second = seen(cast)
    assert (first["taxonomy"], first["type"]) == ("intrusions", "system-compromise")
    assert (second["taxonomy"], second["cves"]) == ("vulnerable", ["CVE-2021-26855"])


@pytest.mark.parametrize(
    ("said", "severity"), [("critical", "critical"), ("", "high"), ("bad", "high")]
)
def test_severity_is_of_the_row_else_of_the_report(cast, home, tmp_path, said, severity):
    take(cast, write(tmp_path, [row(address="198.18.0.7", severity=said)]))
    assert seen(cast)[0]["severity"] == severity


def test_the_header_decides_and_unknown_columns_are_kept_raw(cast, home, tmp_path):
    turned = dict(
        reversed(list((row(address="198.18.0.7", port="3389") | {"brand_new": "=1+1"}).items()))
    )
    take(cast, write(tmp_path, [turned]))
    found = seen(cast)[0]
    assert (found["source_ip"], found["source_port"]) == ("198.18.0.7", 3389)
    assert found["raw"]["brand_new"] == "=1+1"


def test_a_member_sees_its_own_observations_only(cast, home, tmp_path):
    take(
        cast, write(tmp_path, [row(address=a) for a in ("198.18.0.7", "198.18.4.7", "203.0.113.7")])
    )
    assert [o["source_ip"] for o in seen(cast, cast.jonas)] == ["198.18.0.7"]
    assert [o["organisation"] for o in seen(cast, cast.astrid)] == ["Fjellvik", "Elvdal", None]


def test_who_runs_it_sees_it_too(cast, home, tmp_path):
    take(cast, write(tmp_path, [row(address="198.18.5.7")]))
    assert [o["source_ip"] for o in seen(cast, cast.jonas)] == ["198.18.5.7"]


def test_only_the_operators_analysts_may_import(cast, home, tmp_path):
    path = write(tmp_path, [row(address="198.18.0.7")])
    with pytest.raises(NotAllowed):
        observation_import(actor=cast.ingvild, operator=cast.samvakt, paths=[path])


def test_a_missing_file_is_said(cast, home, tmp_path):
    with pytest.raises(NotFound, match="nowhere"):
        take(cast, tmp_path / "nowhere.csv")


def test_the_watched_folder_is_emptied_of_what_has_arrived_whole(cast, home, settings, monkeypatch):
    monkeypatch.setattr("samsyn.monitoring.files.SETTLE_SECONDS", -1)
    path = write(home / "inbox", [row(address="198.18.0.7")])
    done = inbox_collect(actor=cast.astrid, operator=cast.samvakt)
    assert (done["batches"], path.exists()) == (1, False)
    assert inbox_collect(actor=cast.astrid, operator=cast.samvakt)["batches"] == 0


def test_the_commands_print_json(cast, home, tmp_path, capsys):
    path = write(tmp_path, [row(address="198.18.0.7", port="3389"), row(address="203.0.113.7")])
    call_command("observation_import", path, "--json", "--as", "astrid")
    assert json.loads(capsys.readouterr().out)["findings"]["new"] == 1
    call_command("observation_list", "--json", "--as", "astrid")
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    wanted = {
        "observed_at", "report", "source_ip", "source_port", "protocol", "host_name", "asn",
        "country", "taxonomy", "type", "severity", "organisation", "raw",
    }  # fmt: skip
    assert wanted <= set(shown[0])
    assert shown[0]["observed_at"] == "2026-03-02T04:05:06+00:00"
    call_command("finding_list", "--json", "--as", "jonas")
    (finding,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (finding["subject"], finding["organisation"], finding["severity"]) == (
        "198.18.0.7",
        "Fjellvik",
        "high",
    )


def test_many_small_files_of_one_kind_are_read_together(cast, home, tmp_path):
    for day in range(1, 21):
        rows = [row(address=f"198.18.0.{day}", timestamp=f"2026-03-{day:02} 00:00:00")]
        write(
            tmp_path,
            rows + ([row(address="198.18.0.99")] if day % 2 else []),
            on=f"2026-03-{day:02}",
        )
    assert take(cast, tmp_path)["observations"] == 30
    raws = {(o["observed_at"][:10], o["source_ip"], o["raw"]["ip"]) for o in seen(cast)}
    assert all(address == raw for _on, address, raw in raws)
    assert len(raws) == 21


def test_text_is_the_same_whichever_way_it_is_read(cast, home, tmp_path):
    cells = [
        'a "quoted" word',
        "comma, and ; semicolon",
        "Sør-Våg",
        " blanks ",
        "'single'",
        "=cmd()",
        "%s %%",
    ]
    rows = [
        row(address=f"198.18.0.{n}", host=f"h{n}.example", tag=cell)
        for n, cell in enumerate(cells, 1)
    ]
    take(cast, write(tmp_path, rows))
    damaged = tmp_path / "2026-03-03-scan_rdp-test.csv"
    damaged.write_bytes(text(rows).encode() + b'"open\n')
    take(cast, damaged)
    both = seen(cast)
    slow, fast = both[: len(rows)], both[len(rows) :]
    differ = {"batch"}
    assert [{k: v for k, v in o.items() if k not in differ} for o in slow] == [
        {k: v for k, v in o.items() if k not in differ} for o in fast
    ]


def test_the_command_says_when_everything_had_been_received_already(cast, home, tmp_path, capsys):
    path = write(tmp_path, [row(address="198.18.0.7", port="3389")])
    call_command("observation_import", path)
    assert "1 batches, 1 rows" in capsys.readouterr().out
    call_command("observation_import", path)
    said = capsys.readouterr().out
    assert said == "Nothing new: 1 file had been received already.\n"
    more = write(tmp_path, [row(address="198.18.0.8", port="3389")], on="2026-03-03")
    call_command("observation_import", path, more)
    said = capsys.readouterr().out
    assert "1 batches" in said
    assert "1 file had been received already." in said
    (tmp_path / "empty").mkdir()
    call_command("observation_import", tmp_path / "empty")
    assert "There is no report" in capsys.readouterr().out
