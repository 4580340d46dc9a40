"""Nobody is told more than the person who answers for the webhook may see right then."""

from __future__ import annotations

import json
from datetime import date

import pytest

from samsyn.access.models import Membership, Person
from samsyn.access.permissions import Permission
from samsyn.access.selectors import actor_of, actor_of_token
from samsyn.access.services import token_create
from samsyn.audit.models import Entry
from samsyn.cockpit.log_lines import lines_of
from samsyn.contacts.services import contact_add
from samsyn.kernel.errors import NotAllowed, NotFound, RuleViolation
from samsyn.messages.models import Message
from samsyn.organisations.models import Agreement, Assignment
from samsyn.suppliers.services import supplier_add
from samsyn.webhooks.models import Delivery, Webhook
from samsyn.webhooks.selectors import (
    body_seen,
    delivery_get,
    delivery_list,
    webhook_get,
    webhook_list,
)
from samsyn.webhooks.services import delivery_resend, webhook_add, webhook_change, webhook_resume
from tests.cast import NOON
from tests.webhooks.builders import Clock, happen, make_webhook, rows_of, told

pytestmark = pytest.mark.django_db
KINDS = ["suppliers.supplier_add", "organisations.contact_add"]


def hook(cast, receiver, **facts):
    return make_webhook(cast, **{"address": receiver.url(), "kinds": KINDS, **facts})


def contact(cast, organisation, email="vakt@new.example"):
    return contact_add(actor=cast.job, organisation=organisation, purpose="technical", email=email)


def events(receiver):
    return [json.loads(came.body) for came in receiver.received]


def test_an_organisation_is_told_only_of_its_own(cast, receiver):
    hook(cast, receiver)
    contact(cast, cast.elvdal)
    contact(cast, cast.vann)
    contact(cast, cast.school)
    assert told() == {}
    contact(cast, cast.fjellvik)
    assert told() == {"delivered": 1}


def test_with_its_units_it_is_told_of_them_and_of_no_company_or_stranger(cast, receiver):
    hook(cast, receiver, covers="all")
    for place in (cast.elvdal, cast.vann, cast.school, cast.utmark):
        contact(cast, place)
    told()
    assert [event["organisation"]["name"] for event in events(receiver)] == ["Fjellvik school"]


def test_an_operator_is_told_of_the_members_that_it_serves_while_it_does(cast, receiver):
    hook(cast, receiver, by="henrik", covers="all")
    contact(cast, cast.fjellvik)
    contact(cast, cast.utmark)
    assert told() == {"delivered": 1}
    Agreement.unscoped.filter(organisation=cast.fjellvik).update(valid_until=date(2026, 1, 1))
    contact(cast, cast.fjellvik, "again@new.example")
    contact(cast, cast.elvdal)
    told()
    names = [event["organisation"]["name"] for event in events(receiver)]
    assert names == ["Fjellvik", "Elvdal"]


def test_a_role_elsewhere_opens_nothing_to_the_organisations_receiver(cast, receiver):
    person = cast.people["ingvild"]
    Membership.unscoped.create(person=person, organisation=cast.elvdal, role="ciso")
    hook(cast, receiver, covers="all")
    contact(cast, cast.elvdal)
    assert told() == {}


def test_of_what_the_person_may_not_see_there_it_does_not_say_which_thing(cast, receiver):
    hook(cast, receiver, by="henrik", covers="all", with_names=True)
    happen(cast)
    contact(cast, cast.fjellvik)
    told()
    supplier, added = events(receiver)
    assert supplier["type"] == "suppliers.supplier_add"
    assert supplier["object"] is None
    assert added["object"]["type"] == "organisations.Contact"


