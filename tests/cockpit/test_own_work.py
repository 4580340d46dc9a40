"""A member's page says what it is doing; only to those whose own work it is."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from samsyn.actions.services import action_plan, action_propose
from samsyn.maturity.services.preparing import dialogue_move
from tests.cast import NOON
from tests.maturity.builders import agree, make_dialogue


def made(cast, title, due_on):
    action = action_propose(
        actor=cast.ingvild, organisation=cast.fjellvik, title=title, due_on=due_on, now=NOON
    )
    return action_plan(actor=cast.ingvild, action=action, now=NOON)


def page(client, cast, name):
    url = f"/members/{cast.fjellvik.pk}/"
    return client.be(cast.people[name]).get(url).content.decode()


def test_the_late_ones_come_first_and_are_counted(client, cast):
    made(cast, "Later", timezone.localdate() + timedelta(days=30))
    made(cast, "Long ago", date(2025, 1, 1))
    text = page(client, cast, "ingvild")
    assert "1 is late." in text
    assert text.index("Long ago") < text.index("Later")


def test_a_csirt_does_not_see_a_members_own_work(client, cast):
    made(cast, "Between us", date(2025, 1, 1))
    assert "Between us" not in page(client, cast, "astrid")


def test_the_newest_dialogue_is_drawn(client, cast):
    dialogue = make_dialogue(cast, "meeting")
    agree(cast, dialogue, 2)
    assert "How mature we are" not in page(client, cast, "liv")
    dialogue_move(actor=cast.ingvild, dialogue=dialogue, step="closed", now=NOON)
    assert "How mature we are" in page(client, cast, "liv")
