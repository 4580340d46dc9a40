"""An action from proposal to an effect that shows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from samsyn.access.models import Membership
from samsyn.actions.models import Action, ActionEvent
from samsyn.actions.selectors import action_get, action_list
from samsyn.actions.services import (
    action_change,
    action_complete,
    action_decline,
    action_plan,
    action_propose,
    action_start,
    action_take,
    actions_complete,
    actions_postpone,
    actions_take,
    effect_check,
)
from samsyn.kernel.errors import Conflict, NotAllowed, NotFound, RuleViolation
from samsyn.organisations.models import Agreement, Assignment
from tests.cast import NOON, make_action, make_finding


def propose(cast, **fields):
    values = {"actor": cast.ingvild, "organisation": cast.fjellvik, "title": "Train all"}
    return action_propose(**(values | {"now": NOON} | fields))


def test_from_proposal_to_an_effect_that_shows(cast):
    action = propose(cast, owner_person=cast.people["jonas"], due_on=date(2026, 5, 1))
    action_plan(actor=cast.ingvild, action=action, now=NOON)
    action_start(actor=cast.jonas, action=action, now=NOON)
    action_complete(actor=cast.jonas, action=action, now=NOON, effect_question="Fewer clicks?")
    assert (action.state, action.effect_due_on) == ("done", date(2026, 6, 2))
    effect_check(actor=cast.ingvild, action=action, now=NOON, result="yes", note="Half.")
    action.refresh_from_db()
    assert (action.state, action.effect_result) == ("confirmed", "yes")
    assert "Ingvild" in action.effect_checked_by
    kinds = list(action.events.values_list("kind", flat=True))
    assert kinds == ["proposed", "moved", "moved", "moved", "checked"]


def test_without_the_effect_it_is_opened_again_and_needs_a_new_date(cast):
    action = make_action(cast.fjellvik, state="done", effect_due_on=date(2026, 3, 1))
    effect_check(actor=cast.ingvild, action=action, now=NOON, result="no", note="Still open.")
    assert (action.state, action.due_on, action.effect_due_on) == ("planned", None, None)


def test_why_it_did_not_help_must_be_said(cast):
    action = make_action(cast.fjellvik, state="done")
    with pytest.raises(RuleViolation, match="missing"):
        effect_check(actor=cast.ingvild, action=action, now=NOON, result="partly")


def test_the_database_knows_no_way_round_the_check(cast):
    action = make_action(cast.fjellvik, state="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.unscoped.filter(pk=action.pk).update(state="confirmed")


def test_what_is_not_done_cannot_be_checked(cast):
    with pytest.raises(RuleViolation, match="Only what is done"):
        effect_check(actor=cast.ingvild, action=make_action(cast.fjellvik), now=NOON, result="yes")


def test_declining_needs_a_reason_that_is_kept(cast):
    action = propose(cast)
    with pytest.raises(RuleViolation, match="why"):
        action_decline(actor=cast.ingvild, action=action, now=NOON, note=" ")
    action_decline(actor=cast.ingvild, action=action, now=NOON, note="Too dear.")
    assert action.events.last().note == "Too dear."


def test_the_horizon_follows_from_the_date(cast):
    assert propose(cast, due_on=date(2026, 12, 1)).horizon == "mid"
    assert propose(cast, horizon="later").horizon == "later"


def test_it_is_owned_by_a_person_or_a_role_never_both(cast):
    with pytest.raises(RuleViolation, match="person or by a role"):
        propose(cast, owner_person=cast.people["jonas"], owner_role="ciso")


def test_somebody_from_elsewhere_cannot_own_it(cast):
    with pytest.raises(RuleViolation, match="role in the organisation"):
        propose(cast, owner_person=cast.people["sigrid"])


def test_an_owner_leads_their_own_and_nobody_elses(cast):
    own = make_action(cast.fjellvik, owner_person=cast.people["jonas"])
    other = make_action(cast.fjellvik, owner_person=cast.people["ingvild"])
    action_start(actor=cast.jonas, action=own, now=NOON)
    with pytest.raises(NotAllowed, match="owner"):
        action_start(actor=cast.jonas, action=other, now=NOON)
    with pytest.raises(RuleViolation, match="somebody else"):
        action_take(actor=cast.jonas, action=other, now=NOON)


def test_whoever_has_the_role_leads_what_the_role_owns(cast):
    action = make_action(cast.fjellvik, owner_role="technician")
    action_start(actor=cast.jonas, action=action, now=NOON)
    assert action.state == "in_progress"
    with pytest.raises(NotAllowed):
        action_complete(actor=cast.liv, action=action, now=NOON)


def test_an_auditor_and_an_employee_change_nothing(cast):
    for who in (cast.revna, cast.egil):
        with pytest.raises(NotAllowed):
            action_propose(actor=who, organisation=cast.fjellvik, title="x", now=NOON)


def test_a_stranger_and_the_csirt_do_not_see_it(cast):
    action = make_action(cast.fjellvik)
    for who in (cast.sigrid, cast.albin, cast.astrid, cast.ragna, cast.egil):
        with pytest.raises(NotFound):
            action_get(actor=who, pk=action.pk)


def begin_ciso(cast):
    """Let Samvakt be Fjellvik's virtual CISO, and Ragna work for it."""
    agreement = Agreement.unscoped.create(
        organisation=cast.fjellvik,
        operator=cast.samvakt,
        service="ciso",
        valid_from=date(2025, 1, 1),
    )
    Assignment.unscoped.create(
        organisation=cast.samvakt,
        person=cast.people["ragna"],
        service="ciso",
        agreement=agreement,
    )


