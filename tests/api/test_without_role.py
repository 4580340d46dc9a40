"""A person without a role is told so: a program would take an empty list for a quiet sector."""

from __future__ import annotations

from datetime import date

import pytest

from samsyn.access.models import Membership
from samsyn.access.permissions import Permission
from samsyn.api.router import api
from tests.api.programs import Program
from tests.cast import make_finding

pytestmark = pytest.mark.django_db
SAYS = {
    "en": "You have no role anywhere yet.",
    "sv": "Du har ännu ingen roll någonstans.",
    "nb": "Du har ingen rolle noe sted ennå.",
}


def end_roles(cast):
    Membership.unscoped.filter(person=cast.people["egil"]).update(ended_on=date(2026, 3, 1))


@pytest.fixture
def egil(cast):
    """Egil's program, after his last role has been ended."""
    program = Program(cast, "egil")
    end_roles(cast)
    return program


@pytest.mark.parametrize("language", SAYS)
def test_every_address_says_that_the_person_has_no_role(egil, cast, language):
    cast.people["egil"].language = language
    cast.people["egil"].save()
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            answer = egil.send(method, path.replace("{pk}", "1"))
            assert answer.status_code == 403, path
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["detail"] == SAYS[language]


def test_a_token_for_a_part_says_so_too(cast):
    program = Program(cast, "egil", only=[Permission.ORGANISATIONS_VIEW.value])
    end_roles(cast)
    assert program.get("/api/findings").json()["detail"] == SAYS["en"]


def test_a_role_opens_at_once_and_what_one_may_not_see_stays_404(egil, cast):
    hidden = make_finding(cast.fjellvik)
    role = Membership(person=cast.people["egil"], organisation=cast.school, role="ciso")
    role.save()
    assert egil.get("/api/findings").json()["count"] == 0
    assert egil.get(f"/api/findings/{hidden.pk}").status_code == 404


def test_the_description_of_the_api_is_read_without_a_role(egil):
    assert egil.get("/api/openapi.json").status_code == 200
