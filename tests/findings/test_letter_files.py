"""The file that goes with a letter: every finding with what was seen."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from samsyn.findings import letter_files
from samsyn.findings.letter_files import findings_csv
from samsyn.findings.telling import finding_tell
from samsyn.messages.mail import as_mail
from samsyn.messages.models import Message
from samsyn.messages.selectors import message_list
from tests.cast import NOON, make_finding
from tests.findings.test_telling_letters import compose

pytestmark = pytest.mark.django_db
DETAIL = {
    "tags": ["ransomware", "rdp"],
    "product": "Gate",
    "vendor": "Maker AS",
    "version": "2.1",
    "cves": ["CVE-2024-0001"],
    "seen": ["infection=qakbot", "unknown_column=secret"],
}


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_it_says_of_each_finding_what_and_where_and_what_was_seen(cast):
    finding = make_finding(cast.fjellvik, severity=4, host_name="vpn.example", detail=DETAIL)
    other = make_finding(cast.fjellvik, subject="198.18.0.99")
    first, second = rows_of(compose(cast, [finding, other]).file_text)
    assert first == {
        "Case": finding.case_number,
        "Member": "Fjellvik",
        "Severity": "Critical",
        "Kind": "Remote desktop open to the internet",
        "Address or name": "198.18.0.7",
        "Port": "3389",
        "Protocol": "tcp",
        "Host name": "vpn.example",
        "First seen": first["First seen"],
        "Last seen": first["Last seen"],
        "Times seen": "1",
        "Tags": "ransomware, rdp",
        "Vulnerabilities": "CVE-2024-0001",
        "Maker": "Maker AS",
        "Product": "Gate",
        "Version": "2.1",
        "Malware": "qakbot",
    }
    assert first["Last seen"].endswith("CET (UTC+1)")
    assert (second["Case"], second["Malware"]) == (other.case_number, "")


@pytest.mark.parametrize(
    ("language", "head", "name"),
    [("sv", "Allvarlighet", "fynd"), ("nb", "Alvorlighet", "funn"), ("en", "Severity", "findings")],
)
def test_heads_and_name_are_in_the_readers_language(cast, language, head, name):
    letter = compose(cast, [make_finding(cast.fjellvik)], language=language)
    assert head in letter.file_text.splitlines()[0]
    assert letter.file_name == f"{name}-2026-03-02.csv"
    assert letter.file_name in " ".join(letter.text.split())


def test_no_cell_is_run_as_a_formula(cast):
    finding = make_finding(cast.fjellvik, detail={"product": "=HYPERLINK(1)"})
    assert rows_of(findings_csv([finding]))[0]["Product"] == "'=HYPERLINK(1)"


def test_it_has_no_more_rows_than_it_may_and_the_letter_says_so(cast, monkeypatch):
    findings = [make_finding(cast.fjellvik, subject=f"198.18.0.{n}") for n in range(3)]
    for many, rows in ((3, 3), (2, 2)):
        monkeypatch.setattr(letter_files, "ROWS_MOST", many)
        monkeypatch.setattr("samsyn.findings.letters.ROWS_IN_FILE", many)
        letter = compose(cast, findings)
        assert len(rows_of(letter.file_text)) == rows
        says_so = f"lists the {many} most important findings" in " ".join(letter.text.split())
        assert says_so == (rows < 3)


def test_it_goes_with_the_mail_as_a_spreadsheet_reads_it(cast):
    make_finding(cast.fjellvik, host_name="blåvik.example")
    finding_tell(actor=cast.astrid, operator=cast.samvakt, now=NOON)
    message = Message.unscoped.get()
    sent = [part for part in as_mail(message).message().walk() if part.get_filename()]
    assert [part.get_filename() for part in sent] == ["funn-2026-03-02.csv"]
    assert sent[0].get_content_type() == "text/csv"
    content = sent[0].get_payload(decode=True)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == message.file_text.splitlines()
    assert "blåvik.example" in message.file_text
    assert message.file_bytes.startswith(b"\xef\xbb\xbf")


def test_preview_and_outbox_show_its_name_and_size(client, cast):
    make_finding(cast.fjellvik)
    client.be(cast.people["astrid"])
    page = client.get(reverse("findings:tell-preview", args=[cast.fjellvik.pk]))
    size = page.context["letter"].file_size
    assert page.context["letter"].file_name in page.content.decode()
    finding_tell(actor=cast.astrid, operator=cast.samvakt, now=NOON)
    message = Message.unscoped.get()
    assert len(message.file_bytes) == size
    assert f"{message.file_name} ({size}" in client.get(
        message.get_absolute_url()
    ).content.decode().replace("\xa0", " ")
    assert "file_text" in message_list(actor=cast.astrid).get().get_deferred_fields()
