"""Limits: the last that there is room for is taken, the next is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import RequestFactory

from samsyn.access.limits import SAID
from samsyn.access.models import Membership, RoleOffer
from samsyn.access.permissions import Role
from samsyn.access.rows import acting
from samsyn.access.services import membership_grant, token_create, token_revoke
from samsyn.actions.deciding import decision_record
from samsyn.actions.services import action_propose
from samsyn.annual_wheel.services import feed_create
from samsyn.api.once import Once
from samsyn.assets.constituency import constituency_import
from samsyn.assets.models import ClaimState, Resource
from samsyn.assets.services import resource_claim
from samsyn.documents.models import Document, DocumentVersion
from samsyn.documents.receiving import pieces_take
from samsyn.documents.services import document_add, document_attach, version_add
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.limits import LIMITS
from samsyn.maturity.models import Dialogue
from samsyn.maturity.services.preparing import participants_invite
from samsyn.messages.models import Message
from samsyn.organisations.models import Agreement, Contact
from samsyn.organisations.services import contact_add
from samsyn.organisations.serving import agreement_sign
from samsyn.reporting.services.telling import question_ask
from samsyn.settings.environment import LIMITS as SETTING
from samsyn.ui.services import saved_view_create
from tests.annual_wheel.builders import make_activity, make_mark
from tests.assets.test_constituency_file import HEADER
from tests.cast import NOON, TODAY, make_action, make_cast, make_document, make_person
from tests.indicators.builders import make_indicator
from tests.maturity.builders import make_dialogue, propose, rate
from tests.reporting.builders import make_meeting, make_proposal
from tests.suppliers.builders import make_supplier

pytestmark = pytest.mark.django_db
number = count(1)


def contact(cast):
    email = f"vakt{next(number)}@fjellvik.example"
    contact_add(actor=cast.ingvild, organisation=cast.fjellvik, purpose="management", email=email)


def supplier(cast):
    make_supplier(cast, name=f"Supplier {next(number)}")


def claim(cast):
    resource_claim(
        actor=cast.jonas, organisation=cast.fjellvik, kind="domain",
        value=f"n{next(number)}.example",
    )  # fmt: skip


def claim_inside(cast):
    resource_claim(
        actor=cast.jonas, organisation=cast.fjellvik, kind="domain",
        value=f"n{next(number)}.fjellvik.example",
    )  # fmt: skip


def role(cast):
    membership_grant(
        actor=cast.ingvild, organisation=cast.fjellvik, email=f"n{next(number)}@fjellvik.example",
        name="New Person", role="employee",
    )  # fmt: skip


def role_elsewhere(cast):
    there = make_person(f"n{next(number)}", cast.utmark, Role.EMPLOYEE)
    membership_grant(
        actor=cast.ingvild, organisation=cast.fjellvik, email=there.email, name="New Person",
        role="employee",
    )  # fmt: skip


def agreement(cast):
    year = 2030 + next(number)
    agreement_sign(
        actor=cast.henrik, operator=cast.samvakt, organisation=cast.fjellvik,
        valid_from=date(year, 1, 1), valid_until=date(year, 2, 1),
    )  # fmt: skip


def invite(cast):
    dialogue = one_dialogue(cast)
    participants_invite(
        actor=cast.ingvild, dialogue=dialogue, people=f"n{next(number)}@fjellvik.example",
        group="staff", now=NOON,
    )  # fmt: skip


def rating(cast):
    rate(Dialogue.unscoped.first() or make_dialogue(cast, "rating"), 2)


def ask(cast):
    question_ask(actor=cast.liv, organisation=cast.fjellvik, text="How long?", now=NOON)


def document(cast):
    content = f"{next(number)}".encode() * 600_000
    taken = pieces_take([content[:600_000]], name="a.txt")
    document_add(actor=cast.ingvild, organisation=cast.fjellvik, content=taken)


def propose_action(cast):
    action_propose(actor=cast.ingvild, organisation=cast.fjellvik, title="Do it", now=NOON)


def decide(cast):
    decision_record(
        actor=cast.ingvild, organisation=cast.fjellvik, title="It", text="Yes.", now=NOON,
        outcome="approved", decided_on=TODAY, decided_by="Management",
    )  # fmt: skip


def one_dialogue(cast):
    return Dialogue.unscoped.first() or make_dialogue(cast)


def attach(cast):
    found = Document.unscoped.first() or make_document(cast.fjellvik)
    document_attach(actor=cast.ingvild, document=found, thing=make_action(cast.fjellvik))


def token(cast):
    token_create(actor=cast.jonas, person=cast.people["jonas"], name="script")


def view(cast, screen="findings:list"):
    saved_view_create(actor=cast.jonas, screen=screen, name=f"v{next(number)}", query="")


def feed(cast):
    feed_create(actor=cast.jonas, person=cast.people["jonas"], now=NOON)


def in_fjellvik(model, **fields) -> Callable[[object], int]:
    return lambda cast: model.unscoped.filter(organisation=cast.fjellvik, **fields).count()


def row(cells):
    return f"Fjellvik,,,,,{cells}"


def take(cast, rows):
    content = f"{HEADER}\n{rows}\n".encode()
    return constituency_import(actor=cast.henrik, operator=cast.samvakt, content=content)


def none(_cast):
    return 0


def send_once(cast):
    request = RequestFactory().post("/api/x", headers={"Idempotency-Key": f"k{next(number)}"})
    request.token_id = 1
    with Once(request, cast.people["jonas"].pk) as once:
        once.begin()


ADDING = {
    "contacts": (in_fjellvik(Contact), contact),
    "resources": (in_fjellvik(Resource), claim_inside),
    "claims_waiting": (in_fjellvik(Resource, state=ClaimState.REQUESTED), claim),
    "memberships": (in_fjellvik(Membership), role),
    "role_offers": (in_fjellvik(RoleOffer), role_elsewhere),
    "agreements": (in_fjellvik(Agreement), agreement),
    "dialogues": (none, make_dialogue),
    "participants": (none, invite),
    "invitations_a_day": (none, invite),
    "raters": (none, rating),
    "questions_a_day": (none, ask),
    "documents": (none, document),
    "documents_mb": (none, document),
    "actions": (none, propose_action),
    "decisions": (none, decide),
    "activities": (none, make_activity),
    "marks": (none, make_mark),
    "indicators": (none, make_indicator),
    "suppliers": (none, supplier),
    "meetings": (none, make_meeting),
    "decision_proposals": (none, make_proposal),
    "proposals": (none, lambda cast: propose(cast, one_dialogue(cast))),
    "links": (none, attach),
    "tokens": (none, token),
    "kept_answers": (none, send_once),
    "views": (none, view),
    "views_in_all": (none, lambda cast: view(cast, f"list-{next(number)}")),
    "feeds": (none, feed),
}


def limit(settings, name, most):
    settings.LIMITS = {each: known.most for each, known in LIMITS.items()} | {name: most}


def test_every_limit_has_words_and_is_tried():
    assert set(LIMITS) == set(SAID) == set(ADDING)


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_the_last_is_taken_and_the_next_refused_in_words(cast, settings, name):
    there, add = ADDING[name]
    most = there(cast) + 1
    limit(settings, name, most)
    add(cast)
    with pytest.raises(RuleViolation, match=str(most)):
        add(cast)


def test_what_has_ended_makes_room(cast, settings):
    limit(settings, "tokens", 1)
    jonas = cast.people["jonas"]
    first = token_create(actor=cast.jonas, person=jonas, name="script")
    token_revoke(actor=cast.jonas, token=first)
    token(cast)


def test_one_organisation_does_not_use_up_the_room_of_another(cast, settings):
    limit(settings, "contacts", 2)
    contact(cast)
    contact_add(
        actor=cast.sigrid, organisation=cast.elvdal, purpose="management", email="a@elvdal.example"
    )
    with pytest.raises(RuleViolation):
        contact(cast)


@pytest.mark.parametrize(
    ("name", "most", "cells"),
    [
        ("contacts", 2, ",,management,vakt{}@fjellvik.example"),
        ("resources", 5, "domain,n{}.fjellvik.example,,"),
    ],
)
def test_a_file_is_held_to_them_too(cast, settings, name, most, cells):
    limit(settings, name, most)
    rows = "\n".join(row(cells.format(each)) for each in range(2))
    with pytest.raises(RuleViolation, match=f"at most {most}"):
        take(cast, rows)
    assert take(cast, row(cells.format(1)))


def test_a_newer_version_of_a_document_counts_too(cast, settings):
    limit(settings, "documents", 1)
    document(cast)
    kept = DocumentVersion.unscoped.get().document
    taken = pieces_take([b"newer"], name="a.txt")
    with pytest.raises(RuleViolation, match="at most 1 files"):
        version_add(actor=cast.ingvild, document=kept, content=taken)


def test_invitations_beyond_the_limit_send_none_of_them(cast, settings):
    limit(settings, "participants", 2)
    dialogue = make_dialogue(cast)
    people = "\n".join(f"n{each}@fjellvik.example" for each in range(3))
    with pytest.raises(RuleViolation, match="at most 2"):
        participants_invite(
            actor=cast.ingvild, dialogue=dialogue, people=people, group="staff", now=NOON
        )
    assert not Message.unscoped.exists()


def test_invitations_to_several_dialogues_share_the_day(cast, settings):
    limit(settings, "invitations_a_day", 1)
    for at, is_refused in ((NOON, False), (NOON, True)):
        dialogue = make_dialogue(cast)
        given = {"people": "a@fjellvik.example", "group": "staff", "now": at}
        if is_refused:
            with pytest.raises(RuleViolation, match="tomorrow"):
                participants_invite(actor=cast.ingvild, dialogue=dialogue, **given)
        else:
            participants_invite(actor=cast.ingvild, dialogue=dialogue, **given)


@pytest.mark.parametrize(
    "text", ["contact=2", "contacts", "contacts=0", "contacts=-1", "contacts=x"]
)
def test_a_limit_that_cannot_be_read_says_so(monkeypatch, text):
    monkeypatch.setenv("SAMSYN_LIMITS", text)
    with pytest.raises(ImproperlyConfigured, match="NAME=NUMBER"):
        SETTING.value()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_two_at_once_do_not_both_take_the_last(settings):
    cast = make_cast()
    limit(settings, "contacts", 2)
    together = Barrier(4)

    def add(place):
        together.wait()
        try:
            with acting(cast.ingvild):
                contact_add(
                    actor=cast.ingvild, organisation=cast.fjellvik, purpose="management",
                    email=f"at-once{place}@fjellvik.example",
                )  # fmt: skip
        except RuleViolation:
            pass
        finally:
            connection.close()

    threads = [Thread(target=add, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Contact.unscoped.filter(organisation=cast.fjellvik).count() == 2
