"""What two people add at the same moment is refused to the second in words, not with an error."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, models, transaction

from samsyn.access.uniqueness import as_taken
from samsyn.contacts.services import contact_add
from samsyn.findings.models import Finding
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Contact
from tests.maturity.builders import make_dialogue


@pytest.fixture
def looked_before(monkeypatch):
    """Let services find nothing wrong, as when both have looked before either writes."""
    monkeypatch.setattr(models.Model, "full_clean", lambda _self, **_given: None)
    monkeypatch.setattr(models.Model, "validate_constraints", lambda _self, **_given: None)


def add_contact(cast):
    return contact_add(
        actor=cast.ingvild, organisation=cast.fjellvik, purpose="technical", email="a@b.example"
    )


def test_the_constraints_own_words_are_said_when_it_has_some(cast, looked_before):
    add_contact(cast)
    with pytest.raises(RuleViolation, match="already"):
        add_contact(cast)
    assert Contact.unscoped.filter(email="a@b.example").count() == 1


def test_else_it_is_said_that_it_is_there(cast):
    dialogue = make_dialogue(cast)
    twice = [*dialogue.areas.all()][:1]
    twice[0].pk = None
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        twice[0].save()
    assert as_taken(caught.value).args[0].startswith("It is there already.")


def test_an_error_that_is_not_about_uniqueness_stays_one(cast):
    finding = Finding(organisation=cast.fjellvik, report=None)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        finding.save()
    assert as_taken(caught.value) is None
