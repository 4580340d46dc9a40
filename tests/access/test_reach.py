"""Who reaches which organisation: by membership, and as an operator by agreement."""

from __future__ import annotations

from datetime import date

from samsyn.access.permissions import Permission
from samsyn.organisations.models import Agreement, Organisation
from samsyn.organisations.selectors import organisation_list

VIEW = Permission.ORGANISATIONS_VIEW


def names(actor, permission=VIEW):
    rows = Organisation.unscoped.filter(pk__in=actor.organisations(permission))
    return {o.name for o in rows}


def test_a_member_reaches_their_organisation_and_its_units_but_not_its_company(cast):
    assert names(cast.ingvild) == {"Fjellvik", "Fjellvik school"}


def test_an_assigned_analyst_reaches_members_and_everything_below_them(cast):
    everywhere = {"Samvakt", "Fjellvik", "Fjellvik school", "Fjellvik Vann", "Elvdal"}
    assert names(cast.astrid) == everywhere


def test_an_analyst_without_an_assignment_reaches_no_member(cast):
    assert names(cast.albin) == {"Samvakt"}


def test_an_agreement_that_has_run_out_closes_the_door(cast):
    Agreement.unscoped.filter(organisation=cast.elvdal).update(valid_until=date(2025, 12, 31))
    assert "Elvdal" not in names(cast.astrid)


def test_an_operators_role_gives_only_what_it_gives_at_members(cast):
    assert names(cast.ragna, Permission.RESOURCES_CHANGE) == set()
    assert "Fjellvik" in names(cast.ragna, Permission.FINDINGS_VIEW)


def test_a_stranger_sees_nothing_of_others(cast):
    assert {o.name for o in organisation_list(actor=cast.sigrid)} == {"Elvdal"}


def test_a_job_reaches_everything(cast):
    assert names(cast.job) == set(Organisation.unscoped.values_list("name", flat=True))


def test_an_employee_may_look_at_no_findings(cast):
    assert names(cast.egil, Permission.FINDINGS_VIEW) == set()
