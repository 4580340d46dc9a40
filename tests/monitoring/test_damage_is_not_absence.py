"""What could not be read closes nothing; a stream that stopped is judged by those that go on."""

from __future__ import annotations

import pytest

from samsyn.findings.models import Finding
from samsyn.monitoring.models import Batch
from samsyn.monitoring.services import observation_attribute, observation_import, store_rebuild
from tests.cast import make_resource
from tests.monitoring.reports import row, text


def report(folder, number, *last, stream="test", damaged=(), kind="scan_rdp", **parts):
    """Write the report of a day; a damaged row lacks a cell."""
    on = f"2026-03-{number:02}"
    rows = [row(kind, address=f"198.18.0.{n}", timestamp=f"{on} 04:05:06", **parts)
            for n in [*last, *damaged]]  # fmt: skip
    lines = text(rows, kind).splitlines()
    for place in range(len(last) + 1, len(lines)):
        lines[place] = lines[place].removesuffix(',""')
    path = folder / f"{on}-{kind}-{stream}.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def take(cast, home):
    def taken(*paths):
        return observation_import(actor=cast.astrid, operator=cast.samvakt, paths=paths)

    return taken


def states() -> dict[str, str]:
    rows = Finding.unscoped.order_by("subject").values_list("subject", "state")
    return {subject.rsplit(".", 1)[-1]: state for subject, state in rows}


def closed_on() -> int:
    return Finding.unscoped.get(state="closed").state_since.day


def each_way(paths, take, is_together):
    """Take the files one by one, or at once: the outcome is the same."""
    for some in [paths] if is_together else [[path] for path in paths]:
        take(*some)


@pytest.mark.parametrize("is_together", [False, True])
def test_a_report_without_a_readable_row_is_no_evidence(take, tmp_path, is_together):
    paths = [report(tmp_path, 1, 7, 8)]
    paths += [report(tmp_path, n, damaged=(7,)) for n in range(2, 8)]
    each_way(paths, take, is_together)
    assert states() == {"7": "open", "8": "open"}
    each_way([report(tmp_path, n, 7) for n in range(8, 11)], take, is_together)
    assert states() == {"7": "open", "8": "closed"}
    assert closed_on() == 10


@pytest.mark.parametrize("is_together", [False, True])
def test_a_row_set_aside_keeps_open_what_it_names(take, tmp_path, is_together):
    paths = [report(tmp_path, 1, 7, 8, 9)]
    paths += [report(tmp_path, n, 7, damaged=(8,)) for n in range(2, 7)]
    each_way(paths, take, is_together)
    assert states() == {"7": "open", "8": "open", "9": "closed"}
    assert Finding.unscoped.get(subject="198.18.0.8").times_seen == 1
    each_way([report(tmp_path, n, 7) for n in range(7, 10)], take, is_together)
    assert states() == {"7": "open", "8": "closed", "9": "closed"}
    assert Finding.unscoped.get(subject="198.18.0.8").state_since.day == 9


@pytest.mark.parametrize("is_together", [False, True])
def test_a_row_set_aside_neither_opens_nor_opens_again(take, tmp_path, is_together):
    paths = [report(tmp_path, 1, 7), *(report(tmp_path, n, 9) for n in range(2, 5))]
    paths += [report(tmp_path, n, 9, damaged=(7, 8)) for n in range(5, 7)]
    each_way(paths, take, is_together)
    assert states() == {"7": "closed", "9": "open"}
    each_way([report(tmp_path, 7, 9, 7)], take, is_together)
    found = Finding.unscoped.get(subject="198.18.0.7")
    assert (found.state, found.reopened_count) == ("reopened", 1)


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("scan6_ssh", {"address": "2001:DB8:100:0::7"}),
        ("compromised_account", {"account": "Kari@fjellvik.example"}),
        ("compromised_website", {"site": "https://WWW.fjellvik.example/a,b", "address": ""}),
        ("scan_rdp", {"port": "70000", "address": "198.18.0.7"}),
    ],
)
def test_every_kind_of_subject_can_be_named(take, tmp_path, kind, parts):
    good = {k: v for k, v in parts.items() if k != "port"}

    def one(number, **given):
        on = f"2026-03-{number:02}"
        path = tmp_path / f"{on}-{kind}-test.csv"
        rows = [row(kind, timestamp=f"{on} 04:05:06", **given)] if given else []
        other = {"account": "x@nobody.example"} if kind == "compromised_account" else {}
        other = other or {"address": "2001:db8:f::1" if "6" in kind else "203.0.113.9"}
        rows.append(row(kind, timestamp=f"{on} 04:05:06", **other))
        lines = text(rows, kind).splitlines()
        if number > 1 and given and "port" not in given:
            lines[1] = lines[1].removesuffix(',""')
        path.write_text("\n".join(lines) + "\n")
        return path

    take(one(1, **good))
    take(*(one(n, **parts) for n in range(2, 7)))
    assert Batch.unscoped.get(report_on="2026-03-04").rejected == 1
    assert Finding.unscoped.get().state == "open"
    take(*(one(n) for n in range(7, 10)))
    assert Finding.unscoped.get().state == "closed"


