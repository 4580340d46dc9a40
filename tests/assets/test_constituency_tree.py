"""A constituency file cannot make a circle, and leaves nobody without an agreement."""

from __future__ import annotations

import pytest

from samsyn.assets.constituency import constituency_import
from samsyn.assets.rules import FileError, facts_in, must_make_tree, wishes
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Agreement, Lineage, Organisation
from samsyn.organisations.services import LEVELS_MAX, organisation_create
from tests.assets.test_constituency_file import HEADER

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("dry_run", [True, False])


def take(cast, *rows, actor=None, **options):
    content = "\n".join([HEADER, *rows, ""]).encode()
    return constituency_import(
        actor=actor or cast.henrik, operator=cast.samvakt, content=content, **options
    )


def below(cast, name, parent):
    return organisation_create(
        actor=cast.job,
        operator=cast.samvakt,
        name=name,
        kind="company",
        parent=parent,
        country="NO",
        language="nb",
    )


@BOTH
def test_a_part_of_its_own_company_is_refused_with_its_row(cast, dry_run):
    with pytest.raises(RuleViolation, match="Row 3, parent: Fjellvik is below itself"):
        take(cast, "Elvdal,,,,,,,,", "FJELLVIK,,,Fjellvik Vann,company,,,,", dry_run=dry_run)
    assert not Organisation.unscoped.filter(parent=cast.vann).exists()


@BOTH
@pytest.mark.parametrize("actor", ["henrik", "job"])
def test_a_circle_through_organisations_that_the_file_does_not_name_is_refused(
    cast, dry_run, actor
):
    upper = cast.fjellvik
    for number in range(3):
        upper = below(cast, f"Company {number}", upper)
    with pytest.raises(RuleViolation, match="Row 2, parent: Fjellvik is below itself"):
        take(cast, "Fjellvik,,,Company 2,,,,,", dry_run=dry_run, actor=getattr(cast, actor))


@BOTH
def test_an_organisation_that_is_its_own_parent_is_refused(cast, dry_run):
    for name in ("Elvdal", "Newcomer"):
        with pytest.raises(RuleViolation, match=f"Row 2, parent: {name} is below itself"):
            take(cast, f"{name},NO,nb,{name},company,,,,", dry_run=dry_run)


def test_what_leads_to_a_circle_is_not_on_it():
    text = f"{HEADER}\nA,,,B,,,,,\nB,,,C,,,,,\nC,,,B,,,,,\n"
    with pytest.raises(FileError) as refused:
        must_make_tree(wishes(facts_in(text.encode())), {}, LEVELS_MAX)
    assert [problem[:5] for problem in refused.value.problems] == ["Row 3", "Row 4"]


def chain(levels):
    """Return the rows of a chain, the lowest first: O0 is below all others."""
    rows = [f"O{n},NO,nb,O{n + 1},company,,,," for n in range(levels - 1)]
    return [*rows, f"O{levels - 1},NO,nb,,company,,,,"]


@pytest.mark.parametrize("in_file", [list, reversed])
def test_a_chain_that_is_too_long_is_said_to_be_that(cast, in_file):
    assert len(take(cast, *chain(LEVELS_MAX), dry_run=True).organisations_new) == LEVELS_MAX
    with pytest.raises(RuleViolation) as refused:
        take(cast, *in_file(chain(LEVELS_MAX + 2)))
    said = str(refused.value).splitlines()
    assert {line.split("parent: ")[1] for line in said} == {
        f"O{n} would be below more than {LEVELS_MAX - 1} others" for n in (0, 1)
    }


def test_a_very_long_chain_is_looked_through_once():
    found = wishes(facts_in("\n".join([HEADER, *chain(30_000)]).encode()))
    with pytest.raises(FileError) as refused:
        must_make_tree(found, {}, LEVELS_MAX)
    assert len(refused.value.problems) == 30_000 - LEVELS_MAX
    assert len(str(refused.value).splitlines()) < 100


def test_a_chain_below_a_parent_that_nobody_knows_names_that_parent(cast):
    rows = [f"O{n},NO,nb,O{n + 1},company,,,," for n in range(9)]
    with pytest.raises(RuleViolation) as refused:
        take(cast, *rows)
    assert str(refused.value) == "Row 10, parent: there is no organisation called O9"


def test_two_that_change_places_are_no_circle(cast):
    upper = below(cast, "Upper", cast.elvdal)
    lower = below(cast, "Lower", upper)
    take(cast, "Upper,,,Lower,,,,,", "Lower,,,Elvdal,,,,,")
    above = Lineage.objects.filter(descendant=upper).values_list("ancestor", flat=True)
    assert set(above) == {upper.pk, lower.pk, cast.elvdal.pk}


@BOTH
def test_nobody_is_left_without_an_agreement(cast, dry_run):
    with pytest.raises(RuleViolation, match=r"Row 2, parent: Newcomer\. It would then be nobody's"):
        take(cast, "Newcomer,NO,nb,Utmark,company,,,,", dry_run=dry_run, actor=cast.job)
    below(cast, "Elvdal Energi", cast.elvdal)
    with pytest.raises(RuleViolation, match="Row 3, parent: Elvdal Energi"):
        take(
            cast,
            "Elvdal,,,,,,,,",
            "Elvdal Energi,,,Utmark,,,,,",
            dry_run=dry_run,
            actor=cast.job,
        )
    assert Organisation.unscoped.get(name="Elvdal Energi").parent == cast.elvdal


def test_what_moves_from_one_member_to_another_is_taken(cast):
    below(cast, "Elvdal Energi", cast.elvdal)
    take(cast, "Elvdal Energi,,,Fjellvik,,,,,", actor=cast.job)
    energy = Organisation.unscoped.get(name="Elvdal Energi")
    assert energy.parent == cast.fjellvik
    assert not Agreement.unscoped.filter(organisation=energy).exists()
