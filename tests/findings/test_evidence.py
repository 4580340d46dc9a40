"""What was actually seen stands with a finding: on its page, in its letter, and in the search."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from samsyn.findings.evidence import evidence_in_short, evidence_of, explained_tags
from samsyn.findings.rules import is_word
from samsyn.findings.selectors import finding_list
from tests.cast import make_finding
from tests.findings.test_telling_letters import compose

pytestmark = pytest.mark.django_db
DETAIL = {
    "vendor": "Microsoft",
    "product": "Exchange Server",
    "version": "15.2",
    "cves": ["CVE-2025-53786"],
    "tags": ["exchange", "webshell"],
    "seen": ["servername=MAIL01", "url=https://mail.fjellvik.example/x", "http_code=0"],
}


@pytest.fixture
def finding(cast):
    return make_finding(cast.fjellvik, report="scan_exchange", detail=DETAIL)


def test_it_says_tags_product_holes_and_what_the_report_tells(finding):
    assert [(seen.label, seen.value) for seen in evidence_of(finding)] == [
        ("Tags", "exchange, webshell"),
        ("Maker", "Microsoft"),
        ("Product", "Exchange Server"),
        ("Version", "15.2"),
        ("Vulnerabilities", "CVE-2025-53786"),
        ("Server's name", "MAIL01"),
        ("Web address", "https://mail.fjellvik.example/x"),
    ]


@pytest.mark.parametrize("detail", [{}, {"cves": [], "tags": [], "seen": []}, {"vendor": None}])
def test_a_report_that_says_nothing_shows_nothing(cast, detail):
    assert evidence_of(make_finding(cast.fjellvik, detail=detail)) == []


def test_columns_without_words_are_not_shown_and_signs_do_no_harm(cast):
    seen = ["password=hunter2", "no equals sign", "banner=\x1b[31mred\u202e\nline"]
    found = evidence_of(make_finding(cast.fjellvik, detail={"seen": seen}))
    assert [(each.name, each.value) for each in found] == [("banner", "[31mred line")]


def test_a_tag_that_means_much_is_explained_with_its_name(finding):
    (told,) = explained_tags(finding)
    assert told.startswith("The tag says webshell: somebody has already left a program there")


def test_the_letter_tells_the_most_telling_in_short_with_the_time_and_its_zone(cast, finding):
    letter = compose(cast, [finding])
    for text in (" ".join(letter.text.split()), letter.html):
        assert "The tag says webshell" in text
        assert "Tags: exchange, webshell; Server&#x27;s name: MAIL01" in text.replace("'", "&#x27;")
        assert "CET (UTC+1), once." in text


def test_what_a_scanned_server_says_makes_no_link_in_a_letter(finding):
    assert "https: //mail. fjellvik. example" in evidence_in_short(finding)


def test_the_answer_page_shows_it_without_an_account(cast, client, finding):
    from samsyn.findings.answer_links import ABOUT, answer_url
    from samsyn.messages.models import Message

    message = Message.unscoped.create(
        organisation=cast.fjellvik,
        operator=cast.samvakt,
        kind="digest",
        dedupe_key="x",
        to="drift@fjellvik.example",
        language="sv",
        subject="x",
        text="x",
        about={"type": ABOUT, "ids": [finding.pk]},
    )
    path = urlsplit(answer_url(message.key, finding)).path
    page = client.get(path)
    text = page.content.decode()
    for words in ("Taggen säger webshell", "MAIL01", "CVE-2025-53786", "UTC+"):
        assert words in text


@pytest.mark.parametrize(
    ("wanted", "is_found"),
    [
        ({"tag": "webshell"}, True),
        ({"tag": " WebShell "}, True),
        ({"tag": "web"}, False),
        ({"cve": "cve-2025-53786"}, True),
        ({"cve": "CVE-2025-5378"}, False),
        ({"product": "exchange"}, True),
        ({"product": "micro"}, True),
        ({"product": "citrix"}, False),
        ({"search": "webshell"}, True),
        ({"search": "CVE-2025-53786"}, True),
        ({"search": "cve-2025-53787"}, False),
        ({"search": "exchange server"}, True),
        ({"search": "vendor"}, False),
    ],
)
def test_a_finding_is_found_by_what_was_seen(cast, finding, wanted, is_found):
    assert finding_list(actor=cast.astrid, **wanted).exists() == is_found


def test_who_has_this_tag_counts_what_its_link_lists(cast, client, finding):
    make_finding(cast.fjellvik, subject="198.18.0.8", detail={"tags": ["exchange"]})
    client.be(cast.people["astrid"])
    page = client.get(finding.get_absolute_url()).content.decode()
    assert "/findings/?tag=webshell&amp;state=unsolved" in page
    listed = client.get("/findings/?tag=webshell&state=unsolved").content.decode()
    assert "198.18.0.7" in listed
    assert "198.18.0.8" not in listed


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("webshell", True),
        ("ab", False),
        ("abc", True),
        ("2001:db8:cafe::1", False),
    ],
)
def test_an_address_is_not_sought_as_a_word(text, is_one):
    assert is_word(text) is is_one
