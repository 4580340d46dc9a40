"""Who adds, names and places organisations: kind and parent open no back door."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest

from samsyn.access.permissions import Permission, Role
from samsyn.assets.constituency import constituency_import
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import Agreement, Assignment, Lineage, Organisation
from samsyn.organisations.placing import must_be_served
from samsyn.organisations.services import (
    LEVELS_MAX,
    lineage_rebuild_below,
    organisation_arrange,
    organisation_change,
)
from tests.assets.test_constituency_file import HEADER
from tests.cast import make_organisation, make_person
from tests.organisations.boundary import (
    OWN_WORK,
    TODAY,
    arrange,
    create,
    reached,
    second_operator,
    sign,
)

DAY = timedelta(days=1)


@pytest.mark.parametrize("name", ["ingvild", "liv", "jonas", "ragna", "egil"])
def test_only_the_operators_analysts_and_administrators_add_an_organisation(cast, name):
    with pytest.raises(NotAllowed):
        create(cast, getattr(cast, name))


@pytest.mark.parametrize("name", ["astrid", "henrik"])
def test_an_organisation_without_a_parent_becomes_a_member_that_is_seen_at_once(cast, name):
    create(cast, getattr(cast, name))
    assert "Nyvik" in reached(getattr(cast, name), Permission.ORGANISATIONS_VIEW)


def test_nobody_makes_a_security_centre_but_set_up(cast):
    for kind_of in (lambda: create(cast, cast.henrik, kind="operator"),):
        with pytest.raises(RuleViolation, match="set up"):
            kind_of()
    with pytest.raises(RuleViolation, match="set up"):
        arrange(cast.henrik, cast.fjellvik, "operator", None)


def test_a_security_centre_stays_what_it_is(cast):
    with pytest.raises(RuleViolation, match="stays what it is"):
        arrange(cast.henrik, cast.samvakt, "other", None)


def test_a_member_does_not_become_a_part_of_the_security_centre(cast):
    with pytest.raises(RuleViolation, match="Only a unit"):
        create(cast, cast.astrid, parent=cast.samvakt)


def test_an_organisation_changes_its_facts_and_nothing_that_decides_who_sees_it(cast):
    organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, short_code="FV")
    for fact in ({"kind": "operator"}, {"parent": None}, {"name": "Elvdal II"}):
        with pytest.raises(TypeError):
            organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, **fact)
    for kind, parent in (("unit", cast.vann), ("company", None)):
        with pytest.raises(NotAllowed):
            arrange(cast.ingvild, cast.fjellvik, kind, parent)


@pytest.mark.parametrize("name", ["astrid", "henrik"])
def test_who_answers_for_both_sides_moves_an_organisation(cast, name):
    moved = arrange(getattr(cast, name), cast.vann, "company", cast.elvdal)
    assert Lineage.objects.filter(ancestor=cast.elvdal, descendant=moved).exists()


def test_nobody_moves_an_organisation_to_or_from_a_stranger(cast):
    _nordvakt, sjovik = second_operator(cast)
    for organisation, parent in ((cast.vann, sjovik), (sjovik, cast.fjellvik), (sjovik, None)):
        with pytest.raises(NotAllowed):
            arrange(cast.astrid, organisation, "company", parent)
    with pytest.raises(NotAllowed):
        create(cast, cast.astrid, parent=sjovik)
    with pytest.raises(NotAllowed):
        create(cast, cast.nils)
    # From a parent that the actor does not answer for, to one that they do.
    Assignment.unscoped.filter(person=cast.people["albin"]).delete()
    agreement = Agreement.unscoped.get(organisation=cast.elvdal)
    Assignment.unscoped.create(
        organisation=cast.samvakt, person=cast.people["albin"], service="csirt", agreement=agreement
    )
    Agreement.unscoped.create(
        organisation=cast.vann, operator=cast.samvakt, service="csirt", valid_from=TODAY
    )
    with pytest.raises(NotAllowed):
        arrange(cast.albin, cast.vann, "company", cast.elvdal)


def test_an_organisation_does_not_become_nobodys_member(cast):
    with pytest.raises(RuleViolation, match="nobody's member"):
        arrange(cast.astrid, cast.vann, "company", None)
    sign(cast, cast.astrid, cast.vann, service="csirt")
    assert arrange(cast.astrid, cast.vann, "company", None).parent is None


@pytest.mark.parametrize("kind", ["unit", "municipality"])
def test_nobody_makes_a_member_a_part_of_one_that_has_agreed_to_a_virtual_ciso(cast, kind):
    """A new organisation accepts at once; a member made its unit would have agreed, too."""
    made = create(cast, cast.henrik, service="ciso")
    Assignment.unscoped.create(
        organisation=cast.samvakt,
        person=cast.people["ragna"],
        service="ciso",
        agreement=Agreement.unscoped.get(organisation=made),
    )
    sign(cast, cast.henrik, made, service="csirt")
    for member in (cast.fjellvik, cast.elvdal, cast.school):
        with pytest.raises(RuleViolation, match="people of its own"):
            arrange(cast.astrid, member, "unit", made)
    if kind == "municipality":
        arrange(cast.astrid, cast.elvdal, kind, made)
    assert not reached(cast.ragna, OWN_WORK) & {"Fjellvik", "Fjellvik school", "Elvdal"}


def test_a_unit_does_not_leave_its_legal_entity_over_its_peoples_heads(cast):
    for kind, parent in (("company", cast.fjellvik), ("company", None), ("unit", cast.elvdal)):
        with pytest.raises(RuleViolation, match="people of its own"):
            arrange(cast.astrid, cast.school, kind, parent)
    assert organisation_arrange(
        actor=cast.job, organisation=cast.school, kind="company", parent=cast.fjellvik
    )


def test_nobody_makes_an_organisation_a_part_of_the_security_centre(cast):
    for organisation in (cast.school, cast.vann, cast.elvdal):
        for actor in (cast.astrid, cast.henrik):
            with pytest.raises(RuleViolation, match="people of its own"):
                arrange(actor, organisation, "unit", cast.samvakt)
    made = create(cast, cast.henrik, kind="unit", parent=cast.samvakt)
    assert made.parent == cast.samvakt


def test_a_name_is_changed_by_who_keeps_the_register(cast):
    renamed = organisation_arrange(
        actor=cast.astrid,
        organisation=cast.fjellvik,
        name="Fjellvik kommune",
        kind="municipality",
        parent=None,
    )
    assert renamed.name == "Fjellvik kommune"


def test_a_circle_that_is_in_the_database_is_said_and_not_followed(cast):
    Organisation.unscoped.filter(pk=cast.fjellvik.pk).update(parent=cast.vann)
    with pytest.raises(RuleViolation, match="cannot be below itself"):
        lineage_rebuild_below(cast.vann)


def test_more_levels_than_anybody_has_are_refused(cast):
    below = cast.elvdal
    for number in range(1, LEVELS_MAX):
        below = make_organisation(f"Level {number}", parent=below.name)
    with pytest.raises(RuleViolation, match=f"below more than {LEVELS_MAX - 1} others"):
        make_organisation("One more", parent=below.name)


@pytest.mark.parametrize(
    ("service", "below", "served"),
    [("csirt", "vann", True), ("ciso", "vann", False), ("ciso", "school", True)],
)
def test_below_a_client_of_a_virtual_ciso_only_its_units_are_served(cast, service, below, served):
    Agreement.unscoped.filter(organisation=cast.fjellvik).update(service=service)
    refused = nullcontext() if served else pytest.raises(RuleViolation, match="nobody's member")
    with refused:
        must_be_served(getattr(cast, below))


def client_without_people(cast):
    """Let Samvakt be the virtual CISO of Heim, where nobody works, and its CSIRT."""
    heim = create(cast, cast.henrik, name="Heim", service="ciso")
    sign(cast, cast.henrik, heim, service="csirt")
    return heim


def ended(agreement):
    agreement.valid_until, agreement.ended_on = agreement.valid_from - DAY, agreement.valid_from
    agreement.save()


@pytest.mark.parametrize("is_over", [False, True])
@pytest.mark.parametrize("name", ["astrid", "henrik"])
def test_what_has_or_had_a_virtual_ciso_joins_no_other_legal_entity(cast, name, is_over):
    """Its own work was written by the virtual CISO; it would be open to the other's people."""
    heim = client_without_people(cast)
    if is_over:
        ended(Agreement.unscoped.get(organisation=heim, service="ciso"))
    with pytest.raises(RuleViolation, match="virtual CISO"):
        arrange(getattr(cast, name), heim, "unit", cast.fjellvik)
    assert "Heim" not in reached(cast.ingvild, OWN_WORK)
    assert arrange(cast.job, heim, "unit", cast.fjellvik).parent == cast.fjellvik