def test_an_assignment_that_ends_before_it_is_sent_keeps_it_back(cast, receiver):
    clock = Clock()
    webhook = hook(cast, receiver, by="henrik", covers="all")
    receiver.answers["/ok"] = 500
    contact(cast, cast.fjellvik)
    told(clock)
    receiver.answers.clear()
    receiver.received.clear()
    Assignment.unscoped.filter(person=cast.people["henrik"]).update(ended_on=date(2026, 3, 1))
    clock.move(minutes=2)
    assert told(clock) == {"withheld": 1}
    assert receiver.received == []
    assert [row.state for row in rows_of(webhook)] == ["withheld"]


@pytest.mark.parametrize("way", ["role ended", "narrower role", "left"])
def test_without_rights_it_is_switched_off_and_others_are_told(cast, receiver, way):
    clock = Clock()
    person = cast.people["ingvild"]
    other = Person.objects.create(email="ny@fjellvik.example", name="Ny", language="sv")
    Membership.unscoped.create(person=other, organisation=cast.fjellvik, role="ciso")
    webhook = hook(cast, receiver)
    receiver.answers["/ok"] = 500
    happen(cast)
    told(clock)
    receiver.received.clear()
    held = Membership.unscoped.filter(person=person)
    if way == "role ended":
        held.update(ended_on=date(2026, 3, 1))
    elif way == "narrower role":
        held.update(role="auditor")
    else:
        Person.objects.filter(pk=person.pk).update(is_active=False)
    clock.move(minutes=2)
    assert told(clock) == {"stopped": 1}
    assert receiver.received == []
    webhook.refresh_from_db()
    assert (webhook.state, webhook.reason) == ("off", "no_rights")
    letters = Message.unscoped.filter(subject__contains="The desk")
    assert "ny@fjellvik.example" in letters.values_list("to", flat=True)
    receiver.answers.clear()
    webhook_resume(actor=actor_of(other), webhook=webhook, now=clock.now)
    assert told(clock) == {"delivered": 1}
    webhook.refresh_from_db()
    assert webhook.person == other


def test_without_rights_nothing_is_even_noted(cast, receiver):
    webhook = hook(cast, receiver)
    Membership.unscoped.filter(person=cast.people["ingvild"]).update(role="auditor")
    contact(cast, cast.fjellvik)
    assert told() == {}
    webhook.refresh_from_db()
    assert webhook.reason == "no_rights"
    assert not Delivery.unscoped.exists()


def narrowed(cast, *permissions):
    only = [p.value for p in permissions]
    return actor_of_token(
        token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="x", only=only)
    )


def test_a_token_made_for_less_is_told_less(cast, receiver):
    actor = narrowed(cast, Permission.WEBHOOKS_MANAGE, Permission.TRAIL_VIEW)
    webhook_add(
        actor=actor,
        organisation=cast.fjellvik,
        name="By a program",
        address=receiver.url(),
        kinds=KINDS,
        now=NOON,
    )
    happen(cast)
    told()
    assert [event["object"] for event in events(receiver)] == [None]


def test_a_token_that_may_not_see_the_change_log_makes_no_webhook(cast):
    actor = narrowed(cast, Permission.WEBHOOKS_MANAGE)
    make = {"organisation": cast.fjellvik, "name": "x", "address": "https://x.example/"}
    with pytest.raises(RuleViolation, match="change log"):
        webhook_add(actor=actor, now=NOON, **make)


def test_a_job_answers_for_no_webhook(cast):
    make = {"organisation": cast.fjellvik, "name": "x", "address": "https://x.example/"}
    with pytest.raises(RuleViolation, match="person"):
        webhook_add(actor=cast.job, now=NOON, **make)


@pytest.mark.parametrize("who", ["sigrid", "jonas", "revna", "egil", "astrid", "henrik", "liv"])
def test_nobody_else_sees_or_changes_a_webhook(cast, who):
    webhook = make_webhook(cast)
    actor = getattr(cast, who)
    assert not webhook_list(actor=actor).exists()
    with pytest.raises(NotFound):
        webhook_get(actor=actor, pk=webhook.pk)
    with pytest.raises(NotFound):
        delivery_list(actor=actor, pk=webhook.pk)
    with pytest.raises(NotAllowed):
        webhook_change(actor=actor, webhook=webhook, name="Mine")


