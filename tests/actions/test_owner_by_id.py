"""A program that names an owner by id does not learn who exists elsewhere."""

from __future__ import annotations

import pytest

from samsyn.access.models import Person
from samsyn.access.services import token_create
from tests.cast import make_action


def headers(cast, name):
    token = token_create(actor=getattr(cast, name), person=cast.people[name], name="x")
    return {"Authorization": f"Bearer {token.secret}"}


@pytest.mark.parametrize("name", ["ingvild", "jonas", "egil", "astrid"])
def test_an_id_of_nobody_is_refused_like_that_of_somebody_elsewhere(client, cast, name):
    gone = cast.people["albin"]
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    action, as_them = make_action(cast.fjellvik), headers(cast, name)
    answers = set()
    for pk in (cast.people["sigrid"].pk, gone.pk, 10**9):
        facts = {"title": "x", "owner_person_id": pk, "version": action.version}
        for url, call in (
            ("/api/actions", client.post),
            (f"/api/actions/{action.pk}", client.patch),
        ):
            given = facts | {"organisation_id": cast.fjellvik.pk}
            answer = call(url, given, content_type="application/json", headers=as_them)
            assert answer.status_code >= 400
            answers.add((url, answer.status_code, answer.content))
    assert len(answers) == 2, answers


def test_who_has_a_role_there_owns_it(client, cast):
    given = {"organisation_id": cast.fjellvik.pk, "title": "x"}
    given["owner_person_id"] = cast.people["jonas"].pk
    answer = client.post(
        "/api/actions", given, content_type="application/json", headers=headers(cast, "ingvild")
    )
    assert answer.json()["owner_person_id"] == cast.people["jonas"].pk