def test_a_unit_of_a_client_of_a_virtual_ciso_does_not_leave_it(cast):
    unit = make_organisation("Heim unit", kind="unit", parent=client_without_people(cast).name)
    for kind, parent in (("company", unit.parent), ("unit", cast.fjellvik)):
        with pytest.raises(RuleViolation, match="virtual CISO"):
            arrange(cast.astrid, unit, kind, parent)


def test_a_unit_with_a_virtual_ciso_of_its_own_does_not_move_with_what_it_is_a_part_of(cast):
    heim = create(cast, cast.henrik, name="Heim")
    unit = make_organisation("Heim unit", kind="unit", parent="Heim")
    sign(cast, cast.henrik, unit)
    with pytest.raises(RuleViolation, match="virtual CISO"):
        arrange(cast.astrid, heim, "unit", cast.fjellvik)


def test_a_constituency_file_moves_no_client_of_a_virtual_ciso(cast):
    heim = client_without_people(cast)
    text = f"{HEADER}\nHeim,,,Fjellvik,unit,,,,\n"
    with pytest.raises(RuleViolation, match="virtual CISO"):
        constituency_import(actor=cast.astrid, operator=cast.samvakt, content=text.encode())
    heim.refresh_from_db()
    assert heim.parent is None


def test_an_offer_of_a_virtual_ciso_that_nobody_accepted_stops_no_move(cast):
    heim = create(cast, cast.henrik, name="Heim")
    agreement = sign(cast, cast.henrik, heim)
    Agreement.unscoped.filter(pk=agreement.pk).update(accepted_on=None)
    assert arrange(cast.astrid, heim, "unit", cast.fjellvik).kind == "unit"


