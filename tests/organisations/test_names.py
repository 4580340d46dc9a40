"""Names of organisations: one form, and each the name of one organisation only."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from samsyn.assets.constituency import constituency_import
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Organisation
from samsyn.organisations.services import organisation_arrange, organisation_create
from tests.assets.test_constituency_file import HEADER
from tests.cast import make_organisation

pytestmark = pytest.mark.django_db
step = importlib.import_module("samsyn.organisations.migrations.0003_once_whatever_the_case")
LOOK_ALIKES = [
    "ELVDAL",
    "Elv\u200bdal",
    "Elvdal\u202e",
    " Elvdal\n",
    "\uff25lvdal",
    "Elvdal\ufe0f",
    "Elv\u00addal",
]


def create(cast, name):
    return organisation_create(
        actor=cast.astrid,
        operator=cast.samvakt,
        name=name,
        kind="municipality",
        country="NO",
        language="nb",
    )


def test_a_name_that_exists_is_refused_in_a_sentence(cast):
    with pytest.raises(RuleViolation) as refused:
        rename(cast, cast.fjellvik, cast.elvdal.name)
    assert str(refused.value) == "There is already an organisation with this name."
    assert refused.value.field == "name"


@pytest.mark.parametrize(("country", "language"), [("SE", "sv"), ("NO", "nb"), ("FI", "en")])
def test_a_new_organisation_and_its_people_speak_the_language_of_the_country(
    client, cast, country, language
):
    given = {"name": "Nyby", "kind": "municipality", "service": "csirt", "country": country}
    client.be(cast.people["henrik"]).post("/organisations/new/", given)
    made = Organisation.unscoped.get(name="Nyby")
    assert made.language == language
    take(cast, f"Havnes,{country},,,municipality,,,,")
    assert Organisation.unscoped.get(name="Havnes").language == language


def rename(cast, organisation, name):
    return organisation_arrange(
        actor=cast.job, organisation=organisation, kind=organisation.kind, parent=None, name=name
    )


def take(cast, rows, **options):
    content = f"{HEADER}\n{rows}\n".encode()
    return constituency_import(actor=cast.henrik, operator=cast.samvakt, content=content, **options)


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_a_name_that_looks_like_another_is_refused_in_words(cast, name):
    with pytest.raises(RuleViolation, match="already an organisation with this name"):
        create(cast, name)
    with pytest.raises(RuleViolation, match="already an organisation with this name"):
        rename(cast, cast.fjellvik, name)


@pytest.mark.parametrize("name", ["ALMSJÖ", "Almsjo\u0308"])
def test_letters_beyond_a_to_z_are_compared_too(cast, name):
    create(cast, "Almsjö")
    with pytest.raises(RuleViolation, match="already an organisation with this name"):
        create(cast, name)


def test_an_organisation_may_change_the_case_of_its_own_name(cast):
    rename(cast, cast.fjellvik, "FJELLVIK")
    cast.fjellvik.refresh_from_db()
    assert cast.fjellvik.name == "FJELLVIK"


def test_a_name_is_kept_in_one_form(cast):
    assert create(cast, " Ny\u200bvik \r\n ko\u0308ping\u202e").name == "Nyvik köping"


@pytest.mark.parametrize("name", ["\u200b", "\n", "\u0301"])
def test_a_name_that_nobody_sees_is_none(cast, name):
    with pytest.raises(RuleViolation) as refused:
        create(cast, name)
    assert refused.value.field == "name"


def test_the_database_refuses_a_second_name_too(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_organisation("ELVDAL")


@pytest.mark.parametrize("name", [n for n in LOOK_ALIKES if "\n" not in n])
def test_a_file_that_writes_a_name_otherwise_means_the_same_organisation(cast, name):
    seen = take(cast, f"{name},,,,,domain,elvdal.example,,")
    assert seen.organisations_new == seen.organisations_changed == []
    assert seen.resources_new == ["Elvdal: domain elvdal.example"]


def test_two_spellings_in_a_file_are_one_organisation(cast):
    seen = take(cast, "Ny\u00e5s,NO,nb,,municipality,,,,\nNYA\u030aS,,,,,domain,nyas.example,,")
    assert seen.organisations_new == ["Nyås"]
    assert seen.resources_new == ["Nyås: domain nyas.example"]


def test_the_difference_says_who_exists_already_and_gets_more(cast):
    seen = take(cast, "Elvdal,,,,,domain,elvdal.example,,", dry_run=True)
    assert seen.enlarged == ["Elvdal: municipality, SE"]


@pytest.mark.parametrize("name", ["Utmark", "UTMARK", "Ut\u200bmark"])
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_new_name_that_exists_unseen_is_an_error_of_its_row(cast, name, dry_run):
    with pytest.raises(RuleViolation, match=r"Row 2, organisation: .* exists already"):
        take(cast, f"{name},NO,nb,,municipality,domain,utmark.example,,", dry_run=dry_run)


@pytest.mark.once  # only the owner of the tables may rebuild an index
def test_names_from_before_become_one_form_and_get_a_number_where_they_meet(cast):
    with connection.cursor() as cursor:
        cursor.execute("drop index organisation_name_once")
    make_organisation("ELVDAL")
    make_organisation("Elv\u200bdal")
    make_organisation("Nyvik\u202e")
    make_organisation("\u200b")
    step.write_names_once(apps, None)
    names = list(Organisation.unscoped.order_by("pk").values_list("name", flat=True))
    assert names[-4:] == ["ELVDAL (2)", "Elvdal (3)", "Nyvik", f"Organisation {_last()}"]
    assert "Elvdal" in names


def _last():
    return Organisation.unscoped.latest("pk").pk
