"""What a change did, in words: from what to what, and no name that the reader may not see."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.utils.translation import override

from samsyn.access.models import Person
from samsyn.access.permissions import Permission
from samsyn.audit.models import Entry
from samsyn.audit.services import HIDDEN, record, snapshot
from samsyn.cockpit.log_lines import lines_of
from samsyn.reporting.models import Meeting
from samsyn.suppliers.services import supplier_change
from samsyn.ui.changes import FieldChange, value_text
from tests.cast import make_resource
from tests.suppliers.builders import make_supplier

LANGUAGES = ("en", "sv", "nb")
MODELS = [model for model in apps.get_models() if model.__module__.startswith("samsyn.")]


def told(actor, entry=None):
    """Return the lines of what the newest change did."""
    newest = entry or Entry.objects.order_by("-number").first()
    return [str(change) for change in lines_of([newest], actor=actor)[0].changes]


def on_record(thing, at=None, **changes):
    return record(
        actor="Jonas Berg <jonas@fjellvik.example>",
        person_id=None,
        action="suppliers.supplier_change",
        organisation_id=at or thing.organisation_id,
        thing=thing,
        changes=changes,
    )


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "Delivers: Backup → empty",
                "Criticality: some services suffer → important services stop",
                "Last day of the contract: 30 Jun 2027 → 1 Jul 2027",
                "Person who owns it: empty → Jonas",
            ],
        ),
        (
            "sv",
            [
                "Levererar: Backup → tomt",
                "Hur viktig: vissa tjänster påverkas → viktiga tjänster stannar",
                "Avtalets sista dag: 2027-06-30 → 2027-07-01",
                "Person som ansvarar: tomt → Jonas",
            ],
        ),
        (
            "nb",
            [
                "Leverer: Backup → tomt",
                "Hvor viktig: noen tjenester rammes → viktige tjenester stanser",
                "Avtalens siste dag: 30.06.2027 → 01.07.2027",
                "Person som er ansvarlig: tomt → Jonas",
            ],
        ),
    ],
)
def test_choices_days_people_and_nothing_are_said_as_their_reader_says_them(cast, language, lines):
    made = make_supplier(cast, delivers="Backup", contract_until=date(2027, 6, 30))
    supplier_change(
        actor=cast.ingvild,
        thing=made,
        delivers="",
        criticality=3,
        contract_until=date(2027, 7, 1),
        owner_person=cast.people["jonas"],
    )
    with override(language):
        assert told(cast.revna) == lines


def test_what_is_added_is_not_told_field_by_field(cast):
    make_supplier(cast)
    assert told(cast.revna) == []


def test_whoever_reads_the_log_but_may_not_see_such_things_is_told_no_values(cast):
    made = make_supplier(cast)
    supplier_change(actor=cast.ingvild, thing=made, note="Not for the operator.")
    assert cast.henrik.may(Permission.TRAIL_VIEW, cast.fjellvik.pk)
    assert not cast.henrik.may(Permission.SUPPLIERS_VIEW, cast.fjellvik.pk)
    assert told(cast.henrik) == []
    assert told(cast.revna) == ["Note: empty → Not for the operator."]


def test_a_person_whom_the_reader_may_not_see_is_not_named(cast):
    jonas, sigrid = (cast.people[name].pk for name in ("jonas", "sigrid"))
    entry = on_record(make_supplier(cast), owner_person_id=[sigrid, jonas])
    assert told(cast.revna, entry) == ["Person who owns it: name not shown → Jonas"]


def test_an_organisation_that_the_reader_may_not_see_is_not_named(cast):
    thing = make_resource(cast.fjellvik, "domain", "x.example")
    ids = [cast.elvdal.pk, cast.fjellvik.pk]
    [line] = told(cast.revna, on_record(thing, operated_by_id=ids))
    assert line.endswith(": name not shown → Fjellvik")
    [line] = told(cast.henrik, on_record(thing, operated_by_id=ids))
    assert line.endswith(": Elvdal → Fjellvik")


def test_a_person_of_whom_nothing_is_left_is_not_named(cast):
    entry = on_record(make_supplier(cast), owner_person_id=[10**9, None])
    assert told(cast.revna, entry) == ["Person who owns it: name not shown → empty"]


def test_a_hidden_field_and_a_code_say_only_that_they_have_changed(cast):
    meeting = Meeting(organisation=cast.fjellvik, pk=1)
    entry = on_record(meeting, pack=[{}, HIDDEN], digest=["", "a" * 64], chair=["", "Liv"])
    found = told(cast.ingvild, entry)
    assert sorted(found)[1:] == ["Checksum: changed", "Pack: changed"]
    assert HIDDEN not in "".join(found)


def test_what_a_person_keeps_for_themselves_is_told_to_them_alone(cast):
    revna = cast.people["revna"]
    entry = record(
        actor="Revna", person_id=revna.pk, action="access.preferences_change", thing=revna,
        changes={"theme": ["auto", "dark"]},
    )  # fmt: skip
    assert told(cast.revna, entry) == ["Colours: as my device → dark"]
    assert told(cast.ingvild, entry) == []


def test_fields_and_words_that_are_no_more_harm_nobody(cast):
    entry = on_record(make_supplier(cast), colour=["red", "blue"], criticality=[9, 3], name="odd")
    assert told(cast.revna, entry) == ["Criticality: 9 → important services stop"]


def test_a_long_text_is_shortened(cast):
    entry = on_record(make_supplier(cast), note=["", "word " * 400])
    assert len(told(cast.revna, entry)[0]) < 230


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_of_every_model_has_words(language):
    with override(language):
        for model in MODELS:
            kept = snapshot(model())
            for field in model._meta.concrete_fields:
                if field.related_model is None:
                    assert isinstance(value_text(field, kept[field.attname]), str), field


def test_a_line_says_empty_rather_than_nothing():
    assert str(FieldChange("Note")) == "Note: empty → empty"


def test_names_cost_the_same_for_one_change_and_for_twenty(cast, django_assert_num_queries):
    made = make_supplier(cast)
    people = list(Person.objects.all())
    entries = [on_record(made, owner_person_id=[None, each.pk]) for each in people]
    actor = cast.revna
    lines_of(entries[:1], actor=actor)
    with django_assert_num_queries(2):
        lines_of(entries, actor=actor)
