"""Who signs, accepts and ends agreements, and what they open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.access.permissions import Permission, Role
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.organisations.models import Agreement, Assignment
from samsyn.organisations.serving import (
    agreement_accept,
    agreement_end,
    agreement_withdraw,
)
from tests.organisations.boundary import (
    OWN_WORK,
    TODAY,
    reached,
    second_operator,
    sign,
)


@pytest.mark.parametrize("name", ["ingvild", "liv", "ragna", "jonas"])
def test_only_the_operators_analysts_and_administrators_sign(cast, name):
    with pytest.raises(NotAllowed):
        sign(cast, getattr(cast, name), cast.fjellvik)


def test_only_a_security_centre_has_members(cast):
    Membership.unscoped.create(
        person=cast.people["henrik"], organisation=cast.elvdal, role=Role.CISO
    )
    with pytest.raises((RuleViolation, NotAllowed)):
        sign(cast, cast.henrik, cast.fjellvik, operator=cast.elvdal)


def test_a_virtual_ciso_is_let_in_only_when_the_member_accepts(cast):
    Assignment.unscoped.create(
        organisation=cast.samvakt, person=cast.people["ragna"], service="ciso"
    )
    offer = sign(cast, cast.henrik, cast.fjellvik)
    assert "Fjellvik" not in reached(cast.ragna, OWN_WORK)
    for name in ("henrik", "astrid", "jonas", "sigrid"):
        with pytest.raises(NotAllowed):
            agreement_accept(actor=getattr(cast, name), agreement=offer, today=TODAY)
    agreement_accept(actor=cast.liv, agreement=offer, today=TODAY)
    assert "Fjellvik" in reached(cast.ragna, OWN_WORK)
    assert offer.accepted_by.startswith("Liv")
    with pytest.raises(RuleViolation, match="already accepted"):
        agreement_accept(actor=cast.liv, agreement=offer, today=TODAY)


def test_a_member_without_people_has_nobody_to_ask(cast):
    assert sign(cast, cast.henrik, cast.vann).accepted_on is not None


def test_an_offer_that_has_ended_is_not_accepted(cast):
    offer = sign(cast, cast.henrik, cast.fjellvik, valid_until=TODAY)
    with pytest.raises(RuleViolation, match="not accepted in time"):
        agreement_accept(actor=cast.liv, agreement=offer, today=TODAY + timedelta(days=1))
    assert agreement_accept(actor=cast.liv, agreement=offer, today=TODAY).accepted_on == TODAY


def test_a_member_declines_or_ends_a_virtual_ciso_and_it_closes_at_once(cast):
    Assignment.unscoped.create(
        organisation=cast.samvakt, person=cast.people["ragna"], service="ciso"
    )
    today = timezone.localdate()
    agreed = sign(cast, cast.henrik, cast.fjellvik, valid_from=today)
    agreement_accept(actor=cast.ingvild, agreement=agreed, today=today)
    assert "Fjellvik" in reached(cast.ragna, OWN_WORK)
    agreement_withdraw(actor=cast.ingvild, agreement=agreed, today=today)
    assert "Fjellvik" not in reached(cast.ragna, OWN_WORK)


@pytest.mark.parametrize("name", ["ingvild", "liv"])
def test_a_member_leaves_its_csirt_by_itself(cast, name):
    kept = Agreement.unscoped.get(organisation=cast.fjellvik)
    with pytest.raises(NotAllowed):
        agreement_withdraw(actor=cast.jonas, agreement=kept, today=timezone.localdate())
    with pytest.raises(NotAllowed):
        agreement_end(actor=cast.ingvild, agreement=kept, on=TODAY)
    agreement_withdraw(actor=getattr(cast, name), agreement=kept, today=timezone.localdate())
    assert "Fjellvik" not in reached(cast.astrid, Permission.FINDINGS_VIEW)


def test_one_operator_does_not_end_anothers_agreement(cast):
    nordvakt, _sjovik = second_operator(cast)
    shared = Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=nordvakt, service="ciso", valid_from=TODAY
    )
    with pytest.raises(NotAllowed):
        agreement_end(actor=cast.henrik, agreement=shared, on=TODAY)
    own = Agreement.unscoped.get(organisation=cast.elvdal)
    later = timezone.localdate() + timedelta(days=30)
    assert agreement_end(actor=cast.henrik, agreement=own, on=later).valid_until == later
    with pytest.raises(RuleViolation, match="ends by itself"):
        agreement_end(actor=cast.henrik, agreement=own, on=later)
