"""The constituency file: read, compared, taken all or nothing, and written again."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils.translation import override

from samsyn.assets.constituency import constituency_import
from samsyn.assets.models import Resource
from samsyn.assets.register_selectors import facts_kept
from samsyn.assets.rules import ConstituencyRow, FileError, facts_in, facts_written
from samsyn.audit.models import Entry
from samsyn.content.packs import SHIPPED
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import Agreement, Contact, Organisation

HEADER = (
    "organisation,country,language,parent,kind,resource_type,value,contact_purpose,contact_email"
)
SECTOR = f"""{HEADER}
Havnes,NO,nb,,municipality,,,,
Havnes,,,,,prefix,203.0.113.0/25,,
Havnes,,,,,domain,Havnes.Example.,,
Havnes,,,,,,,technical,drift@havnes.example
Havnes Vann,NO,nb,Havnes,company,asn,AS64501,,
""".encode()


def take(cast, content=SECTOR, **options):
    return constituency_import(actor=cast.henrik, operator=cast.samvakt, content=content, **options)


def test_a_new_organisation_becomes_a_member_and_what_is_below_it_is_covered(cast):
    seen = take(cast)
    assert seen.members_new == ["Havnes"]
    assert Agreement.in_force().filter(organisation__name="Havnes").exists()
    water = Organisation.unscoped.get(name="Havnes Vann")
    assert cast.astrid.may("findings.view", water.pk)


def test_what_is_written_is_canonical(cast):
    take(cast)
    values = Resource.unscoped.filter(organisation__name__startswith="Havnes")
    assert set(values.values_list("value", flat=True)) == {
        "203.0.113.0/25",
        "havnes.example",
        "64501",
    }


def test_taking_it_twice_changes_nothing(cast):
    take(cast)
    assert take(cast).is_empty()


def test_a_dry_run_shows_the_difference_and_changes_nothing(cast):
    seen = take(cast, dry_run=True)
    assert seen.organisations_new == ["Havnes", "Havnes Vann"]
    assert not Organisation.unscoped.filter(name="Havnes").exists()


def test_every_error_names_row_and_column_and_nothing_is_taken(cast):
    wrong = f"""{HEADER}
Havnes,XX,,,municipality,,,,
Havnes,,,,,prefix,203.0.113.7/25,,
Havnes,,,,,domain,,,
,,,,,,,technical,drift@havnes.example
Havnes,,,,,,,technical,not an address
""".encode()
    with pytest.raises(RuleViolation) as caught:
        take(cast, wrong)
    said = str(caught.value)
    for place in ("Row 2, country", "Row 3, value", "Row 4, value", "Row 5, organisation"):
        assert place in said
    assert "Row 6, contact_email" in said
    assert not Organisation.unscoped.filter(name="Havnes").exists()


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("sv", "Rad 2, country: ”XX” är inget av DK, FI, IS, NO, SE"),
        ("nb", "Rad 2, country: «XX» er ikke en av DK, FI, IS, NO, SE"),
    ],
)
def test_what_is_wrong_is_said_in_the_readers_language(cast, language, says):
    with override(language), pytest.raises(RuleViolation) as caught:
        take(cast, f"{HEADER}\nHavnes,XX,,,municipality,,,,\n".encode())
    assert str(caught.value) == says


def test_a_parent_that_nobody_knows_is_named(cast):
    with pytest.raises(RuleViolation, match="Row 2, parent: there is no organisation"):
        take(cast, f"{HEADER}\nHavnes,NO,nb,Nowhere,company,,,,\n".encode())


def test_a_circle_of_parents_is_refused(cast):
    circle = f"{HEADER}\nA,NO,nb,B,company,,,,\nB,NO,nb,A,company,,,,\n".encode()
    with pytest.raises(RuleViolation, match="is below itself"):
        take(cast, circle)


def test_an_overlapping_claim_is_shown_and_not_guessed(cast):
    row = "Havnes,NO,nb,,municipality,prefix,198.18.0.0/24,,,taken_over"
    seen = take(cast, f"{HEADER},overlap\n{row}\n".encode())
    [line] = seen.contested
    assert line.startswith("198.18.0.0/24: Havnes, Fjellvik")


def test_a_member_may_not_import(cast):
    with pytest.raises(NotAllowed):
        constituency_import(actor=cast.ingvild, operator=cast.samvakt, content=SECTOR)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"", "column organisation is missing"),
        (f"{HEADER},colour\n".encode(), "no column called colour"),
        (f"{HEADER},organisation\n".encode(), "is there twice"),
        (f"{HEADER}\n{'x' * 500},NO,nb,,company,,,,\n".encode(), "longer than 400"),
        (
            f"{HEADER}\na,b,c,d,e,f,g,h,i,j,k\n".encode(),
            "column 11 has no heading, but something in it",
        ),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(content, says):
    with pytest.raises(FileError, match=says):
        facts_in(content)


def test_semicolons_and_a_byte_order_mark_are_fine():
    text = "\ufeff" + SECTOR.decode().replace(",", ";")
    assert facts_in(text.encode()) == facts_in(SECTOR)


def test_writing_and_reading_gives_the_same_facts():
    facts = facts_in(SECTOR)
    again = facts_in(facts_written(facts).encode())
    assert [f.organisation for f in again] == [f.organisation for f in facts]
    assert facts_written(again) == facts_written(facts)


def test_the_register_exports_what_it_imports(cast):
    take(cast)
    text = facts_written(facts_kept(actor=cast.henrik))
    assert take(cast, text.encode()).is_empty()


def test_the_demonstrations_sector_can_be_taken(cast):
    content = (SHIPPED / "demonstration/sector.csv").read_bytes()
    Resource.unscoped.all().delete()  # what the cast has, the sector has too
    seen = take(cast, content)
    assert len(seen.organisations_new) > 30
    assert Contact.unscoped.count() > 80


def test_a_contact_written_in_capitals_is_no_new_contact(cast):
    seen = take(cast, f"{HEADER}\nFjellvik,,,,,,,technical,DRIFT@Fjellvik.example\n".encode())
    assert seen.is_empty()


def test_the_import_is_one_entry_in_the_trail(cast):
    take(cast)
    entry = Entry.objects.order_by("-number").first()
    assert entry.action == "assets.constituency_import"
    assert entry.changes["resources_new"] == [None, 3]


def test_the_command_line_does_the_same(cast, tmp_path, capsys):
    file = tmp_path / "sector.csv"
    file.write_bytes(SECTOR)
    call_command("constituency_import", str(file), "--dry-run")
    assert "Nothing is changed" in capsys.readouterr().out
    call_command("constituency_import", str(file), "--as", "henrik@samvakt.example")
    call_command("constituency_export")
    assert "Havnes,,,,,prefix,203.0.113.0/25,," in capsys.readouterr().out


def test_the_command_line_ends_with_a_code_and_the_problem(cast, tmp_path, capsys):
    file = tmp_path / "bad.csv"
    file.write_bytes(b"nothing")
    with pytest.raises(SystemExit) as ended:
        call_command("constituency_import", str(file))
    assert ended.value.code == RuleViolation.exit_code
    assert "column organisation is missing" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["=1+1", "@Havnes", "-Havnes", "'=Havnes", "Havnes;=1+1"])
def test_a_name_that_is_a_formula_is_guarded_in_the_file_and_comes_back_as_it_was(name):
    fact = ConstituencyRow(2, organisation=name, country="NO", kind="municipality")
    text = facts_written([fact])
    assert f"\n{name}," not in text
    assert facts_in(text.encode()) == [fact]
