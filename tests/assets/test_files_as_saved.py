"""Constituency files as people type them and spreadsheets save them, and what is said of them."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from django.utils.translation import override

from samsyn.assets.constituency import constituency_import
from samsyn.assets.models import Resource
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Contact, Organisation
from tests.assets.test_constituency_file import HEADER

COLUMNS = HEADER.split(",")
WIDTH = len(COLUMNS)
NAMES = ("Blåvik kommun", "Sjöändan kommun")
FACTS = (
    (NAMES[0], "SE", "sv", "", "municipality", "prefix", "192.0.2.0/24", "", ""),
    (NAMES[0], "", "", "", "", "asn", "AS64510", "", ""),
    (NAMES[0], "", "", "", "", "", "", "technical", "it@blavik.example"),
    (NAMES[1], "SE", "sv", "", "municipality", "domain", "sjoandan.example", "", ""),
)


def text(*rows, parted=";", ended="\r\n", beside=0):
    """Return a file of these rows, with empty columns beside them."""
    lines = [parted.join((*row, *[""] * beside)) for row in (COLUMNS, *rows)]
    return ended.join([*lines, ""])


EMPTY = ("",) * WIDTH
SAVED = {
    "CSV (Windows)": text(*FACTS).encode("cp1252"),
    "CSV (Macintosh)": text(*FACTS, ended="\r").encode("mac_roman"),
    "CSV with Mac's line ends": text(*FACTS, ended="\r").encode("utf-8-sig"),
    "CSV UTF-8": text(*FACTS).encode("utf-8-sig"),
    "CSV UTF-8 with commas": text(*FACTS, parted=",").encode(),
    "Unicode text": text(*FACTS, parted="\t").encode("utf-16"),
    "Unicode text, the other way round": ("\ufeff" + text(*FACTS, parted="\t")).encode("utf-16-be"),
    "parted by tabs": text(*FACTS, parted="\t").encode("utf-8-sig"),
    "says what parts it": ("sep=;\r\n" + text(*FACTS)).encode("utf-8-sig"),
    "says that a bar parts it": ("SEP=|\n" + text(*FACTS, parted="|")).encode(),
    "empty columns": text(*FACTS, EMPTY, EMPTY, beside=2).encode("utf-8-sig"),
    "empty rows": text(*FACTS, EMPTY, EMPTY).encode("utf-8-sig"),
    "empty rows above": ("\r\n;;;\r\n" + text(*FACTS)).encode(),
    "the same twice": text(*FACTS, *FACTS).encode(),
    "headings in capitals": text(*FACTS).replace(HEADER, HEADER.upper()).encode(),
    "decomposed letters": normalize("NFD", text(*FACTS)).encode(),
    "a blank that does not break": text(*FACTS).replace("k kommun", "k\u00a0kommun").encode(),
    "a sign that nobody sees": text(*FACTS).replace("vik kommun", "vik\u200b kommun").encode(),
}


def take(cast, content, **options):
    return constituency_import(actor=cast.henrik, operator=cast.samvakt, content=content, **options)


def refused(cast, *rows, header=HEADER, **options):
    with pytest.raises(RuleViolation) as caught:
        take(cast, "\n".join([header, *rows, ""]).encode(), **options)
    return str(caught.value)


@pytest.mark.parametrize("content", SAVED.values(), ids=SAVED)
def test_it_is_read_however_it_is_saved(cast, content):
    seen = take(cast, content)
    assert seen.organisations_new == list(NAMES)
    assert seen.resources_new == [
        "Blåvik kommun: prefix 192.0.2.0/24",
        "Blåvik kommun: asn 64510",
        "Sjöändan kommun: domain sjoandan.example",
    ]
    assert seen.contacts_new == ["Blåvik kommun: technical it@blavik.example"]


@pytest.mark.parametrize(
    ("saved", "said"),
    [("CSV (Windows)", "Windows-1252"), ("CSV (Macintosh)", "Mac OS Roman"), ("CSV UTF-8", "")],
)
def test_how_letters_were_read_is_said_where_it_was_guessed(cast, saved, said):
    notes = take(cast, SAVED[saved], dry_run=True).notes
    assert [said in note for note in notes] == ([True] if said else [])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04 and more", "workbook"),
        (text(*FACTS).encode()[:-30] + b"\xe5\r\n", "Row 5: the file is not UTF-8"),
        (b"\xff\xfe\x00", "the file is not UTF-8"),
        (b"\x81\x8d\x01", "Row 1: the file is not UTF-8"),
        (text(*FACTS).encode() + b'"not closed', "Row 6: a cell is not closed"),
        (("sep=\n" + text(*FACTS)).encode(), "Row 1"),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(cast, content, says):
    with pytest.raises(RuleViolation, match=says):
        take(cast, content)


VALUES = [
    ("prefix", "192.0.2.0 - 192.0.2.255", ["192.0.2.0/24"]),
    ("prefix", "198.51.100.16–198.51.100.47", ["198.51.100.16/28", "198.51.100.32/28"]),
    ("prefix", "203.0.113.5", ["203.0.113.5/32"]),
    ("prefix", "::ffff:192.0.2.0/120", ["192.0.2.0/24"]),
    ("asn", "AS 64503", ["64503"]),
    ("asn", "ASN64504", ["64504"]),
    ("asn", "64505.0", ["64505"]),
    ("domain", "https://www.fjellbygd.example/", ["www.fjellbygd.example"]),
    ("domain", "http://fjellbygd.example/kontakt", ["fjellbygd.example"]),
    ("domain", "www.fjellbygd.example/", ["www.fjellbygd.example"]),
    ("domain", "fjellbygd.example:443", ["fjellbygd.example"]),
    ("domain", "*.fjellbygd.example", ["fjellbygd.example"]),
    ("domain", "Fjell\u200bbygd.example\u00a0", ["fjellbygd.example"]),
    ("mail_domain", "@fjellbygd.example", ["fjellbygd.example"]),
    ("mail_domain", "Kari <kari@fjellbygd.example>", ["fjellbygd.example"]),
]


@pytest.mark.parametrize(("kind", "value", "kept"), VALUES)
def test_a_resource_is_understood_as_it_is_copied(cast, kind, value, kept):
    take(cast, f"{HEADER}\nFjellbygd,NO,,,municipality,{kind},{value},,\n".encode())
    made = Resource.unscoped.filter(organisation__name="Fjellbygd").order_by("pk")
    assert [one.value for one in made] == kept


REFUSED = [
    ("prefix", "192.0.2.9 - 192.0.2.3", "is not an address range. Write it like 192.0.2.0/24"),
    ("prefix", "192.0.2.0 - 2001:db8::1", "is not an address range"),
    ("prefix", "2001:db8::1 - 2001:db8::ffff:ffff:ffff:ffff:fff1", "more than 64 networks"),
    ("prefix", "10.0.0.0/8", "for private or special use"),
    ("prefix", "10.0.0.1 - 10.0.0.9", "for private or special use"),
    ("prefix", "fd00::/8", "for private or special use"),
    ("prefix", "0.0.0.0 - 255.255.255.255", "nobody's"),
    ("asn", "AS64506 (Fjellbygd)", "is not an AS number. Write it like 64500"),
    ("asn", "1.10", "is not an AS number"),
    ("asn", "AS65000", "for private or special use"),
    ("asn", "AS65535", "for private or special use"),
    ("domain", "192.0.2.17", "192.0.2.17 is an address, no domain name"),
    ("domain", "2001:db8::1", "2001:db8::1 is an address, no domain name"),
    ("domain", "http://192.0.2.17/start", "192.0.2.17 is an address, no domain name"),
    ("domain", "kari@fjellbygd.example", "Write only the domain name: fjellbygd.example"),
    ("domain", "kommune.no", "a public suffix"),
    ("domain", "*.kommune.no", "a public suffix"),
    ("domain", "server.local", "for private or special use"),
    ("domain", "fjellbygd.123", "is not a domain name"),
    ("mail_domain", "@192.0.2.17", "is an address, no domain name"),
]


@pytest.mark.parametrize(("kind", "value", "says"), REFUSED)
def test_what_can_never_be_anybodys_is_refused_with_its_row(cast, kind, value, says):
    said = refused(cast, f"Fjellbygd,NO,,,municipality,{kind},{value},,")
    assert said.startswith("Row 2, value: ")
    assert says in said


@pytest.mark.parametrize(
    ("kind", "value"),
    [("prefix", "10.0.0.0/28"), ("asn", "65000"), ("domain", "fjellbygd.internal")],
)
def test_private_ranges_numbers_and_names_are_taken_where_that_is_allowed(
    cast, settings, kind, value
):
    settings.CLAIM_PRIVATE = True
    seen = take(cast, f"{HEADER}\nFjellbygd,NO,,,municipality,{kind},{value},,\n".encode())
    assert seen.resources_new == [f"Fjellbygd: {kind} {value}"]


@pytest.mark.parametrize("value", ["127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/8", "fe80::/10"])
def test_what_is_nobodys_is_never_taken(cast, settings, value):
    settings.CLAIM_PRIVATE = True
    assert "for private or special use" in refused(
        cast, f"Fjellbygd,NO,,,municipality,prefix,{value},,"
    )


ADDRESSES = [
    ("Kari Nordmann <kari@fjellbygd.example>", "kari@fjellbygd.example"),
    ("mailto:drift@fjellbygd.example", "drift@fjellbygd.example"),
    ("MAILTO:drift@fjellbygd.example?subject=Hei", "drift@fjellbygd.example"),
    ('"""Nordmann, Ola"" <ola@fjellbygd.example>"', "ola@fjellbygd.example"),
    ("Drift@FJELLBYGD.example", "Drift@fjellbygd.example"),
]


