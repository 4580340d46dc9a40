"""Of whom something is: a form offers only where one may, and begins with one's own."""

from __future__ import annotations

import pytest
from django import forms

from samsyn.access.models import Membership
from samsyn.access.permissions import Permission, Role
from samsyn.access.selectors import actor_of
from samsyn.organisations.choices import only_where, organisation_first, person_or_role
from samsyn.organisations.models import Agreement, Assignment
from samsyn.ui.screens import ActorForm
from tests.cast import make_organisation, make_person
from tests.organisations.boundary import TODAY

DECIDE = Permission.DECISIONS_RECORD
VIEW = Permission.ORGANISATIONS_VIEW


class OfWhom(ActorForm):
    organisation = forms.ModelChoiceField(queryset=None)
    owner_person = forms.ChoiceField()


def form_of(actor, permission):
    form = OfWhom(actor=actor)
    only_where(form, "organisation", permission)
    return form.fields["organisation"]


def first(actor, permission=VIEW, **asked):
    found = organisation_first(actor=actor, permission=permission, **asked)
    return found and found.name


def offered(field):
    return {organisation.name for organisation in field.queryset}


@pytest.fixture
def with_unit(cast):
    """Let Sigrid's Elvdal, which comes before it by name, have a unit."""
    make_organisation("Elvdal bad", kind="unit", parent="Elvdal")
    return cast


def test_a_form_offers_only_where_the_actor_may(cast):
    assert offered(form_of(cast.ingvild, DECIDE)) == {"Fjellvik", "Fjellvik school"}
    assert offered(form_of(cast.astrid, DECIDE)) == set()
    assert offered(form_of(cast.egil, DECIDE)) == set()


def test_the_only_one_is_not_asked_for(cast):
    field = form_of(cast.sigrid, DECIDE)
    assert (field.initial, field.widget.is_hidden) == (cast.elvdal.pk, True)


def test_of_two_ones_own_is_chosen_and_the_other_can_be(cast):
    field = form_of(cast.ingvild, DECIDE)
    assert (field.initial, field.widget.is_hidden) == (cast.fjellvik.pk, False)


def test_who_reaches_nothing_is_offered_nothing_and_nothing_is_chosen(cast):
    field = form_of(cast.egil, DECIDE)
    assert (field.initial, field.widget.is_hidden) == (None, False)
    assert first(cast.egil, DECIDE) is None


def test_the_one_asked_for_counts_where_one_may(with_unit):
    cast = with_unit
    assert first(cast.astrid, asked=str(cast.elvdal.pk)) == "Elvdal"
    assert first(cast.ingvild, asked=str(cast.school.pk)) == "Fjellvik school"
    assert first(cast.ingvild, asked=str(cast.elvdal.pk)) == "Fjellvik"


@pytest.mark.parametrize("asked", ["", "none", "0", "-1", "999999999999999999999"])
def test_an_id_that_is_none_counts_for_nothing(cast, asked):
    assert first(cast.ingvild, asked=asked) == "Fjellvik"


def test_the_only_one_counts_though_one_does_not_work_there(cast):
    """An adviser who serves one member as its virtual CISO decides at none of their own."""
    cast.people["nanna"] = make_person("nanna", cast.samvakt, Role.ADVISER)
    agreement = Agreement.unscoped.create(
        organisation=cast.utmark, operator=cast.samvakt, service="ciso", valid_from=TODAY
    )
    Assignment.unscoped.create(
        organisation=cast.samvakt, person=cast.people["nanna"], service="ciso", agreement=agreement
    )
    assert first(cast.nanna, DECIDE) == "Utmark"


def test_of_two_that_are_ones_own_the_first_by_name_is_chosen(cast):
    Membership.unscoped.create(person=cast.people["ingvild"], organisation=cast.elvdal, role="ciso")
    assert first(actor_of(cast.people["ingvild"]), DECIDE) == "Elvdal"


def test_where_none_of_several_is_ones_own_nothing_is_chosen(cast):
    cast.people["nanna"] = make_person("nanna", cast.samvakt, Role.ADVISER)
    for member in (cast.utmark, cast.elvdal):
        Agreement.unscoped.create(
            organisation=member, operator=cast.samvakt, service="ciso", valid_from=TODAY
        )
    Assignment.unscoped.create(
        organisation=cast.samvakt, person=cast.people["nanna"], service="ciso"
    )
    assert offered(form_of(cast.nanna, DECIDE)) == {"Utmark", "Elvdal"}
    assert first(cast.nanna, DECIDE) is None
    assert form_of(cast.nanna, DECIDE).initial is None


def test_an_owner_is_one_of_the_people_or_whoever_holds_the_role(cast):
    form = OfWhom(actor=cast.ingvild)
    person_or_role(form, [cast.people["jonas"]])
    assert form.fields["owner_person"].choices == [
        ("", "whoever holds the role"),
        (cast.people["jonas"].pk, "Jonas"),
    ]


def test_only_a_field_of_choices_is_narrowed(cast):
    form = OfWhom(actor=cast.ingvild)
    with pytest.raises(TypeError):
        only_where(form, "owner_person", DECIDE)
    form.fields["owner_person"] = forms.CharField()
    with pytest.raises(TypeError):
        person_or_role(form, [])
