"""A short code is two to six letters: written in any case, with any blanks, and nothing else."""

from __future__ import annotations

import pytest

from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Organisation
from samsyn.organisations.services import organisation_change, organisation_create

pytestmark = pytest.mark.django_db
WORDS = {
    "en": "two to six letters, such as FJV",
    "sv": "två till sex bokstäver, till exempel FJV",
    "nb": "to til seks bokstaver, for eksempel FJV",
}


def code_of(organisation):
    return Organisation.unscoped.get(pk=organisation.pk).short_code


@pytest.mark.parametrize(
    ("written", "kept"),
    [("fjv", "FJV"), (" f j\tv ", "FJV"), ("åØ", "ÅØ"), ("FJELLV", "FJELLV"), ("", ""), ("  ", "")],
)
def test_case_and_blanks_do_not_matter(cast, written, kept):
    organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, short_code=written)
    assert code_of(cast.fjellvik) == kept


@pytest.mark.parametrize("written", ["F1", "FJ-V", "F", "FJELLVI", "123", "F\u200bV", "ᵛ²", "F.V"])
def test_what_is_none_is_refused_and_the_old_one_stays(cast, written):
    with pytest.raises(RuleViolation, match="two to six letters"):
        organisation_change(actor=cast.ingvild, organisation=cast.fjellvik, short_code=written)
    assert code_of(cast.fjellvik) == "FJV"


@pytest.mark.parametrize("language", WORDS)
def test_the_form_says_what_a_code_looks_like(client, cast, language):
    person = cast.people["ingvild"]
    person.language = language
    person.save()
    client.force_login(person)
    given = {"country": "NO", "language": "nb", "short_code": "kode 12"}
    page = client.post(f"/organisations/{cast.fjellvik.pk}/change/", given)
    assert page.status_code == 422
    assert WORDS[language] in page.content.decode()


def test_a_new_organisation_has_none_but_such_a_code_either(cast):
    new = {"actor": cast.astrid, "operator": cast.samvakt, "kind": "company", "country": "NO"}
    with pytest.raises(RuleViolation):
        organisation_create(**new, name="Nyvik", short_code="N1")
    assert organisation_create(**new, name="Nyvik", short_code="nyv").short_code == "NYV"


def test_one_from_before_does_not_keep_other_facts_from_being_changed(cast):
    Organisation.unscoped.filter(pk=cast.fjellvik.pk).update(short_code="F1")
    cast.fjellvik.refresh_from_db()
    organisation_change(
        actor=cast.ingvild, organisation=cast.fjellvik, short_code="F1", population=10
    )
    assert Organisation.unscoped.get(pk=cast.fjellvik.pk).population == 10
