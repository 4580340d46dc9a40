"""The CISO's words on the areas, and what management asks between meetings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor, job_actor
from samsyn.access.commands import command
from samsyn.access.limits import require_room
from samsyn.access.models import Person
from samsyn.access.permissions import Permission
from samsyn.kernel.errors import RuleViolation
from samsyn.messages.services import Draft, message_enqueue
from samsyn.reporting.content import area_keys
from samsyn.reporting.keeping import check
from samsyn.reporting.letters import answer_letter, question_letter
from samsyn.reporting.models import AreaWord, Judged, Question
from samsyn.reporting.selectors import cisos_of, is_reader


@command(Permission.REPORTING_LEAD)
def area_word_write(
    *,
    actor: Actor,
    organisation: Any,
    area: str,
    text: str,
    now: datetime,
    judged: str = Judged.UNKNOWN,
) -> AreaWord:
    """Say how an area stands, in words; what was said before is kept.

    Args:
        organisation: whose area it is.
        area: key of the area.
        text: the words.
        now: when they are written.
        judged: one of Judged.

    Raises:
        RuleViolation: there is no such area, or nothing is said.

    """
    if area not in area_keys():
        raise RuleViolation(_("There is no such area."), field="area")
    word = AreaWord(
        organisation=organisation, area=area, text=text.strip(), judged=judged,
        written_at=now, written_by=actor.label[:200],
    )  # fmt: skip
    check(word)
    word.save()
    return word


@command(Permission.REPORTING_ASK)
def question_ask(
    *, actor: Actor, organisation: Any, text: str, now: datetime, area: str = ""
) -> Question:
    """Ask the CISO something; whoever is CISO gets it by mail too.

    Raises:
        RuleViolation: nothing is asked, there is no such area, or many have been asked today.

    """
    if area and area not in area_keys():
        raise RuleViolation(_("There is no such area."), field="area")
    asked = Question.unscoped.filter(  # scope: a number
        organisation=organisation, asked_at__gt=now - timedelta(days=1)
    )
    require_room("questions_a_day", asked, of=organisation.pk)
    question = Question(
        organisation=organisation, text=text.strip(), area=area, asked_by_id=actor.person_id,
        asked_at=now,
    )  # fmt: skip
    check(question)
    question.save()
    for person in cisos_of(organisation):
        _send(question, person, question_letter(question, person), now, "asked")
    return question


@command(Permission.REPORTING_LEAD)
def question_answer(*, actor: Actor, question: Question, answer: str, now: datetime) -> Question:
    """Answer a question; who asked it gets the answer by mail too.

    Raises:
        RuleViolation: nothing is said, or it has been answered already.

    """
    if not answer.strip():
        raise RuleViolation(_("Write an answer."), field="answer")
    question.answer = answer.strip()
    question.answered_at, question.answered_by = now, actor.label[:200]
    check(question)
    _keep_answer(question)
    asker = question.asked_by
    if asker is not None and asker.is_active and is_reader(asker, question.organisation):
        _send(question, asker, answer_letter(question, asker), now, "answered")
    return question


def _keep_answer(question: Question) -> None:
    """Write the answer unless there is one: somebody else may have answered since it was read."""
    names = ("answer", "answered_at", "answered_by")
    values = {name: getattr(question, name) for name in names}
    rows = Question.unscoped.filter(  # scope: one found in scope
        pk=question.pk, answered_at__isnull=True
    )
    if not rows.update(**values):
        raise RuleViolation(_("It has been answered already."))


def _send(question: Question, person: Person, draft: Draft, now: datetime, why: str) -> None:
    message_enqueue(
        actor=job_actor("reporting.question"),
        organisation=question.organisation,
        operator=question.organisation,
        draft=draft,
        dedupe_key=f"question:{question.pk}:{why}:{person.pk}",
        about={"type": "reporting.Question", "ids": [question.pk]},
        now=now,
    )
