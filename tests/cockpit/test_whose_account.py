"""What people do to their own accounts is in the log of where they are, while they are there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.models import ApiToken, Membership
from samsyn.access.permissions import Role
from samsyn.access.services import (
    factors_remove,
    membership_end,
    membership_grant,
    password_link_give,
    sessions_end,
    token_create,
    token_revoke,
)
from samsyn.audit.services import record
from tests.cast import make_organisation, make_person
from tests.cockpit.test_change_log import lines, said, sign_in
from tests.organisations.boundary import second_operator

CONSOLE = Actor("console:root", is_system=True)


def newcomer(cast):
    """Return somebody who has had an account before they get their role at Fjellvik."""
    person = make_person("kim", cast.utmark, Role.EMPLOYEE)
    Membership.unscoped.filter(person=person).update(ended_on=timezone.localdate())
    return person


def test_what_was_before_a_role_is_not_shown_by_it_also_on_the_same_day(cast):
    person = newcomer(cast)
    sign_in(person)
    token_create(actor=CONSOLE, person=person, name="before")
    membership_grant(
        actor=cast.job, organisation=cast.fjellvik, email=person.email, name="Kim", role="auditor"
    )
    assert [line.who for line in lines(cast.ingvild, kind="sign_in")] == []
    sign_in(person)
    assert [line.who for line in lines(cast.ingvild, kind="sign_in")] == ["Kim"]


def test_nor_what_comes_after_its_end_on_the_same_day(cast):
    sign_in(cast.people["jonas"])
    held = Membership.unscoped.get(person=cast.people["jonas"])
    membership_end(actor=cast.ingvild, membership=held, on=timezone.localdate())
    sign_in(cast.people["jonas"])
    assert len(lines(cast.ingvild, kind="sign_in")) == 1


def test_a_role_from_before_the_moments_were_kept_counts_by_its_days(cast):
    sign_in(cast.people["jonas"])
    held = Membership.unscoped.filter(person=cast.people["jonas"])
    held.update(given_at=None)
    assert len(lines(cast.ingvild, kind="sign_in")) == 1
    held.update(since=timezone.localdate() + timedelta(days=1))
    assert lines(cast.ingvild, kind="sign_in") == []


def test_the_name_of_a_token_is_the_persons_and_their_security_centres(client, cast):
    for name in ("jonas", "astrid", "ingvild"):
        person = cast.people[name]
        token = token_create(actor=getattr(cast, name), person=person, name=f"secret {name}")
        client.get("/api/organisations", headers={"Authorization": f"Bearer {token.secret}"})
    seen = str(said(cast.ingvild))
    assert "Made an API token" in seen
    assert "secret jonas" not in seen
    assert "secret ingvild" in seen
    seen = str(said(cast.henrik))
    assert "secret astrid" in seen
    assert "secret jonas" not in seen
    assert lines(cast.ingvild, person="secret jonas") == []
    assert lines(cast.ingvild, person="jonas@fjellvik") != []


@pytest.mark.parametrize("deed", [password_link_give, sessions_end, factors_remove])
def test_what_the_console_does_to_an_account_is_shown_where_the_person_is(cast, deed):
    second_operator(cast)
    deed(actor=CONSOLE, person=cast.people["astrid"])
    assert [line.thing for line in lines(cast.henrik)] == ["Astrid"]
    assert lines(cast.nils) == []
    assert lines(cast.ingvild) == []
    deed(actor=CONSOLE, person=cast.people["jonas"])
    assert [line.thing for line in lines(cast.ingvild)] == ["Jonas"]
    assert lines(cast.nils) == []


def test_so_is_a_token_that_the_console_ends(cast):
    second_operator(cast)
    token = token_create(actor=cast.jonas, person=cast.people["jonas"], name="monitor")
    token_revoke(actor=CONSOLE, token=ApiToken.objects.get(pk=token.pk))
    assert "Ended an API token" in str(said(cast.ingvild))
    assert lines(cast.nils) == []


def test_an_older_entry_that_does_not_say_whose_is_shown_to_the_only_operator(cast):
    record(actor="console:root", person_id=None, action="access.sessions_end", changes={"ended": 1})
    assert len(lines(cast.henrik)) == 1
    make_organisation("Nordvakt", kind="operator")
    assert lines(cast.henrik) == []
