"""Organisation number, municipality code and inhabitants have a place, in every door."""

from __future__ import annotations

import pytest

from samsyn.assets.constituency import constituency_import
from samsyn.assets.register_selectors import facts_kept
from samsyn.assets.rules import facts_written
from samsyn.audit.models import Entry
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import organisation_list
from samsyn.organisations.services import (
    organisation_arrange,
    organisation_change,
    organisation_create,
)
from tests.api.programs import Program
from tests.assets.test_constituency_file import HEADER

FACTS = "organisation_number,municipality_code,population"
NUMBER = "958 935 420"


def take(cast, *rows, header=f"{HEADER},{FACTS}", **options):
    content = "\n".join([header, *rows, ""]).encode()
    return constituency_import(actor=cast.henrik, operator=cast.samvakt, content=content, **options)


def test_the_form_keeps_them_and_the_page_shows_them(cast, client):
    client.force_login(cast.people["ingvild"])
    url = f"/organisations/{cast.fjellvik.pk}/"
    given = {"country": "NO", "language": "nb", "short_code": "FJV", "version": 1}
    given |= {"organisation_number": NUMBER, "municipality_code": "301", "population": 4200}
    assert client.post(f"{url}change/", given).status_code == 302
    kept = Organisation.unscoped.get(pk=cast.fjellvik.pk)
    assert (kept.organisation_number, kept.municipality_code) == ("958935420", "0301")
    page = client.get(url).content.decode()
    assert NUMBER in page
    assert "0301" in page


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("organisation_number", "958 935 421", "a digit is wrong"),
        ("organisation_number", "212000-0142", "write 9 digits"),
        ("municipality_code", "12345", "write 4 digits"),
    ],
)
def test_a_wrong_number_is_refused_at_its_field(cast, field, value, says):
    with pytest.raises(RuleViolation, match=says) as caught:
        organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, **{field: value})
    assert caught.value.field == field


def test_the_country_decides_also_when_it_changes(cast):
    organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, organisation_number=NUMBER)
    with pytest.raises(RuleViolation, match="212000-0142"):
        organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, country="SE")


@pytest.mark.parametrize("does", [organisation_change, organisation_create])
def test_two_organisations_of_a_country_do_not_have_one_number(cast, does):
    organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, organisation_number=NUMBER)
    new = {"operator": cast.samvakt, "name": "Ny", "kind": "company"}
    given = {"organisation": cast.elvdal} if does is organisation_change else new
    with pytest.raises(RuleViolation, match="Another organisation already has") as caught:
        does(actor=cast.henrik, organisation_number=NUMBER, country="NO", **given)
    assert caught.value.field == "organisation_number"


def test_a_file_brings_them_in_and_the_register_gives_them_back(cast):
    row = f'Havnes,NO,nb,,municipality,,,,,{NUMBER},301,"12 500"'
    assert take(cast, row, dry_run=True).organisations_new == ["Havnes"]
    take(cast, row)
    made = Organisation.unscoped.get(name="Havnes")
    kept = (made.organisation_number, made.municipality_code, made.population)
    assert kept == ("958935420", "0301", 12500)
    text = facts_written(facts_kept(actor=cast.job))
    assert f"Havnes,NO,nb,,municipality,,,,,{NUMBER},0301,12500" in text
    assert take(cast, row).is_empty()


@pytest.mark.parametrize("heading", ["organisasjonsnummer", "Organisationsnummer", "orgnr"])
def test_the_heading_of_the_national_registers_is_known(cast, heading):
    row = f"Havnes,NO,nb,,municipality,,,,,{NUMBER}"
    take(cast, row, header=f"{HEADER},{heading}")
    assert Organisation.unscoped.get(name="Havnes").organisation_number == "958935420"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["Havnes,NO,nb,,municipality,,,,,964 123 456,,"], "Row 2, organisation_number: 964"),
        (["Havnes,NO,nb,,municipality,,,,,,,", "Havnes,,,,,,,,,,99999,"], "Row 3, municipality"),
        (["Havnes,NO,nb,,municipality,,,,,,,many"], "Row 2, population: “many” is no whole"),
        (
            [f"Havnes,NO,nb,,municipality,,,,,{NUMBER},,", f"Tindvik,NO,,,company,,,,,{NUMBER},,"],
            "Row 3, organisation_number: Another organisation",
        ),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_wrong_one_in_a_file_is_named_with_row_and_column(cast, rows, says, dry_run):
    with pytest.raises(RuleViolation) as caught:
        take(cast, *rows, dry_run=dry_run)
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize("search", [NUMBER, "958935420"])
def test_an_organisation_is_found_by_its_number_however_it_is_written(cast, search):
    Organisation.unscoped.filter(pk=cast.elvdal.pk).update(organisation_number="958935420")
    assert [one.name for one in organisation_list(actor=cast.henrik, search=search)] == ["Elvdal"]


def test_programs_read_and_change_them(cast):
    ingvild, url = Program(cast, "ingvild"), f"/api/organisations/{cast.fjellvik.pk}"
    given = {"organisation_number": NUMBER, "municipality_code": "0301"}
    answer = ingvild.patch(url, given, If_Match='"1"').json()
    assert (answer["organisation_number"], answer["municipality_code"]) == ("958935420", "0301")
    refused = ingvild.patch(url, {"organisation_number": "1"}, If_Match='"2"')
    assert refused.status_code == 422


def test_whoever_saves_an_organisation_as_it_is_leaves_no_entry(cast):
    before, version = Entry.objects.count(), cast.fjellvik.version
    organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, short_code="FJV")
    organisation_arrange(
        actor=cast.henrik, organisation=cast.fjellvik, kind="municipality", parent=None,
        name="Fjellvik",
    )  # fmt: skip
    assert (Entry.objects.count(), cast.fjellvik.version) == (before, version)
    organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, population=1)
    assert Entry.objects.count() == before + 1
