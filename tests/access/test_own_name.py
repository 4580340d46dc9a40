"""An invited person comes in under a name of their own choice, whoever wrote it first."""

from __future__ import annotations

import pytest
from django.test import Client

from samsyn.access.actor import NOBODY
from samsyn.access.links import password_link
from samsyn.access.models import Person
from samsyn.access.permissions import Role
from samsyn.access.selectors import actor_of
from samsyn.access.services import membership_grant, name_choose
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, RuleViolation

pytestmark = pytest.mark.django_db
EMAIL, WORDS = "kari@fjellvik.example", "staple horse battery 9"
LABELS = {"en": "Your name", "sv": "Ditt namn", "nb": "Navnet ditt"}


@pytest.fixture
def kari(cast):
    """Invited by two, who write her name differently."""
    for by, at, name in (
        (cast.ingvild, cast.fjellvik, "kari n"),
        (cast.henrik, cast.samvakt, "Kari Nordmann, IT"),
    ):
        role = Role.TECHNICIAN if at == cast.fjellvik else Role.ANALYST
        membership_grant(actor=by, organisation=at, email=EMAIL, name=name, role=role)
    return Person.objects.get(email=EMAIL)


def opened(person, language="en"):
    """Open a link to the choice of a password: the browser, and the page's address and text."""
    browser = Client(headers={"accept-language": language})
    link = "/accounts" + password_link(person).split("/accounts", 1)[1]
    page = browser.get(link, follow=True)
    return browser, page.request["PATH_INFO"], page.content.decode()


def chooses(person, **given):
    browser, path, _page = opened(person)
    return browser.post(path, {"password1": WORDS, "password2": WORDS, **given})


@pytest.mark.parametrize("language", LABELS)
def test_the_page_asks_for_the_name_and_has_what_the_inviter_wrote(kari, language):
    _browser, _path, page = opened(kari, language)
    assert LABELS[language] in page
    assert 'value="kari n"' in page


def test_the_name_is_as_the_person_writes_it_and_on_record(kari):
    assert chooses(kari, name="  Kari\tNordmann ").status_code == 302
    kari.refresh_from_db()
    assert kari.name == "Kari Nordmann"
    assert kari.check_password(WORDS)
    entry = Entry.objects.get(action="access.name_choose")
    assert entry.person_id == kari.pk
    assert entry.changes["name"] == ["kari n", "Kari Nordmann"]


def test_a_name_that_is_right_is_left_as_it_is(kari):
    assert chooses(kari, name="kari n").status_code == 302
    assert not Entry.objects.filter(action="access.name_choose").exists()


@pytest.mark.parametrize("name", ["", " \u200b", "Ingvild <ingvild@fjellvik.example>", "x" * 121])
def test_what_cannot_be_a_name_is_refused_and_nothing_is_kept(kari, name):
    answer = chooses(kari, name=name)
    assert answer.status_code == 200
    assert answer.context["form"].errors["name"]
    kari.refresh_from_db()
    assert kari.name == "kari n"
    assert not kari.has_usable_password()


def test_who_has_been_in_before_is_not_asked_again(cast):
    person = cast.people["jonas"]
    assert 'name="name"' not in opened(person)[2]
    before = person.name
    assert chooses(person, name="Somebody else").status_code == 302
    person.refresh_from_db()
    assert person.name == before


def test_nobody_chooses_the_name_of_another(cast, kari):
    for actor in (cast.ingvild, NOBODY):
        with pytest.raises(NotAllowed):
            name_choose(actor=actor, person=kari, name="Kari")


def test_a_name_holds_no_address_by_the_service_either(kari):
    with pytest.raises(RuleViolation):
        name_choose(actor=actor_of(kari), person=kari, name="a@b.example")
