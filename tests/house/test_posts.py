"""The law on forms: each is sent as everybody, filled in well, and the page it leads to is opened.

Inviting a participant and adding an organisation once ended in errors while all tests were
green: each tested what a form did, none the page that came after it.
"""

from __future__ import annotations

import logging

import pytest
from django.db import transaction
from django.urls import reverse

from samsyn.analytics.version_cache import clear_cache
from tests.cast import PEOPLE
from tests.house.hostile import Knocks, base, columns_of
from tests.house.laws import addresses
from tests.house.parts import lacking
from tests.house.test_doors import made, url_of
from tests.house.test_hostile import ROOMS
from tests.house.well_filled import given, query, ready

PATHS = dict(addresses())
MEANT = frozenset({200, 302, 403, 404, 405, 409, 422})
TAKEN = frozenset({200, 302})
NO_FORM = 405
STRANGERS = ("sigrid",)
NOT_TAKEN = {
    "messages:resend": "nothing is sent from here, see tests/messages/test_outbox_services.py",
}


@pytest.fixture(autouse=True)
def quiet():
    """Keep hundreds of refusals out of the log; what broke is said by the law itself."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def led_to(answer):
    """Return where an answer leads to, for the browser or for the page's own requests."""
    return answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""


def sent(knocks, url, data):
    """Send a form, open the page it leads to, and undo both; return what came of it."""
    with transaction.atomic():
        answer = knocks.client.post(url, data)
        if answer.status_code not in MEANT:
            knocks.note(answer, f"POST {url} {str(data)[:200]}")
        elif led_to(answer):
            page = knocks.client.get(led_to(answer), follow=True)
            if page.status_code != 200:
                knocks.note(page, f"POST {url} {str(data)[:200]} leads to {led_to(answer)}")
        transaction.set_rollback(True)
    clear_cache()
    return answer


def as_person(knocks, cast, name, who, url):
    """Fill in what this person is shown, and send it; nothing where nothing is shown."""
    knocks.client.be(cast.people[who])
    with transaction.atomic():
        page = knocks.client.get(url)
        transaction.set_rollback(True)
    form = (page.context or {}).get("form") if page.status_code == 200 else None
    data = base(form) if hasattr(form, "fields") else {}
    view = {"act": "view_save", "name": "Mine"} if columns_of(url.partition("?")[0]) else {}
    return sent(knocks, url, data | view | given(name, form))


def as_everybody(knocks, cast, name):
    """Return what came of the form of a page, for each person of the cast."""
    with transaction.atomic():
        about = "<int:pk>" in PATHS[name]
        subject = (ready(cast, name) or made(cast, name)()) if about else None
        url = (url_of(name, subject) if subject else reverse(name)) + query(cast, name)
        answers = {who: as_person(knocks, cast, name, who, url) for who in PEOPLE}
        transaction.set_rollback(True)
    clear_cache()
    return answers


def refusal(answers):
    """Return how a form was answered, and what it complained of, to be read in a failure."""
    said = {}
    for who, answer in answers.items():
        shown = answer.context or {}
        errors = getattr(shown.get("form"), "errors", None) or shown.get("refusal", "")
        said[who] = f"{answer.status_code} {dict(errors) if errors != str(errors) else errors}"
    return sorted(set(said.values()))


@pytest.mark.parametrize("room", ROOMS)
def test_every_form_is_taken_and_leads_to_a_page_that_opens(client, cast, home, room):
    knocks = Knocks(client)
    refused = {}
    for name in ROOMS[room]:
        answers = as_everybody(knocks, cast, name)
        codes = {answer.status_code for answer in answers.values()}
        if not codes & TAKEN and NO_FORM not in codes:
            refused[name] = refusal(answers)
        taken = {who for who in STRANGERS if answers[who].status_code in TAKEN}
        assert not ("<int:pk>" in PATHS[name] and taken), f"{name} lets a stranger in: {taken}"
    assert not knocks.wrong, knocks.said()
    stale = set(NOT_TAKEN) & set(ROOMS[room]) - set(refused)
    assert not stale, "remove it from NOT_TAKEN"
    assert not (left := refused.keys() - NOT_TAKEN.keys()), "\n".join(
        lacking(
            "given", name, f"Nobody's form on {name} is taken: {refused[name]}\nIf it needs values "
            "that its fields do not tell (else a thing in another state, under ready):",
        )
        for name in sorted(left)
    )  # fmt: skip


def test_the_law_on_forms_catches_a_page_that_does_not_open(client, cast, home, monkeypatch):
    monkeypatch.setattr("samsyn.ui.screens.forms._place_of", lambda _thing: "/nowhere/")
    knocks = Knocks(client)
    as_everybody(knocks, cast, "actions:plan")
    assert "leads to /nowhere/" in knocks.said()
