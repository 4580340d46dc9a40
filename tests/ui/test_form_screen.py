"""A form: errors in words, nothing typed is lost, two writers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from samsyn.access.actor import Actor
from samsyn.kernel.errors import Conflict
from samsyn.ui.gallery_list import ExampleForm
from samsyn.ui.screens import FormScreen

pytestmark = pytest.mark.urls("tests.ui.urls")
FORM = "/ui/gallery/form"
TYPED = {"what": "A strange mail <b>", "system": "mail", "people": "no", "more": "Clicked."}


@pytest.fixture
def signed_in(client, cast):
    return client.be(cast.people["egil"])


def test_what_is_wrong_stands_at_the_field_and_in_a_summary(signed_in):
    answer = signed_in.post(FORM, {**TYPED, "what": ""})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_what"' in shown
    assert 'id="id_what_error"' in shown
    assert 'aria-invalid="true"' in shown


def test_nothing_typed_is_lost(signed_in):
    shown = signed_in.post(FORM, {**TYPED, "people": ""}).content.decode()
    assert 'value="A strange mail &lt;b&gt;"' in shown
    assert "Clicked." in shown


def test_a_broken_rule_stands_at_its_field(signed_in):
    answer = signed_in.post(FORM, {**TYPED, "what": "Oh"})
    assert answer.status_code == 422
    assert "Write a little more" in answer.content.decode()


def test_when_it_is_done_one_goes_on(signed_in):
    assert signed_in.post(FORM, TYPED).status_code == 302
    htmx = signed_in.post(FORM, TYPED, headers={"HX-Request": "true"})
    assert htmx.headers["HX-Redirect"] == FORM


def writing(version: str, service):
    """Send the form as somebody who saw ``version``; the thing is at version 2 now."""
    thing = SimpleNamespace(version=2, owner_id=None)
    service.command = SimpleNamespace(permission=None)
    view = FormScreen.as_view(
        form=ExampleForm,
        service=service,
        subject=lambda **_: thing,
        subject_name="thing",
        title="x",
    )
    request = RequestFactory().post(FORM, {**TYPED, "version": version})
    request.actor, request.htmx, request.LANGUAGE_CODE = Actor("x", person_id=1), False, "en"
    request.user, request.session, request._messages = None, {}, []
    request.resolver_match = None
    return view(request)


def test_two_writers_do_not_overwrite_each_other():
    done = []
    answer = writing("1", lambda **given: done.append(given))
    assert answer.status_code == 409
    assert done == []
    shown = answer.content.decode()
    assert "Clicked." in shown
    assert 'name="version" value="2"' in shown


def test_a_conflict_from_the_service_keeps_what_was_typed():
    def refuses(**_given):
        raise Conflict("somebody was faster")

    answer = writing("2", refuses)
    assert answer.status_code == 409
    assert "Clicked." in answer.content.decode()
