"""What `samsyn setup` refuses, with a sentence and before anything is made."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from samsyn.access.models import Person
from samsyn.demonstration.services import demonstration_build
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Organisation, OrganisationKind

ADMIN = "first@nordvakt.example"


def builds():
    demonstration_build(say=lambda _line: None)


def test_nothing_invented_is_put_beside_real_organisations(cast, settings):
    settings.DEMONSTRATION = True
    before = Organisation.unscoped.count()
    with pytest.raises(RuleViolation, match="not of the demonstration"):
        builds()
    assert Organisation.unscoped.count() == before


@pytest.mark.parametrize("mode", ["production", "development"])
def test_nothing_invented_is_put_into_an_installation_of_another_mode(db, settings, mode):
    settings.MODE = mode
    with pytest.raises(RuleViolation, match="no demonstration"):
        builds()
    assert not Person.objects.exists()


@pytest.mark.once  # only the owner of the tables may set up
def test_the_command_says_so_too(cast):
    with pytest.raises(CommandError, match="not of the demonstration"):
        call_command("setup", demonstration=True)


def test_an_address_that_is_none_is_said(db):
    with pytest.raises(CommandError, match="notmail is no e-mail address"):
        call_command("setup", operator="Nordvakt", admin="notmail")


@pytest.mark.once
def test_a_second_security_centre_is_made_only_when_asked_for(cast):
    with pytest.raises(CommandError, match=f"{cast.samvakt.name}.*--another-operator"):
        call_command("setup", operator="Samvakkt", admin=ADMIN)
    assert not Person.objects.filter(email=ADMIN).exists()
    call_command("setup", operator="Samvakkt", admin=ADMIN, another_operator=True)
    assert Organisation.unscoped.filter(kind=OrganisationKind.OPERATOR, name="Samvakkt").exists()