def test_a_virtual_ciso_sees_and_leads_by_an_agreement_on_that_service(cast):
    action = make_action(cast.fjellvik)
    begin_ciso(cast)
    found = action_get(actor=cast.ragna, pk=action.pk)
    action_start(actor=cast.ragna, action=found, now=NOON)
    assert not action_list(actor=cast.astrid).exists()
    assert not action_list(actor=cast.ragna).exclude(organisation=cast.fjellvik).exists()


def test_the_second_of_two_is_told_and_nothing_is_overwritten(cast):
    action = make_action(cast.fjellvik)
    first, second = (action_get(actor=cast.ingvild, pk=action.pk) for _ in range(2))
    action_change(actor=cast.ingvild, action=first, now=NOON, seen=1, title="First")
    with pytest.raises(Conflict):
        action_change(actor=cast.ingvild, action=second, now=NOON, seen=1, title="Second")
    action.refresh_from_db()
    assert (action.title, action.version) == ("First", 2)


def test_the_second_is_shown_both_on_the_page_and_keeps_what_was_typed(client, cast):
    action = make_action(cast.fjellvik)
    url = f"/actions/{action.pk}/change/"
    given = {"title": "Mine", "area": "risk", "priority": 1, "horizon": "near", "version": 1}
    client.be(cast.people["ingvild"])
    assert client.post(url, given | {"title": "Theirs"}).status_code == 302
    answer = client.post(url, given)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Both versions" in text
    assert "Theirs" in text
    assert 'value="Mine"' in text
    assert Action.unscoped.get(pk=action.pk).title == "Theirs"
    assert client.post(url, given | {"version": 2}).status_code == 302
    assert Action.unscoped.get(pk=action.pk).title == "Mine"


def test_an_owner_who_has_left_is_flagged_and_listed(client, cast):
    action = make_action(cast.fjellvik, owner_person=cast.people["jonas"])
    kept = make_action(cast.fjellvik, title="Kept", owner_person=cast.people["ingvild"])
    assert not action_list(actor=cast.ingvild, owner="gone").exists()
    Membership.unscoped.filter(person=cast.people["jonas"]).update(ended_on="2026-03-01")
    assert list(action_list(actor=cast.ingvild, owner="gone")) == [action]
    page = client.be(cast.people["ingvild"]).get("/actions/?owner=gone").content.decode()
    assert "has left" in page
    assert kept.title not in page
    assert "has left" in client.get(action.get_absolute_url()).content.decode()


def test_a_serving_virtual_ciso_has_not_left(cast):
    make_action(cast.fjellvik, owner_person=cast.people["ragna"])
    begin_ciso(cast)
    assert not action_list(actor=cast.ingvild, owner="gone").exists()
    Agreement.unscoped.filter(organisation=cast.fjellvik).update(valid_until="2025-12-31")
    assert action_list(actor=cast.ingvild, owner="gone").exists()


def test_a_unit_s_action_owned_from_above_is_not_left(cast):
    make_action(cast.school, owner_person=cast.people["ingvild"])
    assert not action_list(actor=cast.ingvild, owner="gone").exists()


