"""Limits: the last that there is room for is taken, the next is refused in words."""

from __future__ import annotations

from itertools import count
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from samsyn.access.rows import acting
from samsyn.access.services import token_create, token_revoke
from samsyn.assets.constituency import constituency_import
from samsyn.contacts.services import contact_add
from samsyn.documents.models import DocumentVersion
from samsyn.documents.receiving import pieces_take
from samsyn.documents.services import version_add
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.limits import limits
from samsyn.maturity.services.preparing import participants_invite
from samsyn.messages.models import Message
from samsyn.organisations.models import Contact
from samsyn.settings.environment import LIMITS as SETTING
from tests.assets.test_constituency_file import HEADER
from tests.cast import NOON, make_cast
from tests.house.parts import lacking, named
from tests.maturity.builders import make_dialogue

pytestmark = [pytest.mark.django_db, pytest.mark.every_room]
number = count(1)


def row(cells):
    return f"Fjellvik,,,,,{cells}"


def take(cast, rows):
    content = f"{HEADER}\n{rows}\n".encode()
    return constituency_import(actor=cast.henrik, operator=cast.samvakt, content=content)


ADDING = named("limits")


def add(name, cast):
    _there, adding = ADDING[name]
    adding(cast)


def limit(settings, name, most):
    settings.LIMITS = {each: known.most for each, known in limits().items()} | {name: most}


def test_every_limit_has_words_and_is_tried():
    untried = sorted(set(limits()) - set(ADDING))
    assert not untried, "\n".join(
        lacking("limits", name, f"Nothing tries the limit {name}.") for name in untried
    )
    assert set(ADDING) <= set(limits())


@pytest.mark.parametrize("name", sorted(set(limits()) & set(ADDING)))
def test_the_last_is_taken_and_the_next_refused_in_words(cast, settings, name):
    there, _adding = ADDING[name]
    most = there(cast) + 1
    limit(settings, name, most)
    add(name, cast)
    with pytest.raises(RuleViolation, match=str(most)):
        add(name, cast)


def test_what_has_ended_makes_room(cast, settings):
    limit(settings, "tokens", 1)
    jonas = cast.people["jonas"]
    first = token_create(actor=cast.jonas, person=jonas, name="script")
    token_revoke(actor=cast.jonas, token=first)
    add("tokens", cast)


def test_one_organisation_does_not_use_up_the_room_of_another(cast, settings):
    limit(settings, "contacts", 2)
    add("contacts", cast)
    contact_add(
        actor=cast.sigrid, organisation=cast.elvdal, purpose="management", email="a@elvdal.example"
    )
    with pytest.raises(RuleViolation):
        add("contacts", cast)


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
    add("documents", cast)
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

    def try_one(place):
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

    threads = [Thread(target=try_one, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Contact.unscoped.filter(organisation=cast.fjellvik).count() == 2
