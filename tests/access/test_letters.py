"""Search without case, and names in the order of the reader's alphabet, on both databases."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from samsyn.access.letters import InReadersOrder, as_read
from samsyn.access.models import Person
from samsyn.actions.selectors import action_list
from samsyn.findings.models import Finding
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import organisation_list
from tests.cast import make_action, make_finding, make_organisation

SWEDISH = ["Zinkby", "Åbyvik", "Ängslunda", "Öhamn"]
NORWEGIAN = ["Zetnes", "Ærvik", "Østfjell", "Åsbygd"]


def organisations(names):
    for number, name in enumerate(names):
        make_organisation(name, country="SE" if number % 2 else "NO")


@pytest.mark.parametrize("typed", ["ängs", "ÄNGS", "Ängs", "lunda", "LUNDA", "A\u0308NGS"])
def test_a_search_finds_a_name_whatever_its_case(cast, typed):
    organisations(SWEDISH)
    found = organisation_list(actor=cast.job, search=typed)
    assert [one.name for one in found] == ["Ängslunda"]


@pytest.mark.parametrize("typed", ["ÅBY", "åby", "A\u030aBY"])
def test_a_ring_is_found_and_is_no_a(cast, typed):
    organisations([*SWEDISH, "Abyss"])
    assert [one.name for one in organisation_list(actor=cast.job, search=typed)] == ["Åbyvik"]


@pytest.mark.parametrize("typed", ["å%", "å_", "_å", "å\\"])
def test_signs_that_a_database_reads_as_any_letter_are_only_themselves(cast, typed):
    organisations(SWEDISH)
    assert not organisation_list(actor=cast.job, search=typed).exists()
    make_organisation(f"x{typed.upper()}y")
    assert organisation_list(actor=cast.job, search=typed).count() == 1


def test_the_lookups_without_case_all_know_our_letters(cast):
    make_organisation("Østfjell")
    make_finding(cast.fjellvik, detail={"product": "Østfjell Router"})
    for lookup, typed in (("iexact", "ØSTFJELL"), ("istartswith", "øst"), ("icontains", "ØST")):
        assert Organisation.unscoped.filter(**{f"name__{lookup}": typed}).count() == 1, lookup
        assert not Organisation.unscoped.filter(**{f"name__{lookup}": "åst"}).exists(), lookup
    assert Finding.unscoped.filter(detail__product__icontains="øSTFJELL").count() == 1


def test_what_is_to_be_done_is_found_by_nordic_words(cast):
    make_action(cast.fjellvik, title="Öva på återställning")
    assert action_list(actor=cast.job, search="ÅTERSTÄLL").count() == 1


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("sv", SWEDISH),
        ("nb", NORWEGIAN),
        ("sv", ["Aas", "Abo", "Zinkby", "Åbyvik", "Ängslunda", "Ærvik", "Öhamn", "Østfjell"]),
        ("nb", ["Abo", "Zinkby", "Ærvik", "Östby", "Østfjell", "Åbyvik", "Aas", "Åstad"]),
        ("en", ["Aas", "Åbyvik", "Ängslunda", "Öhamn", "Zinkby"]),
        ("nb", ["Abo", "Zetnes", "Aardal", "Åsbygd", "aasen"]),
        ("sv", ["almby", "Blåvik", "Citymo", "dalby", "Edet", "Édoras", "Ekby"]),
        ("sv", ["Muham", "Mylby", "Mümby", "Myrby"]),
    ],
)
def test_names_stand_in_the_order_of_the_readers_alphabet(db, language, names):
    organisations(reversed(names))
    with translation.override(language):
        usual = [one.name for one in Organisation.unscoped.all()]
        asked = Organisation.unscoped.order_by(InReadersOrder("name").desc())
        assert usual == names
        assert [one.name for one in asked] == names[::-1]
        assert sorted(names[1:] + names[:1], key=as_read) == names


def test_what_hangs_on_a_name_stands_in_its_order_too(cast):
    organisations(SWEDISH)
    for one in Organisation.unscoped.filter(name__in=SWEDISH):
        make_finding(one)
    rows = Finding.unscoped.filter(organisation__name__in=SWEDISH)
    with translation.override("sv"):
        assert [f.organisation.name for f in rows.order_by("organisation")] == SWEDISH


def test_a_list_and_a_choice_are_in_the_readers_order_without_a_query_more(client, cast):
    known = (cast.fjellvik, cast.school, cast.vann, cast.elvdal)
    for one, name in zip(known, reversed(SWEDISH), strict=True):
        Organisation.unscoped.filter(pk=one.pk).update(name=name)
    person = cast.people["henrik"]
    Person.objects.filter(pk=person.pk).update(language="sv")
    client.be(person)
    client.get("/organisations/")
    with CaptureQueriesContext(connection) as before:
        client.get("/organisations/?order=country")
    with CaptureQueriesContext(connection) as asked:
        text = client.get("/organisations/?order=name").content.decode()
    places = [text.index(f">{name}</a>") for name in SWEDISH]
    assert places == sorted(places)
    assert len(asked) == len(before)
    text = client.get("/organisations/?order=-name").content.decode()
    places = [text.index(f">{name}</a>") for name in SWEDISH]
    assert places == sorted(places, reverse=True)
    text = client.get("/findings/").content.decode()
    places = [text.index(f">{name}</option>") for name in SWEDISH]
    assert places == sorted(places)
