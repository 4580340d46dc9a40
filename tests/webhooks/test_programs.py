"""Webhooks by the API and on the command line: the same rules, and no secret but the new one."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from samsyn.webhooks.models import Webhook
from tests.api.programs import Program
from tests.webhooks.builders import ADDRESS, SUPPLIERS, happen, make_webhook, told

pytestmark = pytest.mark.django_db


def given(cast, **more):
    return {"organisation_id": cast.fjellvik.pk, "name": "By a program", "address": ADDRESS, **more}


def test_a_program_adds_tests_and_reads_one(cast, receiver):
    program = Program(cast, "ingvild")
    body = given(cast, address=receiver.url(), kinds=SUPPLIERS)
    made = program.send("post", "/api/webhooks", body).json()
    assert made["secret"].startswith("whsec_")
    one = f"/api/webhooks/{made['id']}"
    assert "whsec_" not in program.send("get", one).content.decode()
    test = program.send("post", f"{one}/test").json()
    happen(cast)
    assert told() == {"delivered": 2}
    outcome = program.send("get", f"/api/webhooks/deliveries/{test['id']}").json()
    assert (outcome["state"], outcome["status"], outcome["type"]) == ("delivered", 200, "test")
    rows = program.send("get", f"{one}/deliveries").json()["items"]
    assert [row["type"] for row in rows] == [*SUPPLIERS, "test"]
    again = program.send("post", f"/api/webhooks/deliveries/{rows[0]['id']}/resend")
    assert again.json()["state"] == "waiting"
    assert program.send("post", f"/api/webhooks/deliveries/{rows[0]['id']}/skip").status_code == 200


def test_a_program_changes_pauses_and_renews(cast):
    program = Program(cast, "ingvild")
    made = program.send("post", "/api/webhooks", given(cast)).json()
    one = f"/api/webhooks/{made['id']}"
    change = {"name": "Renamed", "version": made["version"]}
    assert program.send("patch", one, change).json()["name"] == "Renamed"
    assert program.send("patch", one, change).status_code == 409
    assert program.send("post", f"{one}/pause").json()["state"] == "paused"
    assert program.send("post", f"{one}/resume").json()["state"] == "on"
    renewed = program.send("post", f"{one}/secret").json()["secret"]
    assert renewed != made["secret"]
    assert program.send("post", f"{one}/retire").json()["state"] == "retired"
    assert program.send("get", "/api/webhooks").json()["count"] == 0


def test_everything_is_asked_for_by_a_word_and_never_by_an_empty_list(cast):
    program = Program(cast, "ingvild")
    made = program.send("post", "/api/webhooks", given(cast, kinds=SUPPLIERS)).json()
    one = f"/api/webhooks/{made['id']}"
    change = {"kinds": [], "version": made["version"]}
    for answer in (
        program.send("patch", one, change),
        program.send("post", "/api/webhooks", given(cast, name="Another", kinds=[])),
    ):
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert (error["field"], '["*"]' in error["message"]) == ("kinds", True)
    assert Webhook.unscoped.get().kinds == SUPPLIERS
    assert program.send("patch", one, change | {"kinds": ["*"]}).json()["kinds"] == ["*"]
    assert Webhook.unscoped.get().kinds == []
    mixed = {"kinds": ["*", *SUPPLIERS], "version": made["version"] + 1}
    assert program.send("patch", one, mixed).status_code == 422


def test_a_program_finds_what_can_be_told_with_its_words(cast):
    found = Program(cast, "ingvild").send("get", "/api/webhooks/kinds").json()
    wanted = {"code": SUPPLIERS[0], "room": "Suppliers", "words": "Added a supplier"}
    assert wanted in found
    codes = [each["code"] for each in found]
    answer = Program(cast, "ingvild").send("post", "/api/webhooks", given(cast, kinds=codes))
    assert answer.status_code == 200


def test_a_delivery_has_the_events_id_and_where_it_happened(cast, receiver):
    webhook = make_webhook(cast, address=receiver.url(), kinds=SUPPLIERS)
    happen(cast)
    told()
    rows = Program(cast, "ingvild").send("get", f"/api/webhooks/{webhook.pk}/deliveries").json()
    [row] = rows["items"]
    assert row["event_id"] == receiver.received[0].headers["webhook-id"]
    assert row["organisation_id"] == cast.fjellvik.pk


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": "http://hook.fjellvik.example/"}, "address"),
        ({"address": "https://169.254.169.254/"}, "address"),
        ({"kinds": ["no.such"]}, "kinds"),
        ({"kinds": ["reading.opened"]}, "kinds"),
        ({"covers": "everybody"}, "covers"),
        ({"seen_number": 0}, "seen_number"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_name(cast, wrong, field):
    answer = Program(cast, "ingvild").send("post", "/api/webhooks", given(cast, **wrong))
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert not Webhook.unscoped.exists()


def test_the_console_lists_and_tests(cast, receiver):
    webhook = make_webhook(cast, address=receiver.url(), kinds=SUPPLIERS)
    said = run("webhook_list", actor="ingvild@fjellvik.example")
    assert said == f"{webhook.pk}\tFjellvik\tThe desk\ton\t{receiver.url()}\n"
    assert run("webhook_list", actor="sigrid@elvdal.example") == ""
    run("webhook_test", webhook.pk, actor="ingvild@fjellvik.example")
    happen(cast)
    told()
    said = run("webhook_deliveries", webhook.pk, actor="ingvild@fjellvik.example")
    assert [line.split("\t")[2:] for line in said.splitlines()] == [
        ["suppliers.supplier_add", "delivered", "200", "1"],
        ["test", "delivered", "200", "1"],
    ]
    with pytest.raises(SystemExit):
        run("webhook_deliveries", webhook.pk, actor="sigrid@elvdal.example")


def run(name, *args, **options):
    out = StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()
