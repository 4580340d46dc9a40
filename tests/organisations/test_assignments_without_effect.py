"""The operator's page, the console and programs say which assignments open nothing, and why."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.access.services import token_create
from samsyn.organisations.models import Assignment
from samsyn.organisations.serving import (
    agreement_end,
    agreement_withdraw,
    assignment_end,
    assignment_give,
)
from samsyn.ui.moments import day_text
from tests.organisations.boundary import sign


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def agreed(cast, today):
    """A virtual CISO at Vann, where nobody has to accept it, and Ragna is assigned."""
    made = sign(cast, cast.henrik, cast.vann, valid_from=today - timedelta(days=5))
    give(cast, made)
    return made


def give(cast, agreement):
    return assignment_give(
        actor=cast.henrik,
        operator=cast.samvakt,
        person=cast.people["ragna"],
        service="ciso",
        agreement=agreement,
    )


def panel(client, cast):
    answer = client.be(cast.people["henrik"]).get(f"/organisations/{cast.samvakt.pk}/")
    text = answer.content.decode()
    return text[text.index("Assignments") :]


def test_one_whose_agreement_has_ended_is_below_and_says_so(client, cast, agreed, today):
    assert "Without effect" not in panel(client, cast)
    agreement_end(actor=cast.henrik, agreement=agreed, on=today - timedelta(days=1))
    again = sign(cast, cast.henrik, cast.vann, valid_from=today)
    give(cast, again)
    present, _fold, over = panel(client, cast).partition("Without effect (1)")
    assert present.count("Fjellvik Vann · virtual CISO") == 1
    assert f"no effect: the agreement ended {day_text(today)}" in over


def test_one_that_was_ended_is_below_and_cannot_be_ended_again(client, cast, agreed, today):
    mine = Assignment.unscoped.get(agreement=agreed)
    assignment_end(actor=cast.henrik, assignment=mine, on=today)
    present, _fold, over = panel(client, cast).partition("Without effect (1)")
    assert f"ended {day_text(today)}" in over
    assert f"assignments/{mine.pk}/end/" not in present + over


def test_one_of_whoever_has_left_the_operator_is_below(client, cast, agreed, today):
    Membership.unscoped.filter(person=cast.people["ragna"]).update(ended_on=today)
    _present, _fold, over = panel(client, cast).partition("Without effect")
    assert "no effect: has no role at the security centre" in over


def test_an_offer_not_accepted_and_a_later_beginning_open_nothing_yet(client, cast, agreed, today):
    offer = sign(cast, cast.henrik, cast.fjellvik, valid_from=today)
    give(cast, offer)
    begins = today + timedelta(days=9)
    agreed.valid_from = begins
    agreed.save()
    present = panel(client, cast)
    assert "no effect until the offer is accepted" in present
    assert f"no effect before {day_text(begins)}" in present
    agreement_withdraw(actor=cast.liv, agreement=offer, today=today)
    assert "no effect: the offer was not accepted" in panel(client, cast)


def test_console_and_programs_are_told_too(client, cast, agreed, today, capsys):
    agreement_end(actor=cast.henrik, agreement=agreed, on=today - timedelta(days=1))
    why = f"no effect: the agreement ended {day_text(today)}"
    call_command("assignment_list", json=True)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [r["person"] for r in rows if r["opens_nothing_because"] == why] == [
        cast.people["ragna"].email
    ]
    key = token_create(actor=cast.henrik, person=cast.people["henrik"], name="x").secret
    said = client.get("/api/assignments", headers={"Authorization": f"Bearer {key}"}).content
    assert re.search(why, said.decode())
