"""Who works for which member is said on the operator's page, on the console and by programs."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import call_command

from samsyn.access.permissions import Role
from samsyn.access.services import token_create
from samsyn.audit.models import Entry
from samsyn.organisations.models import Agreement, Assignment
from samsyn.organisations.selectors import assignment_list
from tests.cast import make_finding, make_person


def page_of(cast):
    return f"/organisations/{cast.samvakt.pk}/"


def form_of(cast):
    return f"{page_of(cast)}assignments/new/"


def of(cast, name):
    return assignment_list(actor=cast.job).filter(person=cast.people[name])


def agreement(cast, service="csirt", **fields):
    if service == "ciso":
        Agreement.unscoped.create(
            organisation=cast.fjellvik, operator=cast.samvakt, service=service,
            valid_from=date(2025, 1, 1), **fields,
        )  # fmt: skip
    return Agreement.unscoped.get(organisation=cast.fjellvik, service=service)


def ask(client, cast, name, path, body=None):
    token = token_create(actor=getattr(cast, name), person=cast.people[name], name="x").secret
    headers = {"Authorization": f"Bearer {token}"}
    return client.post(path, body or {}, content_type="application/json", headers=headers)


def test_an_administrator_lets_an_invited_analyst_reach_one_member(client, cast):
    finding = make_finding(cast.fjellvik).get_absolute_url()
    other = make_finding(cast.elvdal).get_absolute_url()
    assert client.be(cast.people["albin"]).get(finding).status_code == 404
    given = {"person": cast.people["albin"].pk, "members": agreement(cast).pk}
    answer = client.be(cast.people["henrik"]).post(form_of(cast), given)
    assert answer.headers.get("Location") == page_of(cast), answer.content.decode()
    assert "Albin" in client.get(page_of(cast)).content.decode()
    assert client.be(cast.people["albin"]).get(finding).status_code == 200
    assert client.get(other).status_code == 404
    client.be(cast.people["henrik"]).post(
        f"/organisations/assignments/{of(cast, 'albin')[0].pk}/end/"
    )
    assert client.be(cast.people["albin"]).get(finding).status_code == 404
    actions = ("organisations.assignment_give", "organisations.assignment_end")
    for action in actions:
        entry = Entry.objects.get(action=action, organisation_id=cast.samvakt.pk)
        assert entry.actor.startswith("Henrik"), entry.actor
        assert entry.organisation_id == cast.samvakt.pk


def choices(client, cast, name):
    form = client.be(cast.people[name]).get(form_of(cast)).context["form"]
    return {str(k) for k, _ in form.fields["person"].choices}, {
        str(k) for k, _ in form.fields["members"].choices
    }


def test_the_form_offers_only_what_the_service_allows(client, cast):
    ciso = agreement(cast, "ciso")
    ended = Agreement.unscoped.get(organisation=cast.elvdal)
    ended.valid_until = date(2025, 6, 1)
    ended.save()
    people, members = choices(client, cast, "henrik")
    assert people == {str(cast.people[name].pk) for name in ("astrid", "albin", "ragna")}
    assert members == {"csirt", str(agreement(cast).pk), str(ciso.pk)}


def test_who_is_assigned_to_no_member_offers_none(client, cast):
    of(cast, "henrik").update(ended_on=date(2026, 1, 1))
    assert choices(client, cast, "henrik")[1] == set()


@pytest.mark.parametrize("name", ["astrid", "albin", "ragna", "ingvild", "sigrid", "egil"])
def test_nobody_else_sees_the_panel_or_the_form(client, cast, name):
    browser = client.be(cast.people[name])
    assert b"assignments/new/" not in browser.get(page_of(cast)).content
    assert browser.get(form_of(cast)).status_code in {403, 404}
    given = {"person": cast.people["albin"].pk, "members": "csirt"}
    assert browser.post(form_of(cast), given).status_code in {403, 404}
    end = f"/organisations/assignments/{of(cast, 'astrid')[0].pk}/end/"
    assert browser.post(end).status_code in {403, 404}
    assert of(cast, "astrid").exists()


def test_a_member_has_no_such_panel(client, cast):
    page = client.be(cast.people["henrik"]).get(f"/organisations/{cast.fjellvik.pk}/")
    assert b"assignments/new/" not in page.content
    path = f"/organisations/{cast.fjellvik.pk}/assignments/new/"
    assert client.get(path).status_code == 404


def test_programs_assign_and_end(client, cast):
    given = {"person_id": cast.people["albin"].pk, "service": "csirt",
             "agreement_id": agreement(cast).pk}  # fmt: skip
    answer = ask(client, cast, "henrik", "/api/assignments", given)
    assert answer.status_code == 200, answer.content
    made = answer.json()
    assert made["agreement_id"] == given["agreement_id"]
    end = f"/api/assignments/{made['id']}/end"
    assert ask(client, cast, "astrid", end).status_code == 404
    assert ask(client, cast, "henrik", end).json()["ended_on"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"service": "ciso"}, 403),  # is not assigned to all of it
        ({"agreement_id": 2**31}, 404),
        ({"agreement_id": 2**70}, 400),
        ({"service": "other"}, 422),
        ({"person_id": 2**31}, 404),
    ],
)
def test_what_the_service_refuses_a_program_is_refused_too(client, cast, given, status):
    body = {"person_id": cast.people["albin"].pk, "service": "csirt"} | given
    answer = ask(client, cast, "henrik", "/api/assignments", body)
    assert answer.status_code == status, answer.content
    assert not of(cast, "albin").exists()


def test_a_members_person_is_not_the_operators(client, cast):
    body = {"person_id": cast.people["ingvild"].pk, "service": "csirt"}
    assert ask(client, cast, "henrik", "/api/assignments", body).status_code == 404


@pytest.mark.parametrize("name", ["ragna", "ingvild", "liv", "sigrid"])
def test_only_who_signs_for_the_operator_records_an_agreement(client, cast, name):
    body = {"organisation_id": cast.fjellvik.pk, "service": "ciso"}
    assert ask(client, cast, name, "/api/agreements", body).status_code in {403, 404}
    assert not Agreement.unscoped.filter(service="ciso").exists()


def test_a_program_offers_a_member_an_agreement(client, cast):
    body = {"organisation_id": cast.fjellvik.pk, "service": "ciso", "valid_from": "2026-03-02"}
    made = ask(client, cast, "henrik", "/api/agreements", body).json()
    assert (made["service"], made["valid_from"], made["accepted_on"]) == (
        "ciso", "2026-03-02", None
    )  # fmt: skip


def test_the_console_assigns_lists_and_ends(cast, capsys):
    agreement(cast)
    call_command("assignment_give", "albin", member="Fjellvik", actor="henrik")
    assert of(cast, "albin").get().agreement == agreement(cast)
    capsys.readouterr()
    call_command("assignment_list", json=True)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    mine = next(row for row in rows if row["person"].startswith("albin"))
    assert (mine["operator"], mine["service"], mine["member"]) == ("Samvakt", "csirt", "Fjellvik")
    call_command("assignment_end", str(mine["id"]), actor="henrik")
    assert not of(cast, "albin").exists()


def test_the_console_names_one_of_several_operators(cast, capsys):
    from tests.cast import make_organisation

    nordvakt = make_organisation("Nordvakt", kind="operator")
    nora = make_person("nora", nordvakt, Role.ANALYST)
    with pytest.raises(SystemExit):
        call_command("assignment_give", nora.email)
    call_command("assignment_give", nora.email, operator="Nordvakt", service="ciso")
    found = Assignment.unscoped.get(person=nora)
    assert (found.organisation, found.service, found.agreement) == (nordvakt, "ciso", None)


def test_the_console_records_an_agreement(cast, capsys):
    call_command("agreement_sign", "Utmark", service="ciso", since=date(2026, 3, 2))
    found = Agreement.unscoped.get(organisation=cast.utmark)
    assert (found.operator, found.service, found.valid_from) == (
        cast.samvakt, "ciso", date(2026, 3, 2)
    )  # fmt: skip
    capsys.readouterr()
    call_command("agreement_sign", "Fjellvik", service="ciso", actor="henrik")
    assert "waits for the member to accept it" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("Nowhere",), ("Elvdal", "sigrid")])
def test_the_console_says_what_it_does_not_find_or_allow(cast, words):
    with pytest.raises(SystemExit) as ended:
        call_command("agreement_sign", words[0], service="ciso", actor=(words[1:] or (None,))[0])
    assert ended.value.code not in {0, None}
    assert not Agreement.unscoped.filter(service="ciso").exists()
