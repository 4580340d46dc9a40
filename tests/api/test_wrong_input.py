"""Programs are told what is wrong in their person's language, always in one shape."""

from __future__ import annotations

import pytest
from django.utils import translation

from samsyn.access.services import token_create
from samsyn.api.wording import KINDS, SAID, wrong_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client, cast):
    person = cast.people["ingvild"]
    token = token_create(actor=cast.ingvild, person=person, name="x").secret
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "sv"}

    def asked(path, **body):
        if body:
            return client.post(path, body, "application/json", headers=headers)
        return client.get(path, headers=headers)

    return asked


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/api/findings?page=x", "heltal"),
        ("/api/findings?page=0", "eller mer"),
        ("/api/findings/9223372036854775808", None),
        ("/api/actions?due_after=x", "datum"),
    ],
)
def test_what_does_not_fit_is_said_in_the_readers_language(ask, path, said):
    answer = ask(path)
    assert answer["Content-Type"].startswith("application/problem+json")
    messages = [error["message"] for error in answer.json()["errors"]]
    assert "Input should" not in str(messages)
    if said:
        assert said in str(messages)


def test_a_body_that_lacks_something_says_so(ask):
    errors = ask("/api/actions", title="x").json()["errors"]
    assert {"field": "organisation_id", "message": "Måste anges."} in errors


@pytest.mark.parametrize("kind", [*SAID, *(f"{kind}_parsing" for kind in KINDS)])
def test_every_type_has_its_sentence(kind):
    known = dict.fromkeys(("gt", "ge", "lt", "le", "min_length", "max_length", "expected"), 7)
    assert wrong_text({"type": kind, "ctx": known}).endswith(".")


def test_a_type_that_nobody_has_thought_of_has_a_general_one():
    assert wrong_text({"type": "value_error", "msg": "Input should be odd"}) == (
        "The value cannot be used here."
    )


@pytest.mark.parametrize("path", ["/api/nothing", "/api/", "/api/findings/1/nothing"])
def test_an_unknown_address_answers_as_the_api_does(ask, path):
    answer = ask(path)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["title"] == "NotFound"
    assert ask(path, title="x").status_code == 404


@pytest.mark.parametrize(("language", "number"), [("sv", "heltal"), ("nb", "heltall")])
def test_without_a_language_asked_for_every_refusal_is_in_the_persons_own(
    client, cast, language, number
):
    """One answer was in two languages: the installation's, and the person's."""
    person = cast.people["ingvild"]
    person.language = language
    person.save()
    secret = token_create(actor=cast.ingvild, person=person, name="x").secret
    headers = {"Authorization": f"Bearer {secret}"}
    wrong = client.get("/api/findings?page=x", headers=headers).json()
    unknown = client.get("/api/findings?unheard=1", headers=headers).json()
    assert number in str(wrong)
    assert "There is no parameter" not in str(unknown)
    assert {"sv": "finns", "nb": "finnes"}[language] in str(unknown)


@pytest.mark.parametrize("kind", ["enum", "literal_error"])
@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("'', 'on' or 'off'", "'', 'on', 'off'"),
        ("'on'", "'on'"),
        ("1, 2 or 3", "1, 2, 3"),
        ("'this or that'", "'this or that'"),
    ],
)
def test_a_list_of_choices_has_no_english_word(kind, expected, said):
    with translation.override("nb"):
        text = wrong_text({"type": kind, "ctx": {"expected": expected}})
    assert text == f"Må være en av: {said}."
