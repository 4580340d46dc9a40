"""How a letter reads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samsyn.findings.letters import letter_compose, subject_of
from tests.cast import NOON, make_finding

pytestmark = pytest.mark.django_db


def compose(cast, findings, **given):
    values = {
        "receiver": cast.fjellvik,
        "operator": cast.samvakt,
        "findings": findings,
        "language": "en",
        "open_total": 14,
        "link_to": lambda f: f"https://samsyn.example/answer/t/{f.pk if f else ''}",
        "now": NOON,
    }
    return letter_compose(**(values | given))


def test_one_finding_is_named_in_the_subject_by_its_case_number(cast):
    finding = make_finding(cast.fjellvik)
    assert (
        compose(cast, [finding]).subject
        == f"{finding.case_number}: Remote desktop open to the internet – Fjellvik"
    )


def test_several_are_counted_in_the_subject_with_the_critical_ones(cast):
    findings = [
        make_finding(cast.fjellvik, subject=f"198.18.0.{n}", severity=4 if n == 0 else 2)
        for n in range(3)
    ]
    assert compose(cast, findings).subject == "3 new findings at Fjellvik, 1 of them critical"


def test_it_says_what_it_is_what_to_do_first_and_how_to_answer(cast):
    finding = make_finding(cast.fjellvik, host_name="vpn.fjellvik.example")
    text = compose(cast, [finding]).text
    assert "Samvakt has seen a new problem that concerns Fjellvik" in text
    assert "1. Close port 3389 to the internet, for both TCP and UDP." in text
    assert "198.18.0.7 port 3389/tcp (vpn.fjellvik.example)" in text
    assert f"Answer: https://samsyn.example/answer/t/{finding.pk}" in text
    assert "Fjellvik has 14 unsolved findings in all." in text
    assert "technical contact of Fjellvik at Samvakt" in " ".join(text.split())


def test_both_parts_say_the_same(cast):
    finding = make_finding(cast.fjellvik)
    letter = compose(cast, [finding])
    for words in (finding.case_number, "198.18.0.7", "Close port 3389", "14 unsolved findings"):
        assert words in letter.text
        assert words in letter.html


def test_the_page_loads_nothing_and_holds_no_script(cast):
    html = compose(cast, [make_finding(cast.fjellvik)]).html
    for sign in ("<img", "<script", "<link", "url(", "@import", "javascript:"):
        assert sign not in html


def test_no_line_of_the_text_is_too_long_but_links(cast):
    findings = [make_finding(cast.fjellvik, report=r, subject=r) for r in ("scan_rdp", "scan_smb")]
    text = compose(cast, findings, language="sv").text
    assert [line for line in text.splitlines() if len(line) > 78 and "http" not in line] == []


def test_thirty_are_listed_and_the_rest_counted(cast):
    findings = [make_finding(cast.fjellvik, subject=f"198.18.0.{n}") for n in range(40)]
    letter = compose(cast, findings)
    assert letter.text.count("\n* F-") == 30
    assert "and 10 more of this kind: https://samsyn.example/answer/t/" in letter.text
    assert letter.html.count('class="answer"') == 30


def test_every_kind_that_is_explained_has_a_row(cast):
    findings = [make_finding(cast.fjellvik, subject=f"198.18.0.{n}", severity=3) for n in range(60)]
    findings.append(make_finding(cast.fjellvik, report="scan_smb", port=445))
    text = compose(cast, findings).text
    assert "File sharing open to the internet" in text
    assert findings[-1].case_number in text


def test_kinds_beyond_the_tenth_are_counted_by_name(cast):
    reports = [
        "scan_rdp", "scan_smb", "scan_telnet", "scan_mqtt", "scan_ftp", "scan_vnc",
        "scan_ldap_tcp", "scan_snmp", "scan_mongodb", "scan_redis", "scan_elasticsearch",
        "scan_mysql",
    ]  # fmt: skip
    findings = [make_finding(cast.fjellvik, report=report) for report in reports]
    text = compose(cast, findings).text
    assert text.count("\n* F-") == 10
    assert "And of other kinds:" in text


def test_hostile_names_stay_in_their_place(cast):
    cast.fjellvik.name = "Fjellvik\r\nBcc: all@elvdal.example <script>alert(1)</script>"
    finding = make_finding(
        cast.fjellvik,
        subject="198.18.0.1\r\n\u202eevil",
        host_name="<img src=x>",
        detail={"product": "</style><b>", "cves": ["CVE-2024-0001\nX"]},
    )
    letter = compose(cast, [finding])
    assert "\n" not in letter.subject
    assert "<script>" not in letter.html
    assert "<img" not in letter.html
    assert "\u202e" not in letter.text
    assert "\r" not in letter.text


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_subject_and_letter_are_made_in_each_language(cast, language):
    findings = [make_finding(cast.fjellvik), make_finding(cast.fjellvik, subject="198.18.0.2")]
    letter = compose(cast, findings, language=language)
    assert letter.language == language
    assert "Fjellvik" in letter.subject
    assert f'<html lang="{language}">' in letter.html


def test_times_are_those_of_the_installations_zone(cast, settings):
    settings.DISPLAY_TIME_ZONE = "Europe/Oslo"
    finding = make_finding(cast.fjellvik, first_seen_at=NOON.replace(hour=23, minute=30))
    from django.utils.formats import date_format

    shown = date_format((NOON + timedelta(days=1)).date(), "SHORT_DATE_FORMAT")
    assert f"first seen {shown}" in compose(cast, [finding]).text


def test_an_urgent_subject_says_that_it_cannot_wait(cast):
    findings = [make_finding(cast.fjellvik, subject=f"198.18.0.{n}", severity=4) for n in range(2)]
    subject = subject_of(receiver=cast.fjellvik, findings=findings, is_urgent=True)
    assert subject == "Act today: 2 critical findings at Fjellvik"