@pytest.fixture
def havn(cast):
    """A member without people here, with a unit and a company, both without people."""
    made = create(cast, cast.astrid, name="Havn")
    return (
        made,
        create(cast, cast.astrid, name="Havn skole", kind="unit", parent=made),
        create(cast, cast.astrid, name="Havn AS", kind="company", parent=made),
    )


@pytest.mark.parametrize("where", ["nowhere", "elsewhere", "company", "unit", "member"])
def test_only_people_of_the_same_legal_entity_keep_others_from_moving_a_part_of_it(
    cast, havn, where
):
    """People of a company that it owns, or of a stranger, do not work in the entity."""
    member, unit, company = havn
    held = {"elsewhere": cast.utmark, "company": company, "unit": unit, "member": member}
    if where in held:
        make_person("kim", held[where], Role.EMPLOYEE)
    if where in {"unit", "member"}:
        with pytest.raises(RuleViolation, match="people of its own"):
            arrange(cast.astrid, unit, "company", member)
        return
    assert arrange(cast.astrid, unit, "company", member).kind == "company"


@pytest.mark.parametrize("where", ["elsewhere", "company", "unit", "member"])
def test_only_a_virtual_ciso_of_the_same_legal_entity_does_so_too(cast, havn, where):
    member, unit, company = havn
    agreed = {"elsewhere": cast.utmark, "company": company, "unit": unit, "member": member}
    Agreement.unscoped.create(
        organisation=agreed[where], operator=cast.samvakt, service="ciso", valid_from=TODAY
    )
    if where in {"unit", "member"}:
        with pytest.raises(RuleViolation, match="virtual CISO"):
            arrange(cast.astrid, unit, "company", member)
        return
    assert arrange(cast.astrid, unit, "company", member).kind == "company"


@pytest.mark.parametrize("answers", [True, False])
def test_who_moves_it_answers_for_the_parent_that_it_leaves(cast, answers):
    """Albin serves Vann by its own agreement and Elvdal, and Fjellvik or not."""
    members = [cast.vann, cast.elvdal, *([cast.fjellvik] if answers else [])]
    Agreement.unscoped.create(
        organisation=cast.vann, operator=cast.samvakt, service="csirt", valid_from=TODAY
    )
    for agreement in Agreement.unscoped.filter(organisation__in=members):
        Assignment.unscoped.create(
            organisation=cast.samvakt,
            person=cast.people["albin"],
            service="csirt",
            agreement=agreement,
        )
    if answers:
        assert arrange(cast.albin, cast.vann, "company", cast.elvdal).parent == cast.elvdal
        return
    with pytest.raises(NotAllowed):
        arrange(cast.albin, cast.vann, "company", cast.elvdal)
    assert Organisation.unscoped.get(pk=cast.vann.pk).parent == cast.fjellvik
