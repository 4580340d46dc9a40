"""Contacts as people copy them, and sheets of them as spreadsheets save them."""

from __future__ import annotations

import pytest

from samsyn.contacts.entity import CONTACT
from samsyn.contacts.services import contact_add
from samsyn.entities.sheets import sheet_of
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Contact

SHEET = "E-postadress;Ändamål;Namn;;\r\ndrift@sjo.example;teknisk;Åse Öst;;\r\n;;;;\r\n"
SAVED = {
    "CSV (Windows)": SHEET.encode("cp1252"),
    "CSV (Macintosh)": SHEET.replace("\r\n", "\r").encode("mac_roman"),
    "CSV UTF-8": SHEET.encode("utf-8-sig"),
    "Unicode text": SHEET.replace(";", "\t").encode("utf-16"),
    "says what parts it": f"sep=;\r\n{SHEET}".encode(),
    "an empty row above": f";;;;\r\n{SHEET}".encode(),
}


@pytest.mark.parametrize("content", SAVED.values(), ids=SAVED)
def test_a_sheet_is_read_however_it_is_saved(content):
    sheet = sheet_of(CONTACT, content)
    [row] = sheet.rows
    assert row.cells == {"email": "drift@sjo.example", "purpose": "teknisk", "name": "Åse Öst"}
    assert sheet.unnamed == 0


def test_a_column_beyond_the_headings_is_named():
    assert sheet_of(CONTACT, b"Email;Purpose\na@b.example;technical;x\n").unnamed == 1


def test_what_was_guessed_of_the_letters_is_said():
    [note] = sheet_of(CONTACT, SAVED["CSV (Windows)"]).notes
    assert "Windows-1252" in note


def test_what_cannot_be_read_is_named_with_its_row():
    with pytest.raises(RuleViolation, match="Row 2: the file is not UTF-8"):
        sheet_of(CONTACT, "E-postadress;Ändamål\nå".encode()[:-1])


@pytest.mark.parametrize(
    "written", ["Kari Nordmann <kari@elvdal.example>", "mailto:kari@elvdal.example"]
)
def test_the_form_takes_the_address_out_of_what_was_copied(cast, client, written):
    client.force_login(cast.people["sigrid"])
    sent = {"organisation": cast.elvdal.pk, "email": written, "purpose": "technical"}
    assert client.post("/contacts/new/", sent).status_code == 302
    assert Contact.unscoped.filter(email="kari@elvdal.example").exists()


@pytest.mark.parametrize("written", ["Drift <DRIFT@Elvdal.example>", "mailto:Drift@ELVDAL.example"])
def test_no_door_takes_a_second_spelling_of_a_contact(cast, client, written):
    given = {"organisation": cast.elvdal, "email": written, "purpose": "technical"}
    with pytest.raises(RuleViolation, match="already serves"):
        contact_add(actor=cast.sigrid, **given)
    client.force_login(cast.people["sigrid"])
    sent = {**given, "organisation": cast.elvdal.pk}
    assert client.post("/contacts/new/", sent).status_code == 422
