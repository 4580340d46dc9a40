"""Laws on what operations of the API take: each says it, and a token made for less is told so."""

from __future__ import annotations

import pytest

from samsyn.access.permissions import Permission
from samsyn.access.programs import NEEDED
from tests.api.programs import Program
from tests.house.test_doors import AS_FORM, body_for, described, made_for

pytestmark = [pytest.mark.once, pytest.mark.django_db]
OPERATIONS = [(path, method) for path, all_ in described()["paths"].items() for method in all_]
MAY = ("ingvild", "astrid", "henrik", "liv", "egil")  # who may the most, each something
UNRELATED = (Permission.SUPPLIERS_VIEW, Permission.DOCUMENTS_VIEW)  # no operation takes both
BY_WHAT_IS_SENT = {  # not asked whether the permissions that it names are enough, and why
    "/api/actions/{pk}/move": "some steps are for the action's owner, some take another permission",
    "/api/documents/{pk}/attach": "what it is evidence of is found by a permission of its own",
    "/api/documents/{pk}/file": "answers with a file, not JSON",
}


IN_JSON = [
    (path, method)
    for path, method in OPERATIONS
    if path not in AS_FORM and path not in BY_WHAT_IS_SENT
]


def needed(path, method):
    return [Permission(name) for name in described()["paths"][path][method].get(NEEDED, ())]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_an_operation_says_which_permissions_it_takes(path, method):
    assert needed(path, method), "write @needs(...) below @router"


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_a_token_for_something_else_is_told_what_it_lacks(cast, path, method):
    other = next(each for each in UNRELATED if each not in needed(path, method))
    program = Program(cast, "ingvild", only=[other.value])
    answer = program.send(method, path.replace("{pk}", "1"), {} if method != "get" else None)
    assert answer.status_code == 403, answer.content
    assert needed(path, method)[0] in answer.json()["detail"]


@pytest.mark.parametrize(("path", "method"), IN_JSON)
def test_a_token_for_what_an_operation_takes_is_let_in(cast, home, path, method):
    """It is found, and nothing else is asked for; what is sent may still break a rule."""
    url = path.replace("{pk}", str(made_for(cast, path).pk)) if "{pk}" in path else path
    body = body_for(cast, path, method) if method != "get" else None
    takes = needed(path, method)
    only = [each.value for each in takes]
    holders = [who for who in MAY if all(map(getattr(cast, who).may_anywhere, takes))]
    answers = [Program(cast, name, only=only).send(method, url, body) for name in holders]
    told = [(each.status_code, each.content[:150]) for each in answers]
    assert any(status not in {403, 404} for status, _content in told), told