def test_two_operators_rejects_are_strangers(cast, home, take, tmp_path):
    take(report(tmp_path, 1, 7))
    take(*(report(tmp_path, n, 9) for n in range(2, 5)))
    assert states()["7"] == "closed"
    batch = Batch.unscoped.latest("pk")
    assert batch.stream.startswith(f"{cast.samvakt.pk}:")


def test_attributing_anew_and_rebuilding_know_of_the_damage(cast, home, take, tmp_path):
    take(report(tmp_path, 1, 7, 8), *(report(tmp_path, n, 7, damaged=(8,)) for n in range(2, 7)))
    before = states()
    store_rebuild(actor=cast.astrid, operators=[cast.samvakt])
    make_resource(cast.elvdal, "prefix", "198.18.0.7/32")
    observation_attribute(actor=cast.astrid, operator=cast.samvakt)
    assert Finding.unscoped.get(subject="198.18.0.8").state == before["8"] == "open"
    store_rebuild(actor=cast.astrid, operators=[cast.samvakt], is_anew=True)
    assert Finding.unscoped.get(subject="198.18.0.8").state == "open"


@pytest.mark.parametrize("is_together", [False, True])
def test_a_stream_under_another_name_goes_on_judging(take, tmp_path, is_together):
    paths = [report(tmp_path, n, 7, 8, stream="fjellvik-asn") for n in range(1, 4)]
    paths += [report(tmp_path, n, 7, stream="1234") for n in range(4, 7)]
    each_way(paths, take, is_together)
    assert states() == {"7": "open", "8": "closed"}
    assert closed_on() == 6


def test_a_stream_that_comes_seldom_has_not_stopped_between(take, tmp_path):
    take(*(report(tmp_path, n, 8, stream="weekly") for n in (1, 8)))
    take(*(report(tmp_path, n, 7, stream="daily") for n in range(1, 20)))
    assert states() == {"7": "open", "8": "open"}
    take(*(report(tmp_path, n, 7, stream="daily") for n in range(20, 30)))
    assert states() == {"7": "open", "8": "closed"}
    assert closed_on() == 29


def test_a_stream_whose_reports_are_damaged_has_not_stopped(take, tmp_path):
    for n in range(1, 4):
        take(report(tmp_path, n, 8, stream="a"), report(tmp_path, n, 7, stream="b"))
    for n in range(4, 10):
        take(report(tmp_path, n, damaged=(9,), stream="a"), report(tmp_path, n, 7, stream="b"))
    assert states() == {"7": "open", "8": "open"}


def test_a_stream_that_comes_late_opens_again_what_it_shows(take, tmp_path):
    take(*(report(tmp_path, n, 8, stream="a") for n in range(1, 3)))
    take(*(report(tmp_path, n, 7, stream="b") for n in range(1, 6)))
    assert states() == {"7": "open", "8": "closed"}
    take(*(report(tmp_path, n, 8, stream="a") for n in range(3, 6)))
    assert states() == {"7": "open", "8": "open"}


@pytest.mark.parametrize("mark", [" (1)", "(2)", " (12)"])
def test_a_second_copys_number_is_no_part_of_a_name(take, tmp_path, mark):
    take(report(tmp_path, 1, 7), report(tmp_path, 2, 7, 8, stream=f"test{mark}"))
    take(*(report(tmp_path, n, 7) for n in range(3, 6)))
    assert states() == {"7": "open", "8": "closed"}
    assert Batch.unscoped.values_list("stream").distinct().count() == 1
