"""Whose what was seen is: the most specific claim wins, and the member's side is taken."""

from __future__ import annotations

import pytest

from samsyn.findings.models import Finding
from samsyn.monitoring.services import observation_attribute
from tests.cast import make_resource
from tests.monitoring.reports import row, write
from tests.monitoring.test_observation_import import seen, take


@pytest.mark.parametrize(
    ("parts", "owner", "rule"),
    [
        (
            {"address": "198.18.0.7", "asn": "64500", "host": "x.elvdal.example"},
            "Fjellvik",
            "prefix",
        ),
        ({"address": "2001:DB8:100::7"}, "Fjellvik", "prefix"),
        (
            {"address": "203.0.113.7", "asn": "64500", "host": "www.fjellvik.example"},
            "Elvdal",
            "asn",
        ),
        ({"address": "203.0.113.7", "host": "WWW.Fjellvik.example."}, "Fjellvik", "domain"),
        ({"address": "203.0.113.7", "host": "notfjellvik.example"}, None, None),
        ({"address": "198.18.0.0/25"}, "Fjellvik", "prefix"),
        ({"address": "198.18.0.0/23"}, None, None),
    ],
)
def test_the_most_specific_claim_wins(cast, home, tmp_path, parts, owner, rule):
    take(cast, write(tmp_path, [row(**parts)]))
    found = seen(cast)[0]
    assert (found["organisation"], found["rule"]) == (owner, rule)


def test_a_prefix_inside_another_wins(cast, home, tmp_path):
    make_resource(cast.elvdal, "prefix", "198.18.0.128/25")
    take(cast, write(tmp_path, [row(address="198.18.0.127"), row(address="198.18.0.128")]))
    assert [o["organisation"] for o in seen(cast)] == ["Fjellvik", "Elvdal"]


def test_a_request_takes_nothing_from_who_has_it(cast, home, tmp_path):
    make_resource(cast.elvdal, "prefix", "198.18.0.0/24", state="requested")
    make_resource(cast.elvdal, "prefix", "198.18.0.0/28", state="requested")
    done = take(cast, write(tmp_path, [row(address="198.18.0.7")]))
    assert (done["attributed"], done["contested"]) == (1, 0)
    assert Finding.unscoped.get().organisation == cast.fjellvik


@pytest.mark.parametrize(
    ("kind", "value", "report", "parts"),
    [
        ("prefix", "203.0.113.0/24", "scan_rdp", {"address": "203.0.113.7"}),
        ("asn", "64511", "scan_rdp", {"address": "203.0.113.7", "asn": "64511"}),
        ("domain", "havnes.example", "scan_rdp", {"host": "www.havnes.example"}),
        ("mail_domain", "havnes.example", "compromised_account", {"account": "a@havnes.example"}),
        ("domain", "havnes.example", "ransomware_victim", {"site": "https://www.havnes.example"}),
    ],
)
def test_what_two_ask_for_and_nobody_has_is_nobodys(
    cast, home, tmp_path, kind, value, report, parts
):
    for claimant in (cast.fjellvik, cast.elvdal):
        make_resource(claimant, kind, value, state="requested")
    done = take(cast, write(tmp_path, [row(report, **parts)], report=report))
    assert (done["attributed"], done["unattributed"], done["contested"]) == (0, 1, 1)
    assert not Finding.unscoped.exists()


def test_what_two_ask_for_does_not_hide_a_confirmed_claim_of_another_kind(cast, home, tmp_path):
    for claimant in (cast.fjellvik, cast.utmark):
        make_resource(claimant, "prefix", "203.0.113.0/24", state="requested")
    take(cast, write(tmp_path, [row(address="203.0.113.7", asn="64500")]))
    assert (seen(cast)[0]["organisation"], seen(cast)[0]["rule"]) == ("Elvdal", "asn")


@pytest.mark.parametrize(
    ("report", "parts", "subject", "rule"),
    [
        (
            "compromised_account",
            {"account": "Kari@post.Fjellvik.example"},
            "kari@post.fjellvik.example",
            "mail",
        ),
        (
            "compromised_account",
            {"account_instead": "ola@fjellvik.example"},
            "ola@fjellvik.example",
            "mail",
        ),
        (
            "ransomware_victim",
            {"site": "https://www.fjellvik.example/", "name": "Fjellvik"},
            "www.fjellvik.example",
            "site",
        ),
        ("sandbox_dns", {"host": "beacon.fjellvik.example"}, "beacon.fjellvik.example", "domain"),
    ],
)
def test_reports_without_address_find_their_member(
    cast, home, tmp_path, report, parts, subject, rule
):
    take(cast, write(tmp_path, [row(report, **parts)], report=report))
    assert Finding.unscoped.get().subject == subject
    assert seen(cast)[0]["rule"] == rule


@pytest.mark.parametrize(
    ("report", "column"),
    [
        ("event4_honeypot_ddos_target", "dst_ip"),
        ("event4_sinkhole", "src_ip"),
        ("event4_sinkhole_http_referer", "http_referer_ip"),
    ],
)
def test_the_members_side_is_taken(cast, home, tmp_path, report, column):
    other = {"dst_ip": "src_ip"}.get(column, "dst_ip")
    take(
        cast,
        write(
            tmp_path, [row(report, **{column: "198.18.0.7", other: "198.18.4.7"})], report=report
        ),
    )
    assert Finding.unscoped.get().organisation == cast.fjellvik


def test_a_narrower_claim_wins_what_was_seen_before_too(cast, home, tmp_path):
    addresses = ["198.18.0.7", "198.18.0.0/26", "2001:db8:100:7::1", "::ffff:198.18.0.8"]
    take(cast, write(tmp_path, [row(address=address) for address in addresses]))
    assert {o["organisation"] for o in seen(cast)} == {"Fjellvik"}
    make_resource(cast.elvdal, "prefix", "198.18.0.0/25")
    make_resource(cast.elvdal, "prefix", "2001:db8:100:7::/64")
    observation_attribute(actor=cast.astrid, operator=cast.samvakt)
    assert [o["organisation"] for o in seen(cast)] == ["Elvdal"] * 4