def test_whoever_looks_at_a_webhook_sees_of_its_deliveries_what_they_may(cast, receiver):
    person = Person.objects.create(email="ny@samvakt.example", name="Ny", language="en")
    Membership.unscoped.create(person=person, organisation=cast.samvakt, role="administrator")
    webhook = hook(cast, receiver, by="henrik", covers="all")
    contact(cast, cast.fjellvik)
    told()
    other = actor_of(person)
    [row] = rows_of(webhook)
    assert list(delivery_list(actor=cast.henrik, pk=webhook.pk)) == [row]
    assert list(delivery_list(actor=other, pk=webhook.pk)) == []
    with pytest.raises(NotFound):
        delivery_get(actor=other, pk=row.pk)


def test_what_was_sent_is_shown_to_whoever_may_see_the_thing(cast, receiver):
    webhook = hook(cast, receiver)
    happen(cast)
    told()
    row = rows_of(webhook)[0]
    assert "suppliers" in body_seen(actor=cast.ingvild, delivery=row)
    small = narrowed(cast, Permission.WEBHOOKS_MANAGE, Permission.TRAIL_VIEW)
    assert body_seen(actor=small, delivery=row) is None


def test_a_stranger_sends_nothing_again(cast, receiver):
    webhook = hook(cast, receiver)
    happen(cast)
    told()
    with pytest.raises(NotAllowed):
        delivery_resend(actor=cast.sigrid, delivery=rows_of(webhook)[0], now=NOON)


def test_whoever_changes_it_answers_for_it(cast, receiver):
    webhook = hook(cast, receiver)
    person = Person.objects.create(email="ny@fjellvik.example", name="Ny", language="nb")
    Membership.unscoped.create(person=person, organisation=cast.fjellvik, role="ciso")
    webhook_change(actor=actor_of(person), webhook=webhook, name="Another")
    assert Webhook.unscoped.get().person == person


def test_a_thing_that_is_gone_has_no_page(cast, receiver):
    hook(cast, receiver)
    supplier = supplier_add(
        actor=cast.ingvild, organisation=cast.fjellvik, name="Short-lived", now=NOON
    )
    pk = supplier.pk
    supplier.delete()
    told()
    assert events(receiver)[0]["object"] == {"type": "suppliers.Supplier", "id": pk, "url": None}


def sent_on_record(cast):
    rows = Entry.objects.filter(action="reading.sent").order_by("number")
    return [(row.organisation_id, row.person_id, row.object_type, row.object_id) for row in rows]


@pytest.mark.parametrize("path", ["/ok", "/silent"])
def test_what_an_operator_lets_be_sent_is_on_record_at_the_member_once_a_day(cast, receiver, path):
    webhook = hook(cast, receiver, by="henrik", covers="all", address=receiver.url(path))
    contact(cast, cast.fjellvik)
    contact(cast, cast.fjellvik, "again@new.example")
    contact(cast, cast.samvakt)
    told(seconds=0.2)
    person = cast.people["henrik"].pk
    wanted = [(cast.fjellvik.pk, person, "webhooks.Webhook", str(webhook.pk))]
    assert sent_on_record(cast) == wanted
    line = lines_of(list(Entry.objects.filter(action="reading.sent")), actor=cast.ingvild)[0]
    assert (line.who, line.what) == ("Henrik", "Let what happens here be sent to a webhook")


def test_what_was_not_sent_or_is_ones_own_is_not_on_record(cast, receiver):
    contact(cast, cast.fjellvik)
    hook(cast, receiver)
    hook(cast, receiver, by="henrik", covers="all", address="https://no-such.invalid/")
    contact(cast, cast.fjellvik, "again@new.example")
    told()
    assert sent_on_record(cast) == []
