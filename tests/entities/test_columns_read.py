"""Which columns of a sheet are read is said, and an export to begin with holds those."""

from __future__ import annotations

import csv
import io

import pytest

from samsyn.entities.sheets import rows_of
from samsyn.kernel.errors import RuleViolation
from samsyn.suppliers.entity import SUPPLIER
from samsyn.suppliers.services import supplier_add
from tests.cast import NOON
from tests.entities.making import Making, be, text_of

pytestmark = pytest.mark.django_db
SHEET = Making()
SHEET.entity = SUPPLIER
LANGUAGES = {"en": "Owner", "sv": "Ansvarig", "nb": "Ansvarlig"}


@pytest.fixture
def supplier(cast):
    given = {"name": "Acme", "owner_role": "ciso", "delivers": "Backup", "criticality": 3}
    return supplier_add(actor=cast.ingvild, organisation=cast.fjellvik, now=NOON, **given)


def exported(client, address):
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text), delimiter=";" if ";" in text else ",")
    return dict(zip(head, row, strict=True))


def sheet(cells):
    made = io.StringIO()
    csv.writer(made).writerows([cells.keys(), cells.values()])
    return made.getvalue().encode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_changes_the_owner_in_a_usual_export_is_told_that_it_is_not_read(
    cast, client, supplier, language
):
    be(client, cast.people["ingvild"], language)
    cells = exported(client, "/suppliers/?export=csv")
    owner = LANGUAGES[language]
    page = SHEET.send_sheet(cast, client, sheet({**cells, owner: "Somebody else"}))
    assert page.context["plan"].is_empty
    [said] = page.context["plan"].not_read
    assert owner in said
    assert said in text_of(page)


def test_it_is_told_again_when_it_is_imported(cast, client, supplier):
    client.force_login(cast.people["ingvild"])
    cells = exported(client, "/suppliers/?export=csv")
    page = SHEET.send_sheet(cast, client, sheet({**cells, "Name": "Beta"}))
    done = client.post("/suppliers/import/", {"sheet": page.context["sheet"]}, follow=True)
    assert page.context["plan"].not_read[0] in text_of(done)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_export_that_the_page_of_import_leads_to_changes_the_owner(
    cast, client, supplier, language
):
    be(client, cast.people["ingvild"], language)
    _xlsx, (_csv, address) = client.get("/suppliers/import/").context["exports"]
    cells = exported(client, address)
    place = list(SUPPLIER.names).index("owner_person")
    cells[list(cells)[place]] = cast.people["jonas"].name
    page = SHEET.send_sheet(cast, client, sheet(cells))
    assert page.context["plan"].not_read == []
    client.post("/suppliers/import/", {"sheet": page.context["sheet"]})
    supplier.refresh_from_db()
    assert supplier.owner_person == cast.people["jonas"]


def test_a_column_without_a_heading_is_named_where_it_holds_something(cast, client):
    client.force_login(cast.people["ingvild"])
    for row, said in (("Acme,,x", ["1 column without a heading is not imported."]), ("Acme", [])):
        page = SHEET.send_sheet(cast, client, f"name,,\n{row}\n".encode())
        assert page.context["plan"].not_read == said


@pytest.mark.parametrize("heading", ["name,Name", "Namn,delivers,Navn", "name,name"])
def test_two_columns_of_the_same_field_are_refused(heading):
    with pytest.raises(RuleViolation, match=r"name the same column: [Nn]am[en], [Nn]a[mv][en]"):
        rows_of(SUPPLIER, f"{heading}\na,b,c\n".encode())
