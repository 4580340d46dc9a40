"""Letters in which somebody chooses text or receiver: bounded, signed, and without their links."""

from __future__ import annotations

import re

import pytest

from samsyn.access.models import Person
from samsyn.actions.reminding import owners_remind
from samsyn.kernel.errors import RuleViolation
from samsyn.maturity.services.preparing import participants_invite
from samsyn.messages.models import Message
from samsyn.messages.rules import linkless
from samsyn.messages.sealing import Body, unseal
from samsyn.reporting.services.telling import question_answer, question_ask
from tests.cast import NOON, TODAY, make_action
from tests.maturity.builders import make_dialogue

pytestmark = pytest.mark.django_db
LURE = "https://samsyn.evil.example/rate/x or www.evil.example, evil.example/in"
LINK = re.compile(r"\w+:[^\s:<]|www\.\S|[\w-]\.[^\W\d_]{2,}")


def written():
    """Return all that was written, as it is sent."""
    return [unseal(Body(m.text, m.html, m.sealed)) for m in Message.unscoped.order_by("pk")]


def foreign_links(text, settings, *addresses):
    for own in (settings.BASE_URL, *addresses):
        text = re.sub(rf"{re.escape(own)}[^\s\"<)]*", "", text)
    return LINK.findall(text)


def invite(cast, dialogue, people, actor="ingvild"):
    return participants_invite(
        actor=getattr(cast, actor), dialogue=dialogue, people=people, group="staff", now=NOON
    )


def test_an_invitation_says_who_invites_and_from_where(cast):
    invite(cast, make_dialogue(cast), "anna@fjellvik.example")
    (body,) = written()
    ingvild = cast.people["ingvild"]
    assert f"{ingvild.name} ({ingvild.email})" in body.text
    assert "Fjellvik" in body.text


def test_an_invitation_has_no_links_but_its_own(cast, settings):
    dialogue = make_dialogue(cast, title=LURE[:120], facilitator=LURE)
    invite(cast, dialogue, f"{LURE} <anna@fjellvik.example>")
    (body,) = written()
    assert "evil" in body.text
    assert not foreign_links(body.text, settings, cast.people["ingvild"].email)


def test_a_question_and_its_answer_have_no_links_but_their_own(cast, settings):
    question = question_ask(actor=cast.liv, organisation=cast.fjellvik, text=LURE, now=NOON)
    question_answer(actor=cast.ingvild, question=question, answer=LURE, now=NOON)
    assert len(written()) == 2
    for body in written():
        assert "evil" in body.text
        assert not foreign_links(body.text, settings)


def test_a_reminder_has_no_links_but_its_own(cast, settings):
    Person.objects.filter(pk=cast.people["jonas"].pk).update(name="evil.example/in Jonas")
    make_action(cast.fjellvik, title=LURE, due_on=TODAY, owner_person=cast.people["jonas"])
    owners_remind(actor=cast.job, now=NOON)
    (body,) = written()
    for text in (body.text, re.sub(r"<style>.*?</style>", "", body.html, flags=re.DOTALL)):
        assert "evil" in text
        assert not foreign_links(text, settings)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://evil.example", "https: //evil. example"),
        ("mailto:a@evil.example", "mailto: a@evil. example"),
        ("evil\u3002example", "evil. example"),
        ("J. R. Berg, 1.5 h, t.ex. nu", "J. R. Berg, 1.5 h, t.ex. nu"),
        ("xt.ex.evil, at.ex.", "xt. ex. evil, at. ex."),
        ("line one\nevil.example", "line one\nevil. example"),
    ],
)
def test_what_mail_programs_make_links_of_is_parted(typed, kept):
    assert linkless(typed) == kept


def test_an_invitation_goes_to_nobody_at_a_quoted_address(cast):
    with pytest.raises(RuleViolation):
        invite(cast, make_dialogue(cast), '"a b"@evil.example')
    assert not Message.unscoped.exists()
