"""Decisions: recorded once, bound to what was decided on, replaced by newer ones."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from samsyn.actions.deciding import decision_record
from samsyn.actions.decision_selectors import decision_list, standing_of, subjects_of
from samsyn.actions.models import Decision, DecisionSubject
from samsyn.actions.services import action_change
from samsyn.documents.receiving import pieces_take
from samsyn.documents.services import version_add
from samsyn.kernel.errors import NotAllowed, RuleViolation
from tests.cast import NOON, TODAY, make_action, make_decision, make_document, make_finding


def record(cast, **fields):
    values = {
        "actor": cast.liv,
        "organisation": cast.fjellvik,
        "title": "Two factors",
        "text": "Approved.",
        "outcome": "approved",
        "decided_on": TODAY,
        "decided_by": "Management group",
        "now": NOON,
    }
    return decision_record(**(values | fields))


def test_an_approved_proposal_is_to_be_done_and_a_declined_one_is_not(cast):
    yes, no, later = (make_action(cast.fjellvik, state="proposed") for _ in range(3))
    for action, outcome in ((yes, "approved"), (no, "declined"), (later, "deferred")):
        record(cast, subjects=[action], outcome=outcome)
    assert [a.state for a in (yes, no, later)] == ["planned", "declined", "proposed"]
    assert yes.events.last().kind == "decided"


def test_an_approval_says_when_what_it_approved_has_changed(cast):
    action = make_action(cast.fjellvik, cost=100)
    decision = record(cast, subjects=[action])
    assert [s.state for s in subjects_of(actor=cast.liv, decision=decision)] == ["same"]
    action_change(actor=cast.ingvild, action=action, now=NOON, area="risk")
    assert [s.state for s in subjects_of(actor=cast.liv, decision=decision)] == ["same"]
    action_change(actor=cast.ingvild, action=action, now=NOON, cost=900)
    assert [s.state for s in subjects_of(actor=cast.liv, decision=decision)] == ["changed"]


def test_an_approved_document_is_bound_to_its_content(cast, home):
    document = make_document(cast.fjellvik)
    decision = record(cast, subjects=[document])
    newer = pieces_take([b"%PDF-1.7 newer"], name="a.pdf")
    version_add(actor=cast.ingvild, document=document, content=newer)
    assert [s.state for s in subjects_of(actor=cast.liv, decision=decision)] == ["changed"]


def test_the_page_of_an_action_says_that_it_has_changed_since(client, cast):
    action = make_action(cast.fjellvik)
    record(cast, subjects=[action])
    action_change(actor=cast.ingvild, action=action, now=NOON, title="Something else")
    page = client.be(cast.people["liv"]).get(action.get_absolute_url()).content.decode()
    assert "Changed since" in page


def refuses(act):
    """Say whether the database refuses an act."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return "never changed" in str(error)
    return False


def test_the_database_refuses_to_change_or_delete_one(cast):
    decision = record(cast, subjects=[make_action(cast.fjellvik)])
    rows = Decision.unscoped.filter(pk=decision.pk)
    about = DecisionSubject.unscoped.filter(decision=decision)
    assert refuses(lambda: rows.update(title="Rewritten"))
    assert refuses(lambda: rows._raw_delete(rows.db))
    assert refuses(lambda: about.update(name="Rewritten"))
    assert refuses(lambda: about._raw_delete(about.db))


def test_a_newer_one_replaces_it_once(cast):
    older = record(cast)
    newer = record(cast, replaces=older, title="Two factors for all")
    older = Decision.unscoped.get(pk=older.pk)
    assert standing_of(older, today=TODAY) == "replaced"
    assert standing_of(newer, today=TODAY) == "in_force"
    with pytest.raises(RuleViolation, match="already"):
        record(cast, replaces=older)


def test_what_has_run_out_says_so(cast):
    made = make_decision(cast.fjellvik, valid_until=TODAY)
    assert standing_of(made, today=TODAY) == "in_force"
    assert standing_of(made, today=TODAY + timedelta(days=1)) == "run_out"
    found = decision_list(actor=cast.liv, standing="run_out", today=TODAY + timedelta(days=1))
    assert list(found) == [made]


