"""Files are looked through by clamd where one is set up."""

from __future__ import annotations

import pytest

from samsyn.documents.models import Document
from samsyn.documents.receiving import pieces_take
from samsyn.documents.storage import storage
from samsyn.kernel.errors import RuleViolation, SourceUnavailable
from tests.documents.clamd import BAD, clamd

CLEAN = b"%PDF-1.7 " + b"clean " * 50_000


def kept(home):
    return [name for name, _at in storage().kept()]


def test_a_clean_file_is_sent_whole_and_kept(home, settings):
    with clamd() as (server, settings.CLAMD):
        assert pieces_take([CLEAN], name="a.pdf").is_scanned
    assert server.seen == [CLEAN]
    assert len(kept(home)) == 1


def test_a_unix_socket_does_as_well(home, settings, tmp_path):
    with clamd(path=str(tmp_path / "clamd.sock")) as (_server, settings.CLAMD):
        assert pieces_take([CLEAN], name="a.pdf").is_scanned


def test_an_infected_file_is_refused_with_the_reason_and_not_kept(home, settings):
    with clamd() as (_server, settings.CLAMD), pytest.raises(RuleViolation, match="Eicar-Test"):
        pieces_take([b"text " + BAD], name="a.txt")
    assert kept(home) == []
    assert list((home / "files/incoming").iterdir()) == []


def test_a_scanner_that_does_not_take_it_says_so(home, settings):
    with clamd(most=1000) as (_server, settings.CLAMD), pytest.raises(RuleViolation, match="large"):
        pieces_take([CLEAN], name="a.pdf")


def test_a_scanner_that_is_away_asks_to_try_again(home, settings):
    with clamd() as (_server, address):
        settings.CLAMD = address
    with pytest.raises(SourceUnavailable, match="try again"):
        pieces_take([CLEAN], name="a.pdf")
    assert kept(home) == []


def test_a_scanner_that_talks_nonsense_lets_nothing_through(home, settings):
    with (
        clamd(answer=b"hello\0") as (_server, settings.CLAMD),
        pytest.raises(SourceUnavailable),
    ):
        pieces_take([CLEAN], name="a.pdf")
    assert kept(home) == []


def test_the_form_keeps_what_was_typed_when_the_scanner_is_away(client, cast, home, settings):
    from io import BytesIO

    with clamd() as (_server, address):
        settings.CLAMD = address
    file = BytesIO(CLEAN)
    file.name = "a.pdf"
    given = {"title": "Typed with care", "kind": "report", "sharing_label": "AMBER"}
    given |= {"organisation": cast.fjellvik.pk, "file": file}
    answer = client.be(cast.people["ingvild"]).post("/documents/new/", given)
    assert answer.status_code == 422
    assert "Typed with care" in answer.content.decode()
    assert "try again" in answer.content.decode()
    assert not Document.unscoped.exists()
