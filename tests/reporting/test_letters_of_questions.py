"""Who gets a question to the CISO, and its answer, by mail: whoever may read them there now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.messages.models import Message
from samsyn.organisations.models import Agreement, Assignment
from samsyn.reporting.services.telling import question_answer
from tests.cast import NOON, TODAY
from tests.reporting.builders import make_question


@pytest.fixture
def served(cast):
    """Fjellvik has no CISO of its own any more; it has agreed to a virtual one."""
    end(cast.ingvild)
    return Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=cast.samvakt, service="ciso", valid_from=TODAY
    )


def assign(cast, agreement=None, **fields):
    given = {"organisation": cast.samvakt, "person": cast.people["ragna"], "service": "ciso"}
    return Assignment.unscoped.create(agreement=agreement, **(given | fields))


def end(actor):
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.unscoped.filter(person_id=actor.person_id).update(ended_on=yesterday)


def written_to():
    return list(Message.unscoped.order_by("pk").values_list("to", flat=True))


@pytest.mark.parametrize("is_one_by_one", [True, False])
def test_a_virtual_ciso_is_asked_by_mail(cast, served, is_one_by_one):
    assign(cast, served if is_one_by_one else None)
    make_question(cast)
    assert written_to() == [cast.people["ragna"].email]


def test_who_has_left_the_security_centre_is_not_asked_by_mail(cast, served):
    assign(cast, served)
    end(cast.ragna)
    make_question(cast)
    assert written_to() == []


def test_an_assignment_under_another_operator_brings_no_mail(cast, served):
    assign(cast, served, organisation=cast.utmark)
    make_question(cast)
    assert written_to() == []


def test_who_asked_and_has_left_gets_no_answer_by_mail(cast):
    question = make_question(cast)
    Message.unscoped.all().delete()
    end(cast.liv)
    question_answer(actor=cast.ingvild, question=question, answer="Two days.", now=NOON)
    assert written_to() == []
