"""Owners are reminded in time, in their language, and of nothing twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from samsyn.access.models import Membership
from samsyn.actions.models import SentReminder
from samsyn.actions.reminding import DueAction, owner_remind, owners_remind
from samsyn.audit.models import Entry
from samsyn.jobs.registry import run_now
from samsyn.kernel.errors import NotAllowed
from samsyn.messages.models import Message
from samsyn.messages.selectors import may_read
from samsyn.organisations.models import Agreement, Assignment
from tests.cast import NOON, TODAY, make_action

DUE = date(2026, 3, 10)


def remind(cast, at=NOON):
    return owners_remind(actor=cast.job, now=at)


def letters():
    return list(Message.unscoped.filter(kind="reminder").order_by("pk"))


def test_one_letter_tells_an_owner_of_all_that_is_due(cast):
    for number in range(3):
        make_action(
            cast.fjellvik, title=f"Task {number}", due_on=DUE, owner_person=cast.people["jonas"]
        )
    assert remind(cast).for_trail() == {"letters": 1, "actions": 3, "nobody": 0}
    (letter,) = letters()
    assert letter.to == "jonas@fjellvik.example"
    assert letter.operator == cast.samvakt
    assert all(f"Task {n}" in letter.text and f"Task {n}" in letter.html for n in range(3))
    assert "Task" not in letter.subject


def test_nothing_is_told_twice_and_each_stage_once(cast):
    make_action(cast.fjellvik, due_on=DUE, owner_person=cast.people["jonas"])
    days = [NOON + timedelta(days=n) for n in range(30)]
    sent = [remind(cast, at).letters for at in days]
    assert sum(sent) == 3
    assert [d.date() for d, n in zip(days, sent, strict=True) if n] == [
        date(2026, 3, 2),
        date(2026, 3, 7),
        date(2026, 3, 11),
    ]
    assert SentReminder.unscoped.count() == 3


def test_a_new_date_is_told_of_anew(cast):
    action = make_action(cast.fjellvik, due_on=DUE, owner_person=cast.people["jonas"])
    remind(cast)
    action.due_on = DUE + timedelta(days=1)
    action.save()
    assert remind(cast).letters == 1


def test_the_letter_is_in_the_owners_language(cast):
    person = cast.people["jonas"]
    person.language = "sv"
    person.save()
    make_action(cast.fjellvik, due_on=DUE, owner_person=person)
    remind(cast)
    assert letters()[0].language == "sv"


def test_a_role_s_holders_are_reminded(cast):
    make_action(cast.fjellvik, due_on=DUE, owner_role="ciso")
    remind(cast)
    assert [m.to for m in letters()] == ["ingvild@fjellvik.example"]


def test_who_has_left_is_not_reminded_and_it_is_counted(cast):
    make_action(cast.fjellvik, due_on=DUE, owner_person=cast.people["jonas"])
    make_action(cast.fjellvik, due_on=DUE)
    Membership.unscoped.filter(person=cast.people["jonas"]).update(ended_on="2026-03-01")
    assert remind(cast).for_trail() == {"letters": 0, "actions": 0, "nobody": 2}


def test_a_virtual_ciso_whose_agreement_has_ended_is_not_reminded(cast):
    ragna = cast.people["ragna"]
    agreed = Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=cast.samvakt, service="ciso", valid_from=TODAY
    )
    Assignment.unscoped.create(organisation=cast.samvakt, person=ragna, service="ciso")
    make_action(cast.fjellvik, due_on=DUE, owner_person=ragna)
    make_action(cast.fjellvik, due_on=DUE, owner_person=ragna, title="Another")
    assert remind(cast).letters == 1
    agreed.delete()
    SentReminder.unscoped.all().delete()
    assert remind(cast).for_trail() == {"letters": 0, "actions": 0, "nobody": 2}


def test_an_effect_check_is_reminded_of(cast):
    make_action(
        cast.fjellvik,
        state="done",
        due_on=date(2025, 12, 1),
        effect_due_on=DUE,
        owner_person=cast.people["jonas"],
    )
    remind(cast)
    assert "effect is to be checked" in letters()[0].text


def test_one_organisation_s_actions_never_stand_in_another_s_letter(cast):
    person = cast.people["jonas"]
    Membership.unscoped.create(person=person, organisation=cast.elvdal, role="technician")
    make_action(cast.fjellvik, title="Of Fjellvik", due_on=DUE, owner_person=person)
    make_action(cast.elvdal, title="Of Elvdal", due_on=DUE, owner_person=person)
    remind(cast)
    for letter in letters():
        assert f"Of {letter.organisation.name}" in letter.text
    assert "Of Elvdal" not in next(m for m in letters() if m.organisation == cast.fjellvik).text


def test_the_csirt_does_not_read_a_reminder(cast):
    make_action(cast.fjellvik, due_on=DUE, owner_person=cast.people["jonas"])
    remind(cast)
    assert not may_read(actor=cast.astrid, message=letters()[0])
    assert may_read(actor=cast.ingvild, message=letters()[0])


def test_the_night_when_the_clock_is_changed_counts_as_one_day(cast):
    make_action(cast.fjellvik, due_on=date(2026, 3, 28), owner_person=cast.people["jonas"])
    before = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    remind(cast, before)
    assert remind(cast, before + timedelta(hours=1)).letters == 1  # the 29th, in Oslo: late
    assert remind(cast, before + timedelta(hours=2)).letters == 0


def test_the_job_runs(cast):
    make_action(cast.fjellvik, due_on=date(2020, 1, 1), owner_person=cast.people["jonas"])
    assert run_now("actions_remind", actor=cast.job)["letters"] == 1


def remind_one(cast, actor, *actions):
    return owner_remind(
        actor=actor,
        organisation=cast.fjellvik,
        operator=cast.samvakt,
        person=cast.people["jonas"],
        due=[DueAction(action=each, stage="ahead", due_on=DUE) for each in actions],
        now=NOON,
    )


def test_one_letter_to_one_owner_is_written_noted_and_put_on_record(cast):
    first, second = make_action(cast.fjellvik, due_on=DUE), make_action(cast.fjellvik, due_on=DUE)
    sent = remind_one(cast, cast.astrid, first, second)
    assert {row.action_id for row in sent} == {first.pk, second.pk}
    assert {(row.person.name, row.stage, row.due_on, row.sent_at) for row in sent} == {
        ("Jonas", "ahead", DUE, NOON)
    }
    (letter,) = letters()
    assert letter.about == {"type": "actions.Action", "ids": [first.pk, second.pk]}
    entry = Entry.objects.filter(action="actions.owner_remind").first()
    assert entry.person_id == cast.people["astrid"].pk


def test_of_what_was_told_already_the_owner_is_not_told_again(cast):
    old, new = make_action(cast.fjellvik, due_on=DUE), make_action(cast.fjellvik, due_on=DUE)
    remind_one(cast, cast.job, old)
    assert [row.action_id for row in remind_one(cast, cast.job, old, new)] == [new.pk]
    assert letters()[1].about["ids"] == [new.pk]
    assert remind_one(cast, cast.job, old, new) == []
    assert len(letters()) == 2


@pytest.mark.parametrize("name", ["ingvild", "jonas", "ragna", "henrik", "albin", "sigrid"])
def test_who_may_not_write_letters_there_reminds_nobody(cast, name):
    with pytest.raises(NotAllowed):
        remind_one(cast, getattr(cast, name), make_action(cast.fjellvik, due_on=DUE))
    assert not letters()
    assert not SentReminder.unscoped.exists()