def test_one_on_a_leap_day_holds_that_day(cast):
    made = make_decision(cast.fjellvik, valid_until=date(2028, 2, 29))
    assert standing_of(made, today=date(2028, 2, 29)) == "in_force"
    assert standing_of(made, today=date(2028, 3, 1)) == "run_out"


def test_none_is_recorded_before_it_is_taken_or_after_it_has_run_out(cast):
    with pytest.raises(RuleViolation, match="when it has been taken"):
        record(cast, decided_on=TODAY + timedelta(days=1))
    with pytest.raises(RuleViolation, match="run out before"):
        record(cast, valid_until=TODAY - timedelta(days=1))


def test_nothing_is_decided_about_what_cannot_be(cast):
    with pytest.raises(RuleViolation, match="this kind"):
        record(cast, subjects=[make_finding(cast.fjellvik)])
    with pytest.raises((RuleViolation, NotAllowed)):
        record(cast, subjects=[make_action(cast.elvdal)])


def test_a_technician_records_none(cast):
    with pytest.raises(NotAllowed):
        record(cast, actor=cast.jonas)


def test_management_decides_by_the_form(client, cast):
    action = make_action(cast.fjellvik, state="proposed", title="Buy keys", why="Break-ins.")
    client.be(cast.people["liv"])
    url = f"/decisions/new/?for=actions.Action-{action.pk}"
    page = client.get(url).content.decode()
    assert "Buy keys" in page
    assert "Break-ins." in page
    given = {
        "title": "Buy keys",
        "outcome": "approved",
        "text": "Yes.",
        "decided_on": "2026-03-02",
        "decided_by": "Management",
        "present": "Liv\n\n Ingvild \n",
    }
    answer = client.post(url, given)
    decision = Decision.unscoped.get()
    assert answer["Location"] == decision.get_absolute_url()
    assert decision.present == ["Liv", "Ingvild"]
    action.refresh_from_db()
    assert action.state == "planned"
    assert "Buy keys" in client.get(decision.get_absolute_url()).content.decode()


def test_replacing_by_the_form(client, cast):
    older = make_decision(cast.fjellvik)
    client.be(cast.people["liv"])
    url = f"/decisions/new/?replaces={older.pk}"
    given = {
        "title": "Newer",
        "outcome": "approved",
        "text": "x",
        "decided_on": "2026-03-02",
        "decided_by": "y",
        "replaces": str(older.pk),
    }
    assert client.get(url).status_code == 200
    assert client.post(url, given).status_code == 302
    page = client.get(older.get_absolute_url()).content.decode()
    assert "Newer" in page


@pytest.mark.parametrize("query", ["replaces=x", "replaces=99999", "for=x"])
def test_nonsense_in_the_address_is_not_found(client, cast, query):
    assert client.be(cast.people["liv"]).get(f"/decisions/new/?{query}").status_code == 404


def test_the_command_lists_as_json(cast, capsys):
    make_decision(cast.fjellvik)
    call_command("decision_list", "--json")
    assert '"standing": "in_force"' in capsys.readouterr().out


def test_the_api_records_and_shows(client, cast):
    from samsyn.access.services import token_create

    action = make_action(cast.fjellvik, state="proposed")
    secret = token_create(actor=cast.liv, person=cast.people["liv"], name="x").secret
    more = {"headers": {"Authorization": f"Bearer {secret}"}, "content_type": "application/json"}
    given = {
        "organisation_id": cast.fjellvik.pk,
        "title": "x",
        "text": "y",
        "outcome": "approved",
        "decided_on": "2026-03-02",
        "decided_by": "z",
        "about": [f"actions.Action-{action.pk}"],
    }
    made = client.post("/api/decisions", given, **more)
    assert made.status_code == 200, made.content
    assert made.json()["subjects"][0]["state"] == "same"
    action.refresh_from_db()
    assert action.state == "planned"