@pytest.mark.parametrize(
    ("owner", "titles"),
    [
        ("me", {"mine"}),
        ("nobody", {"free"}),
        ("rciso", {"role"}),
        ("p999", set()),
        ("p", set()),
        ("nonsense", set()),
    ],
)
def test_the_list_is_narrowed_by_owner(cast, owner, titles):
    make_action(cast.fjellvik, title="mine", owner_person=cast.people["ingvild"])
    make_action(cast.fjellvik, title="free")
    make_action(cast.fjellvik, title="role", owner_role="ciso")
    assert {a.title for a in action_list(actor=cast.ingvild, owner=owner)} == titles


def test_overdue_is_what_is_undone_after_its_date_or_unchecked(cast):
    yesterday = timezone.localdate() - timedelta(days=1)
    make_action(cast.fjellvik, title="late", due_on=yesterday)
    make_action(cast.fjellvik, title="today", due_on=timezone.localdate())
    make_action(cast.fjellvik, title="check", state="done", effect_due_on=yesterday)
    make_action(cast.fjellvik, title="declined", state="declined", due_on=yesterday)
    found = {a.title for a in action_list(actor=cast.ingvild, overdue=True)}
    assert found == {"late", "check"}


def test_several_are_taken_done_and_postponed_at_once(cast):
    actions = [make_action(cast.fjellvik, due_on=date(2028, 1, 31)) for _ in range(3)]
    closed = make_action(cast.fjellvik, state="declined")
    actions_take(actor=cast.jonas, actions=[*actions, closed])
    actions_postpone(actor=cast.ingvild, actions=actions)
    assert {a.due_on for a in actions} == {date(2028, 2, 29)}
    actions_complete(actor=cast.jonas, actions=[*actions, closed])
    assert {a.state for a in actions} == {"done"}
    assert closed.owner_person_id is None


def test_the_list_acts_on_several_rows(client, cast):
    actions = [make_action(cast.fjellvik) for _ in range(2)]
    given = {"act": "start", "chosen": [a.pk for a in actions]}
    assert client.be(cast.people["ingvild"]).post("/actions/", given).status_code == 302
    assert Action.unscoped.filter(state="in_progress").count() == 2


def test_from_a_finding(client, cast):
    finding = make_finding(cast.fjellvik)
    client.be(cast.people["ingvild"])
    page = client.get(finding.get_absolute_url()).content.decode()
    url = f"/actions/new/?for=findings.Finding-{finding.pk}"
    assert url in page
    assert "198.18.0.7" in client.get(url).content.decode()
    given = {"title": "Close it", "area": "incidents", "priority": 1, "owner": "rtechnician"}
    answer = client.post(url, given)
    action = Action.unscoped.get()
    assert answer["Location"] == action.get_absolute_url()
    assert (action.source, action.source_id) == ("finding", finding.pk)
    assert finding.get_absolute_url() in client.get(action.get_absolute_url()).content.decode()
    assert "Close it" in client.get(finding.get_absolute_url()).content.decode()


def test_from_another_organisations_finding_is_not_found(client, cast):
    finding = make_finding(cast.elvdal, subject="198.18.4.1")
    client.be(cast.people["ingvild"])
    assert client.get(f"/actions/new/?for=findings.Finding-{finding.pk}").status_code == 404


def test_the_board_moves_by_a_button_and_comes_back(client, cast):
    action = make_action(cast.fjellvik)
    client.be(cast.people["ingvild"])
    board = client.get("/actions/board/?area=").content.decode()
    assert f"/actions/{action.pk}/start/" in board
    answer = client.post(f"/actions/{action.pk}/start/", {"back": "/actions/board/?area="})
    assert answer["Location"] == "/actions/board/?area="
    away = client.post(f"/actions/{action.pk}/done/", {"back": "https://elvdal.example/"})
    assert away.status_code == 422  # asks how the effect is seen, and goes nowhere else


def test_the_board_never_leads_elsewhere(client, cast):
    action = make_action(cast.fjellvik)
    client.be(cast.people["ingvild"])
    answer = client.post(f"/actions/{action.pk}/start/", {"back": "//elvdal.example/actions/"})
    assert answer["Location"] == action.get_absolute_url()


