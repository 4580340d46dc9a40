"""The demonstration's reports look like the real feed and tell the same story every time."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, timedelta
from ipaddress import ip_address, ip_network
from itertools import pairwise
from pathlib import Path

import pytest

from samsyn.demonstration.reports import make_reports, make_story, report_days
from samsyn.demonstration.sector import sector_read

pytestmark = pytest.mark.once  # makes files

UNTIL = date(2026, 11, 21)
PACK = Path(__file__).parents[2] / "src/samsyn/packs/reports/shadowserver.json"
SCHEMA = json.loads(PACK.read_text(encoding="utf-8"))
RESERVED = [
    ip_network(text)
    for text in (
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32",
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> list[Path]:
    return make_reports(tmp_path_factory.mktemp("reports"), until=UNTIL, schema=SCHEMA)


@pytest.fixture(scope="module")
def story():
    return make_story(until=UNTIL)


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def damaged(path: Path) -> bool:
    return path.name.startswith(f"{UNTIL - timedelta(days=5)}-scan_snmp-")


def test_the_same_seed_tells_the_same_year(made, tmp_path):
    again = make_reports(tmp_path, until=UNTIL, schema=SCHEMA)
    assert [path.name for path in again] == [path.name for path in made]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in made]


def test_another_seed_tells_another_year(made, tmp_path):
    other = make_reports(tmp_path, until=UNTIL, schema=SCHEMA, seed=7)
    assert sum(p.stat().st_size for p in other) != sum(p.stat().st_size for p in made)
    assert (tmp_path / "seed.txt").read_text() == "7\n"


def test_files_are_named_as_shadowserver_names_them(made):
    for path in made:
        day, report = path.name[:10], path.name[11:].split("-")[0]
        assert date.fromisoformat(day)
        assert path.name == f"{day}-{report}-nordic-sector.csv"
        assert report in SCHEMA["reports"]


def test_columns_are_the_schemas_and_every_cell_is_quoted(made):
    for path in made:
        lines = path.read_text(encoding="utf-8").splitlines()
        report = path.name[11:].split("-")[0]
        assert next(csv.reader(lines)) == SCHEMA["reports"][report]["columns"]
        if not damaged(path):
            assert all(line.startswith('"') and line.endswith('"') for line in lines)


def test_it_is_some_thousand_rows_of_at_least_twelve_reports(made):
    assert 8_000 <= sum(len(rows_of(path)) for path in made) <= 20_000
    assert len({path.name[11:].split("-")[0] for path in made}) >= 12


def test_reports_are_weekly_and_daily_at_the_end(story):
    days = report_days(story.period)
    gaps = [(b - a).days for a, b in pairwise(days)]
    assert days[-1] == UNTIL
    assert gaps[-13:] == [1] * 13
    assert set(gaps[:-14]) == {7}


def test_every_address_is_reserved_for_examples(made):
    for path in made:
        layout = SCHEMA["reports"][path.name[11:].split("-")[0]]["layout"]
        if damaged(path) or "address" not in layout:
            continue
        for row in rows_of(path):
            address = ip_address(row[layout["address"]])
            assert any(
                address in network for network in RESERVED if network.version == address.version
            )


def test_leaked_accounts_have_no_address_but_a_mail_domain(made):
    leaked = [row for path in made if "compromised_account" in path.name for row in rows_of(path)]
    assert len(leaked) == 19
    assert all(row["email"].endswith(".example") for row in leaked)


def test_one_file_is_damaged_and_only_one(made):
    assert len([path for path in made if damaged(path)]) == 1
    assert "999.18.20.7" in next(path for path in made if damaged(path)).read_text()


def test_two_of_the_five_of_the_new_wave_are_still_open(story):
    wave = [e for e in story.episodes if e.report == "scan_exchange" and e.owner]
    assert len({e.owner for e in wave}) == 5
    assert {e.owner for e in wave if e.is_open(UNTIL)} == {"Nordskog", "Björkfors"}


def test_the_firewall_change_opened_what_had_been_shut(story):
    changed = story.period.ago(70)
    opened = [e for e in story.episodes if e.begins_on == changed and e.tag != "citrix"]
    run = {m.name for m in sector_read().members if m.operated_by == "Tverrdal IKT IKS"}
    assert len([e for e in opened if e.owner in run]) >= 8


def test_open_findings_are_of_a_plausible_size(story):
    still = Counter(e.owner for e in story.episodes if e.owner and e.is_open(UNTIL))
    towns = {member.name for member in sector_read().municipalities}
    assert 220 <= sum(still.values()) <= 420
    assert max(still[town] for town in towns) <= 28
    assert 1 <= len([town for town in towns if not still[town]]) <= 6


def test_most_of_the_year_has_been_mended(story):
    mended = [e for e in story.episodes if e.owner and e.ends_on and e.ends_on <= UNTIL]
    assert 1_200 <= len(mended) <= 2_400


def test_some_rows_belong_to_nobody(story):
    assert len([e for e in story.episodes if not e.owner]) >= 20


def test_another_last_day_moves_the_story(tmp_path):
    moved = make_story(until=UNTIL - timedelta(days=100))
    assert moved.period.last == UNTIL - timedelta(days=100)
    assert {e.owner for e in moved.episodes if e.report == "scan_exchange" and e.owner}
