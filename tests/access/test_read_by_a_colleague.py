"""A small role at a member hides nothing of what is read there by who works for its operator."""

from __future__ import annotations

import pytest

from samsyn.access.models import Membership
from samsyn.access.permissions import Role
from samsyn.audit.models import Entry
from samsyn.organisations.models import Agreement
from tests.cast import TODAY, make_finding, make_organisation


def readers(organisation):
    rows = Entry.objects.filter(kind="reading", organisation_id=organisation.pk)
    return set(rows.values_list("person_id", flat=True))


def hold(cast, name, organisation, role):
    Membership.unscoped.create(person=cast.people[name], organisation=organisation, role=role)


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.TECHNICIAN, Role.CISO])
@pytest.mark.parametrize("page", ["/findings/{finding}/", "/members/{member}/", "/findings/"])
def test_who_serves_a_member_is_on_record_whatever_role_they_have_there(client, cast, role, page):
    finding = make_finding(cast.fjellvik)
    hold(cast, "astrid", cast.fjellvik, role)
    url = page.format(finding=finding.pk, member=cast.fjellvik.pk)
    assert client.be(cast.people["astrid"]).get(url).status_code == 200
    assert readers(cast.fjellvik) == {cast.people["astrid"].pk}


def test_also_without_an_assignment_and_at_a_company_of_the_member(client, cast):
    hold(cast, "albin", cast.fjellvik, Role.TECHNICIAN)
    hold(cast, "albin", cast.vann, Role.TECHNICIAN)
    for member in (cast.fjellvik, cast.vann):
        client.be(cast.people["albin"]).get(make_finding(member).get_absolute_url())
        assert readers(member) == {cast.people["albin"].pk}


def test_not_where_nobody_is_served_and_not_at_ones_own_security_centre(client, cast):
    hold(cast, "astrid", cast.utmark, Role.TECHNICIAN)
    office = make_organisation("Samvakt office", kind="unit", parent="Samvakt")
    client.be(cast.people["astrid"])
    for place in (cast.utmark, cast.samvakt, office):
        client.get(place.get_absolute_url())
        assert readers(place) == set()


def test_another_operators_people_are_at_home_where_only_it_does_not_serve(client, cast):
    other = make_organisation("Nordvakt", kind="operator")
    Agreement.unscoped.create(
        organisation=cast.utmark, operator=other, service="ciso", valid_from=TODAY
    )
    hold(cast, "astrid", cast.utmark, Role.TECHNICIAN)
    client.be(cast.people["astrid"]).get(make_finding(cast.utmark).get_absolute_url())
    assert readers(cast.utmark) == set()