@pytest.mark.parametrize(("written", "kept"), ADDRESSES)
def test_a_contact_is_kept_as_its_address_alone(cast, written, kept):
    take(cast, f"{HEADER}\nFjellbygd,NO,,,municipality,,,technical,{written}\n".encode())
    assert Contact.unscoped.get(organisation__name="Fjellbygd").email == kept


@pytest.mark.parametrize(
    "written",
    [
        "a@fjellbygd.example; b@fjellbygd.example",
        "Kari",
        "kari@fjellbygd",
        '"a <b@c.example>"@d.example',
        "dr\u200bift@fjellbygd.example",
    ],
)
def test_what_is_no_single_address_is_refused_with_its_row(cast, written):
    cell = '"' + written.replace('"', '""') + '"'
    said = refused(cast, f"Fjellbygd,NO,,,municipality,,,technical,{cell}")
    assert said.startswith("Row 2, contact_email: ")


@pytest.mark.parametrize("other", ["drift@blavik.example", "mailto:DRIFT@Blavik.Example"])
def test_two_spellings_of_one_mailbox_are_one_contact(cast, other):
    take(
        cast,
        f"{HEADER}\nBlåvik,SE,,,municipality,,,technical,Drift@Blavik.example\n"
        f"Blåvik,,,,,,,technical,{other}\n".encode(),
    )
    assert Contact.unscoped.filter(organisation__name="Blåvik").count() == 1


