"""Names as reports write them: with a port, with letters beyond ASCII; tags parted otherwise."""

from __future__ import annotations

import unicodedata

import pytest

from samsyn.findings.letters import place_of
from samsyn.findings.models import Finding
from samsyn.monitoring.ownership import ownership
from samsyn.monitoring.selectors import observation_list
from samsyn.monitoring.services import observation_import
from tests.cast import make_resource
from tests.monitoring.reports import row, write


@pytest.fixture
def seen(cast, home, tmp_path):
    def taken(report: str, **parts: str):
        path = write(tmp_path, [row(report, **parts)], report=report)
        observation_import(actor=cast.astrid, operator=cast.samvakt, paths=[path])
        return next(iter(observation_list(actor=cast.astrid)))

    return taken


@pytest.mark.parametrize(
    "said",
    [
        "www.fjellvik.example:8443",
        "WWW.FJELLVIK.EXAMPLE:443",
        "www.fjellvik.example.:80",
        "https://www.fjellvik.example:8443/a:b",
        "//www.fjellvik.example:8443",
        "http://user:secret@www.fjellvik.example:1/",
    ],
)
def test_a_web_site_with_a_port_is_its_hosts(seen, said):
    found = seen("compromised_website", address="", site=said)
    assert (found["subject"], found["organisation"]) == ("www.fjellvik.example", "Fjellvik")


@pytest.mark.parametrize("said", ["www.fjellvik.example:8443", "WWW.Fjellvik.Example:443"])
def test_a_host_with_a_port_is_the_host(seen, said):
    found = seen("scan_rdp", address="203.0.113.9", host=said)
    assert (found["host_name"], found["organisation"]) == ("www.fjellvik.example", "Fjellvik")


@pytest.mark.parametrize("said", ["a:b", "www.fjellvik.example:x", "[2001:db8::1]:443", "x:1:2"])
def test_what_is_no_host_with_a_port_is_no_host(seen, said):
    assert seen("scan_rdp", address="203.0.113.9", host=said)["host_name"] is None


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("report", "part", "said"),
    [
        ("scan_rdp", "host", "www.blåvik.example"),
        ("scan_rdp", "host", "WWW.BLÅVIK.EXAMPLE."),
        ("scan_rdp", "host", "www.blåvik.example:8443"),
        ("scan_rdp", "host", "www.xn--blvik-nra.example"),
        ("compromised_website", "site", "https://www.Blåvik.example/å"),
        ("compromised_account", "account", "åse@blåvik.example"),
    ],
)
def test_a_name_beyond_ascii_is_found_in_the_register(cast, seen, report, part, said, form):
    make_resource(cast.elvdal, "domain", "xn--blvik-nra.example")
    address = {} if part == "account" else {"address": "203.0.113.9"}
    found = seen(report, **{part: unicodedata.normalize(form, said)}, **address)
    assert found["organisation"] == "Elvdal"


def test_a_register_that_has_the_letters_is_found_as_well():
    class Claim:
        kind, value, organisation_id, operated_by_id = "domain", "Blåvik.example", 1, None
        resource_id, is_confirmed = 1, True

    assert ("site", "xn--blvik-nra.example", 0) in ownership([Claim()]).names


def test_two_spellings_are_one_finding_and_shown_readable(cast, seen, client):
    make_resource(cast.elvdal, "domain", "xn--blvik-nra.example")
    for said in ("blåvik.example", "BLÅVIK.example"):
        seen("compromised_website", address="", site=said, url=said)
    finding = Finding.unscoped.get()
    assert place_of(finding).startswith("blåvik.example (xn--blvik-nra.example)")
    client.force_login(cast.people["astrid"])
    page = client.get(f"/findings/{finding.pk}/").content.decode()
    assert "blåvik.example (xn--blvik-nra.example)" in page


def test_what_cannot_be_a_name_stays_as_it_is(seen):
    for said in ("å" * 300, "..å", "å b.example"):
        found = seen("scan_rdp", address="203.0.113.9", host=said, tag=said)
        assert found["source_ip"] == "203.0.113.9"


@pytest.mark.parametrize("tags", ["exchange,webshell", "exchange; webshell", "webshell exchange"])
def test_tags_may_be_parted_by_commas_semicolons_and_blanks(seen, tags):
    found = seen("scan_exchange", address="198.18.0.7", tag=tags)
    assert (found["taxonomy"], found["type"]) == ("intrusions", "system-compromise")


def test_a_tag_that_only_holds_the_word_is_another(seen):
    assert (
        seen("scan_exchange", address="198.18.0.7", tag="no-webshell")["taxonomy"] == "vulnerable"
    )
