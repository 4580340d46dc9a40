"""An owner is gone when they can no longer work on the action, however they reached it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import Membership, Person
from samsyn.access.permissions import Permission, Role
from samsyn.actions.models import Action
from samsyn.actions.selectors import action_list
from samsyn.organisations.models import Agreement, Assignment, Organisation
from tests.cast import make_action, make_person
from tests.organisations.boundary import TODAY, reached, second_operator

WORK = Permission.ACTIONS_WORK


@pytest.fixture
def served(cast):
    """Fjellvik with Nordvakt as its virtual CISO; Nanna works for it as an adviser."""
    nordvakt, _sjovik = second_operator(cast)
    cast.people["nanna"] = make_person("nanna", nordvakt, Role.ADVISER)
    agreement = Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=nordvakt, service="ciso", valid_from=TODAY
    )
    Assignment.unscoped.create(
        organisation=nordvakt, person=cast.people["nanna"], service="ciso", agreement=agreement
    )
    return cast


def is_gone(cast, organisation, who):
    action = make_action(organisation, owner_person=cast.people[who])
    return action_list(actor=cast.job, owner="gone").filter(pk=action.pk).exists()


def end(rows, **given):
    assert rows.update(**given)


def ways_to_end():
    yesterday = timezone.localdate() - timedelta(days=1)
    return {
        "agreement ended": lambda: end(
            Agreement.unscoped.filter(service="ciso"),
            valid_from=yesterday - timedelta(days=9),
            valid_until=yesterday,
        ),
        "agreement not accepted": lambda: end(
            Agreement.unscoped.filter(service="ciso"), accepted_on=None
        ),
        "assignment ended": lambda: end(
            Assignment.unscoped.filter(person__name="Nanna"), ended_on=yesterday
        ),
        "role ended": lambda: end(
            Membership.unscoped.filter(person__name="Nanna"), ended_on=yesterday
        ),
        "role without effect": lambda: end(
            Membership.unscoped.filter(person__name="Nanna"), role=Role.ADMINISTRATOR
        ),
        "of the CSIRT only": lambda: (
            end(Agreement.unscoped.filter(service="ciso"), service="csirt"),
            end(Assignment.unscoped.filter(person__name="Nanna"), service="csirt"),
        ),
        "no longer active": lambda: end(Person.objects.filter(name="Nanna"), is_active=False),
    }


@pytest.mark.parametrize("how", list(ways_to_end()))
def test_a_virtual_ciso_is_gone_when_they_can_no_longer_work_on_it(served, how):
    assert not is_gone(served, served.fjellvik, "nanna")
    assert not is_gone(served, served.school, "nanna"), "a unit of the same legal entity"
    ways_to_end()[how]()
    assert is_gone(served, served.fjellvik, "nanna")


def test_the_last_day_of_an_agreement_counts(served):
    today = timezone.localdate()
    end(Agreement.unscoped.filter(service="ciso"), valid_from=today, valid_until=today)
    assert not is_gone(served, served.fjellvik, "nanna")


def test_whoever_serves_by_a_csirt_agreement_works_on_no_action(served):
    assert is_gone(served, served.fjellvik, "astrid")
    assert not is_gone(served, served.fjellvik, "jonas")


def test_a_role_that_does_no_work_is_not_enough(served):
    end(Membership.unscoped.filter(person=served.people["jonas"]), role=Role.EMPLOYEE)
    assert is_gone(served, served.fjellvik, "jonas")


def test_gone_is_whoever_the_permissions_do_not_reach(served):
    """Hold the condition on rows to the engine that decides what a person may."""
    Action.unscoped.all().delete()
    names = dict(Organisation.unscoped.values_list("pk", "name"))
    people = [name for name, person in served.people.items() if person.is_active]
    for who in people:
        for organisation in Organisation.unscoped.all():
            make_action(organisation, owner_person=served.people[who])
    gone = action_list(actor=served.job, owner="gone")
    found = {(a.owner_person_id, names[a.organisation_id]) for a in gone}
    expected = {
        (served.people[who].pk, name)
        for who in people
        for name in set(names.values()) - reached(getattr(served, who), WORK)
    }
    assert found == expected