def test_a_name_is_the_same_composed_decomposed_in_any_case_and_with_any_blanks(cast):
    names = [
        "Blåvik kommun",
        normalize("NFD", "Blåvik kommun"),
        "BLÅVIK  KOMMUN",
        "Blåvik\u00a0kommun",
    ]
    rows = [f"{name},SE,,,municipality,domain,d{n}.example,," for n, name in enumerate(names)]
    take(cast, "\n".join([HEADER, *rows, ""]).encode())
    made = Organisation.unscoped.get(name="Blåvik kommun")
    assert Resource.unscoped.filter(organisation=made).count() == len(names)


RULES = [
    (["Sjøbygd skole,NO,nb,,unit,,,,"], "Row 2, parent: A unit is a part of another"),
    (["Ny sentral,NO,nb,,operator,,,,"], "Row 2, kind: Ny sentral is a security centre"),
    (["Ny,NO,nb,Samvakt,company,,,,"], "Row 2, parent: Only a unit can be a part"),
    (["Ny,NO,nb,Ny,company,,,,"], "Row 2, parent: Ny is below itself"),
    (["Ny,NO,nb,,,,,,", "Ny,,,,,asn,,,"], "Row 3, value: a resource needs both"),
]


@pytest.mark.parametrize(("rows", "says"), RULES)
@pytest.mark.parametrize("dry_run", [True, False])
def test_whatever_rule_refuses_it_row_and_column_are_named(cast, rows, says, dry_run):
    assert refused(cast, *rows, dry_run=dry_run).startswith(says)


def test_all_that_is_wrong_is_said_at_once(cast):
    said = refused(
        cast,
        "Ny skole,NO,nb,,unit,,,,",
        "Ny avdeling,NO,nb,Ny skole,unit,,,,",
        "Ny,NO,nb,Samvakt,company,,,,",
    )
    assert [line.split(":")[0] for line in said.splitlines()] == ["Row 2, parent", "Row 4, parent"]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "sv",
            ["Filen sektor.csv importeras inte:", "Rad 1: det finns ingen kolumn som heter farge"],
        ),
        (
            "nb",
            [
                "Filen sektor.csv importeres ikke:",
                "Rad 1: det finnes ingen kolonne som heter farge",
            ],
        ),
    ],
)
def test_a_refusal_names_the_file_in_the_readers_language(cast, language, says):
    with override(language):
        said = refused(cast, header=f"{HEADER},farge", name="sektor.csv")
    assert said.splitlines() == says


def test_a_cell_outside_the_columns_is_refused(cast):
    assert refused(cast, "Ny,NO,nb,,municipality,,,,,note").startswith("Row 2: column 10 has no")
