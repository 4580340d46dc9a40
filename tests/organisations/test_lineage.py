"""Which organisations stand above which, what parts when one is moved, and who is enrolled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.kernel.errors import RuleViolation
from samsyn.organisations import services
from samsyn.organisations.models import Agreement, Lineage, Organisation
from samsyn.organisations.services import lineage_rebuild_below, organisation_create
from tests.cast import make_organisation
from tests.organisations.boundary import arrange, create


def above(organisation):
    """Return the names above an organisation with whether they are one legal entity."""
    rows = Lineage.objects.filter(descendant=organisation)
    return dict(rows.values_list("ancestor__name", "same_entity"))


@pytest.fixture
def deep(cast):
    """Give the school a class, and the class a company."""
    made = make_organisation("Class", kind="unit", parent="Fjellvik school")
    return made, make_organisation("Kiosk", kind="company", parent="Class")


def test_each_stands_below_itself_and_all_above_it_one_entity_down_to_the_last_unit(cast, deep):
    klass, kiosk = deep
    assert above(klass) == {"Class": True, "Fjellvik school": True, "Fjellvik": True}
    assert above(kiosk) == {
        "Kiosk": True,
        "Class": False,
        "Fjellvik school": False,
        "Fjellvik": False,
    }
    assert above(cast.fjellvik) == {"Fjellvik": True}


def test_what_is_moved_takes_all_below_it_along_and_nothing_else(cast, deep):
    _klass, kiosk = deep
    before = set(Lineage.objects.exclude(descendant=cast.vann).values_list("pk", flat=True))
    moved = arrange(cast.astrid, cast.vann, "company", cast.elvdal)
    assert above(moved) == {"Fjellvik Vann": True, "Elvdal": False}
    after = set(Lineage.objects.exclude(descendant=cast.vann).values_list("pk", flat=True))
    assert after == before
    Organisation.unscoped.filter(pk=cast.school.pk).update(parent=cast.elvdal)
    lineage_rebuild_below(cast.school)
    assert set(above(kiosk)) == {"Kiosk", "Class", "Fjellvik school", "Elvdal"}


def test_the_pairs_that_part_are_those_that_were_one_legal_entity_and_no_longer_are(cast, deep):
    klass, _kiosk = deep
    assert lineage_rebuild_below(cast.fjellvik) == frozenset()
    Organisation.unscoped.filter(pk=cast.school.pk).update(kind="company")
    assert lineage_rebuild_below(cast.school) == {
        (cast.fjellvik.pk, cast.school.pk),
        (cast.fjellvik.pk, klass.pk),
    }
    Organisation.unscoped.filter(pk=cast.school.pk).update(kind="unit")
    assert lineage_rebuild_below(cast.school) == frozenset()
    Organisation.unscoped.filter(pk=cast.vann.pk).update(parent=cast.elvdal)
    assert lineage_rebuild_below(cast.vann) == frozenset()  # they never were one


def test_several_are_written_at_once(cast, deep):
    Lineage.objects.all().delete()
    lineage_rebuild_below(*Organisation.unscoped.all())
    assert set(above(deep[1])) == {"Kiosk", "Class", "Fjellvik school", "Fjellvik"}
    assert Lineage.objects.filter(descendant=cast.utmark).count() == 1


@pytest.mark.parametrize(("most", "is_refused"), [(3, True), (4, False)])
def test_the_last_level_that_is_allowed_is_allowed(cast, deep, monkeypatch, most, is_refused):
    monkeypatch.setattr(services, "LEVELS_MAX", most)
    if not is_refused:
        lineage_rebuild_below(deep[1])
        return
    with pytest.raises(RuleViolation, match=f"more than {most - 1} others") as refused:
        lineage_rebuild_below(deep[1])
    assert refused.value.field == "parent"


def test_nothing_is_made_a_part_of_what_stands_below_it(cast):
    outer = create(cast, cast.astrid, name="Outer")
    inner = create(cast, cast.astrid, name="Inner", kind="company", parent=outer)
    for parent in (inner, outer):
        with pytest.raises(RuleViolation, match="part of itself") as refused:
            arrange(cast.astrid, outer, "company", parent)
        assert refused.value.field == "parent"
    assert above(outer) == {"Outer": True}


def test_only_a_security_centre_is_given_a_member(cast):
    with pytest.raises(RuleViolation, match="Only a security centre has members"):
        organisation_create(
            actor=cast.job,
            operator=cast.fjellvik,
            name="Nyvik",
            kind="municipality",
            country="NO",
        )
    assert not Organisation.unscoped.filter(name="Nyvik").exists()


@pytest.mark.parametrize("days", [None, -30, 30])
def test_a_new_member_is_one_since_the_day_that_is_given_else_today(cast, days):
    today = timezone.localdate()
    since = None if days is None else today + timedelta(days=days)
    made = create(cast, cast.astrid, country="SE", language="", since=since, population=7)
    agreement = Agreement.unscoped.get(organisation=made)
    assert agreement.valid_from == (since or today)
    assert (agreement.operator, agreement.service) == (cast.samvakt, "csirt")
    assert (made.country, made.language, made.population) == ("SE", "sv", 7)


def test_a_client_of_a_virtual_ciso_is_enrolled_for_that(cast):
    made = create(cast, cast.astrid, service="ciso")
    assert Agreement.unscoped.get(organisation=made).service == "ciso"
    below = create(cast, cast.job, name="Below", kind="company", parent=cast.fjellvik)
    assert not Agreement.unscoped.filter(organisation=below).exists()
