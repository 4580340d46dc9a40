"""Who works on the command line says who they are, as they would say it."""

from __future__ import annotations

import pytest

from samsyn.access.models import Person
from samsyn.access.selectors import actor_named
from samsyn.kernel.errors import NotFound


@pytest.fixture
def astrid(db):
    return Person.objects.create(name="Astrid Nygreen", email="a.nygreen@samvakt.example")


@pytest.mark.parametrize(
    "said", ["a.nygreen@samvakt.example", "A.Nygreen", "astrid", "Astrid Nygreen"]
)
def test_an_address_a_name_or_a_first_name_will_do(astrid, said):
    assert actor_named(said).person_id == astrid.pk


def test_a_part_of_an_address_does_not_come_before_a_name(astrid):
    Person.objects.create(name="Albin Ek", email="astrid@elvdal.example")
    with pytest.raises(NotFound, match="More than one"):
        actor_named("astrid")
    assert actor_named(astrid.email).person_id == astrid.pk


def test_a_whole_address_comes_before_a_name_that_looks_like_it(astrid):
    other = Person.objects.create(name="Albin Ek", email="b@elvdal.example")
    Person.objects.filter(pk=other.pk).update(name=astrid.email)
    assert actor_named(astrid.email).person_id == astrid.pk


def test_of_two_with_the_name_neither_is_taken(astrid):
    Person.objects.create(name="Astrid Ek", email="a.ek@samvakt.example")
    with pytest.raises(NotFound, match="More than one"):
        actor_named("Astrid")
    with pytest.raises(NotFound, match="whole e-mail address"):
        actor_named("Torunn")
