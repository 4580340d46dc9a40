"""A token may do less than its person, never more, and not for longer than was chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import ApiToken
from samsyn.access.permission_words import WORDS
from samsyn.access.permissions import Permission
from samsyn.access.selectors import actor_of_token
from samsyn.access.services import name_choose, preferences_change, token_create
from samsyn.actions.models import Action
from samsyn.kernel.errors import NotAllowed, RuleViolation
from tests.api.programs import Program
from tests.cast import make_action, make_finding

pytestmark = [pytest.mark.django_db, pytest.mark.every_room]


def test_a_token_sees_only_what_it_was_made_for(cast):
    program = Program(cast, "ingvild", only=["findings.view"])
    action, finding = make_action(cast.fjellvik), make_finding(cast.fjellvik)
    assert program.get("/api/actions").json()["count"] == 0
    assert program.get(f"/api/actions/{action.pk}").status_code == 404
    assert program.get(f"/api/findings/{finding.pk}").status_code == 200


def test_the_gate_refuses_what_it_may_only_see(cast):
    program = Program(cast, "ingvild", only=["findings.view", "actions.view"])
    finding, action = make_finding(cast.fjellvik), make_action(cast.fjellvik)
    answer = program.post(f"/api/findings/{finding.pk}/answer", {"answer": "fixed"})
    assert answer.status_code == 403
    assert program.post(f"/api/actions/{action.pk}/move", {"step": "start"}).status_code == 403
    assert Action.unscoped.get().state == "planned"


def test_a_narrowed_token_changes_nothing_of_its_person(cast):
    """Commands about oneself take no permission: a token that may one thing may none of them."""
    person = cast.people["ingvild"]
    token = token_create(actor=cast.ingvild, person=person, name="x", only=["findings.view"])
    actor = actor_of_token(token)
    for tried in (
        lambda: token_create(actor=actor, person=person, name="wider"),
        lambda: preferences_change(actor=actor, person=person, theme="dark"),
        lambda: name_choose(actor=actor, person=person, name="Somebody"),
    ):
        with pytest.raises(NotAllowed):
            tried()
    assert ApiToken.objects.count() == 1


def test_nobody_makes_a_token_for_what_they_may_not_do_themselves(cast):
    person = cast.people["egil"]
    with pytest.raises(RuleViolation, match="give and end roles"):
        token_create(actor=cast.egil, person=person, name="x", only=["people.change"])


def test_the_page_offers_what_one_may_and_makes_the_token(client, cast):
    page = client.be(cast.people["egil"]).get("/me/").content.decode()
    assert "see organisations and contacts" in page
    assert "give and end roles" not in page
    client.be(cast.people["ingvild"])
    given = {"name": "Reader", "days": 7, "only": ["findings.view", "resources.view"]}
    assert client.post("/me/", given).status_code == 302
    token = ApiToken.objects.get()
    assert token.only == ["findings.view", "resources.view"]
    assert timezone.now() + timedelta(days=6) < token.expires_at
    assert token.expires_at < timezone.now() + timedelta(days=8)
    assert "may see findings, see resources" in client.get("/me/").content.decode()


def test_the_page_refuses_what_one_may_not(client, cast):
    given = {"name": "Wide", "days": 7, "only": ["people.change"]}
    assert client.be(cast.people["egil"]).post("/me/", given).status_code == 422
    assert not ApiToken.objects.exists()


def test_nothing_chosen_is_all_that_the_person_may(client, cast):
    client.be(cast.people["ingvild"]).post("/me/", {"name": "All", "days": 7})
    assert ApiToken.objects.get().only is None
    assert "may do all that you may" in client.get("/me/").content.decode()


def test_every_permission_has_its_words():
    lines = [
        f'    Permission.{each.name}: pgettext_lazy("may", "…"),'
        for each in Permission
        if each not in WORDS
    ]
    where = "Add to WORDS in src/samsyn/access/permission_words.py what it lets one do:"
    assert not lines, "\n".join([where, *lines])
    assert set(WORDS) == set(Permission)