@pytest.mark.parametrize("month", ["", "2026-04", "2028-02", "0001-01", "9999-12", "x", "2026-13"])
def test_the_calendar_shows_any_month_and_survives_nonsense(client, cast, month):
    make_action(cast.fjellvik, due_on=date(2026, 4, 2))
    answer = client.be(cast.people["ingvild"]).get("/actions/calendar/", {"month": month})
    assert answer.status_code == 200
    if month == "2026-04":
        assert "Close remote desktop" in answer.content.decode()


def test_a_formula_in_a_title_is_no_formula_in_a_sheet(client, cast):
    make_action(cast.fjellvik, title='=HYPERLINK("http://elvdal.example")')
    answer = client.be(cast.people["ingvild"]).get("/actions/?export=csv")
    sheet = b"".join(answer.streaming_content).decode()
    assert "\"'=HYPERLINK" in sheet


def test_a_title_of_marks_is_text_on_every_page(client, cast):
    action = make_action(cast.fjellvik, title="<script>x</script>", why="<b>bold</b>")
    client.be(cast.people["ingvild"])
    for url in ("/actions/", "/actions/board/", "/actions/calendar/?month=2026-04",
                action.get_absolute_url()):  # fmt: skip
        page = client.get(url).content.decode()
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page


def test_twenty_thousand_cost_as_many_queries_as_two(client, cast, django_assert_max_num_queries):
    make_action(cast.fjellvik, owner_person=cast.people["jonas"])
    client.be(cast.people["ingvild"])
    with django_assert_max_num_queries(22):
        client.get("/actions/board/")


def test_the_command_lists_as_json(cast, capsys):
    make_action(cast.fjellvik)
    call_command("action_list", "--json", organisation="Fjellvik", actor="ingvild")
    assert '"state": "planned"' in capsys.readouterr().out


def test_the_api_proposes_changes_and_moves(client, cast):
    from samsyn.access.services import token_create

    secret = token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="x").secret
    more = {"headers": {"Authorization": f"Bearer {secret}"}, "content_type": "application/json"}
    given = {"organisation_id": cast.fjellvik.pk, "title": "By program", "due_on": "2026-05-01"}
    made = client.post("/api/actions", given, **more).json()
    assert made["state"] == "proposed"
    url = f"/api/actions/{made['id']}"
    changed = client.patch(url, {"version": made["version"], "why": "Because."}, **more)
    assert changed.json()["why"] == "Because."
    assert changed.json()["title"] == "By program"
    stale = client.patch(url, {"version": made["version"], "why": "Other."}, **more)
    assert stale.status_code == 409
    for step, state in (("plan", "planned"), ("complete", "done")):
        assert client.post(f"{url}/move", {"step": step}, **more).json()["state"] == state
    refused = client.post(f"{url}/move", {"step": "decline", "note": "x"}, **more)
    assert refused.status_code == 422


def test_what_the_api_does_not_ask_for_changes_nothing(client, cast):
    from samsyn.access.services import token_create

    secret = token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="x").secret
    more = {"headers": {"Authorization": f"Bearer {secret}"}, "content_type": "application/json"}
    planted = {"id": 17, "state": "confirmed", "effect": "yes", "source_id": 1, "version": 99}
    given = {"organisation_id": cast.fjellvik.pk, "title": "By program", "due_on": "2026-05-01"}
    assert client.post("/api/actions", {**planted, **given}, **more).status_code == 422
    assert not Action.unscoped.exists()
    made = client.post("/api/actions", given, **more).json()
    kept = Action.unscoped.get(pk=made["id"])
    assert (kept.state, kept.version) == ("proposed", made["version"])
    planted = {"organisation_id": cast.elvdal.pk, "state": "confirmed", "owner_id": cast.elvdal.pk}
    change = {**planted, "version": made["version"], "why": "Because."}
    assert client.patch(f"/api/actions/{made['id']}", change, **more).status_code == 422
    kept.refresh_from_db()
    assert (kept.state, kept.organisation_id) == ("proposed", cast.fjellvik.pk)


def test_every_change_is_on_the_trail(cast):
    from samsyn.audit.models import Entry

    action = propose(cast)
    action_plan(actor=cast.ingvild, action=action, now=NOON)
    acts = Entry.objects.filter(object_type="actions.Action").values_list("action", flat=True)
    assert sorted(acts) == ["actions.action_plan", "actions.action_propose"]
    assert ActionEvent.unscoped.count() == 2
