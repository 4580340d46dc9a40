"""What management asks and the CISO says: once answered, the newest words first, nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samsyn.access.permissions import Role
from samsyn.kernel.errors import RuleViolation
from samsyn.messages.models import Message
from samsyn.reporting import selectors
from samsyn.reporting.content import area_keys
from samsyn.reporting.models import AreaWord, Question
from samsyn.reporting.picture import picture_of
from samsyn.reporting.room import ROOM
from samsyn.reporting.services.telling import area_word_write, question_answer, question_ask
from tests.cast import NOON, TODAY, make_organisation, make_person
from tests.reporting.builders import make_question

DAY = timedelta(days=1)


def ask(cast, **fields):
    given = {"text": "How long?", "now": NOON} | fields
    return question_ask(actor=cast.liv, organisation=cast.fjellvik, **given)


def answer(cast, question, text="Two days."):
    return question_answer(actor=cast.ingvild, question=question, answer=text, now=NOON)


def write(cast, area="risks", text="Two are bad.", now=NOON, **fields):
    return area_word_write(
        actor=cast.ingvild, organisation=cast.fjellvik, area=area, text=text, now=now, **fields
    )


def anew(question):
    return Question.unscoped.get(pk=question.pk)


def test_a_question_keeps_who_asked_when_and_about_what(cast):
    kept = anew(ask(cast, text="  How long? ", area="incidents"))
    assert (kept.text, kept.area, kept.asked_at) == ("How long?", "incidents", NOON)
    assert kept.asked_by == cast.people["liv"]
    assert (kept.answer, kept.answered_at) == ("", None)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_is_not_asked(cast, text):
    with pytest.raises(RuleViolation):
        ask(cast, text=text)
    assert not Message.unscoped.exists()


def test_an_area_that_does_not_exist_is_neither_asked_about_nor_described(cast):
    for deed in (ask, write):
        with pytest.raises(RuleViolation, match="no such area") as refused:
            deed(cast, area="weather")
        assert refused.value.field == "area"


def test_questions_of_the_last_day_count_and_older_ones_do_not(cast):
    most = ROOM.limits["questions_a_day"].most
    rows = {"organisation": cast.fjellvik, "text": "x"}
    Question.unscoped.bulk_create(Question(asked_at=NOON - DAY, **rows) for _n in range(most))
    ask(cast)
    Question.unscoped.update(asked_at=NOON - DAY + timedelta(seconds=1))
    with pytest.raises(RuleViolation, match="asked in a day"):
        ask(cast)
    ask(cast, now=NOON + DAY)


def test_the_questions_of_others_do_not_use_up_ours(cast):
    most = ROOM.limits["questions_a_day"].most
    Question.unscoped.bulk_create(
        Question(organisation=cast.elvdal, text="x", asked_at=NOON) for _n in range(most)
    )
    assert ask(cast).pk


def test_an_answer_is_kept_with_who_gave_it_and_mailed_once(cast):
    question = ask(cast)
    Message.unscoped.all().delete()
    kept = anew(answer(cast, question, "  Two days. "))
    assert (kept.answer, kept.answered_at) == ("Two days.", NOON)
    assert kept.answered_by.startswith("Ingvild")
    (mail,) = Message.unscoped.all()
    assert mail.to == cast.people["liv"].email
    assert "Two days." in mail.text
    assert "How long?" in mail.text


def test_an_empty_answer_is_refused_at_its_field(cast):
    with pytest.raises(RuleViolation, match="Write an answer") as refused:
        answer(cast, ask(cast), " \n ")
    assert refused.value.field == "answer"


def test_the_second_of_two_who_answer_is_told_and_the_first_answer_stays(cast):
    first = ask(cast)
    second = anew(first)
    answer(cast, first, "Two days.")
    Message.unscoped.all().delete()
    with pytest.raises(RuleViolation, match="answered already"):
        answer(cast, second, "Two weeks.")
    assert anew(first).answer == "Two days."
    assert not Message.unscoped.exists()


def test_who_asked_and_may_no_longer_sign_in_gets_no_answer_by_mail(cast):
    question = ask(cast)
    Message.unscoped.all().delete()
    cast.people["liv"].is_active = False
    cast.people["liv"].save()
    answer(cast, anew(question))
    assert not Message.unscoped.exists()


def test_each_ciso_is_asked_by_mail_in_their_own_language(cast):
    second = make_person("solveig", cast.fjellvik, Role.CISO)
    type(second).objects.filter(pk=second.pk).update(language="nb")
    make_question(cast)
    mails = {mail.to: mail for mail in Message.unscoped.all()}
    assert set(mails) == {cast.people["ingvild"].email, second.email}
    assert mails[second.email].language == "nb"
    assert mails[second.email].subject != mails[cast.people["ingvild"].email].subject


def test_a_unit_is_answered_for_by_the_ciso_above_and_a_company_by_its_own(cast):
    assert selectors.cisos_of(cast.school) == [cast.people["ingvild"]]
    assert selectors.leaders_of(cast.school) == [cast.people["liv"]]
    assert selectors.cisos_of(cast.vann) == []
    own = make_person("vigdis", cast.vann, Role.CISO)
    assert selectors.cisos_of(cast.vann) == [own]
    assert selectors.cisos_of(cast.fjellvik) == [cast.people["ingvild"]]


def test_who_has_left_or_may_not_sign_in_answers_for_nothing(cast):
    cast.people["ingvild"].is_active = False
    cast.people["ingvild"].save()
    assert selectors.cisos_of(cast.fjellvik) == []
    assert selectors.is_reader(cast.people["liv"], cast.fjellvik)
    assert not selectors.is_reader(cast.people["liv"], cast.elvdal)
    assert not selectors.is_reader(cast.people["jonas"], cast.fjellvik)


def test_questions_are_listed_newest_first_and_by_organisation(cast):
    old, new = ask(cast, now=NOON - DAY), ask(cast)
    assert list(selectors.question_list(actor=cast.liv)) == [new, old]
    rows = selectors.question_list(actor=cast.liv, organisation=cast.elvdal.pk)
    assert not rows.exists()


def test_the_newest_words_of_each_area_stand_and_the_older_are_kept(cast):
    write(cast, text="First", now=NOON - DAY)
    newest = write(cast, text=" Second ", judged="act")
    other = write(cast, "incidents", "Calm")
    whose = {"actor": cast.liv, "organisation": cast.fjellvik.pk}
    assert selectors.words_now(**whose) == {"risks": newest, "incidents": other}
    assert (newest.text, newest.judged, other.judged) == ("Second", "act", "unknown")
    texts = [word.text for word in selectors.word_list(area="risks", **whose)]
    assert texts == ["Second", "First"]
    assert selectors.words_now(actor=cast.liv, organisation=cast.elvdal.pk) == {}


def test_a_warning_stands_however_often_other_areas_are_described(cast):
    write(cast, "risks", "The harbour burns.", now=NOON - 300 * DAY, judged="act")
    AreaWord.unscoped.bulk_create(
        AreaWord(
            organisation=cast.fjellvik, area="incidents", text=f"Week {n}", judged="good",
            written_at=NOON - n * timedelta(hours=1), written_by="Ingvild",
        )
        for n in range(201)
    )  # fmt: skip
    picture = picture_of(actor=cast.liv, organisation=cast.fjellvik, today=TODAY)
    lights = {area.key: area.light for area in picture.areas}
    assert (lights["risks"], lights["incidents"]) == ("act", "good")


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_words_that_say_nothing_or_too_much_are_refused(cast, text):
    with pytest.raises(RuleViolation):
        write(cast, text=text)
    assert not AreaWord.unscoped.exists()


def test_a_judgement_that_does_not_exist_is_refused(cast):
    with pytest.raises(RuleViolation):
        write(cast, judged="splendid")


@pytest.mark.parametrize("key", area_keys())
def test_each_area_can_be_described_and_is_worth_what_the_ciso_says(cast, key):
    write(cast, key, judged="act")
    picture = picture_of(actor=cast.liv, organisation=cast.fjellvik, today=TODAY)
    assert next(area for area in picture.areas if area.key == key).light == "act"
    elsewhere = make_organisation("Havby")
    assert selectors.words_now(actor=cast.job, organisation=elsewhere.pk) == {}
