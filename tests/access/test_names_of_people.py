"""A name signs for nobody else: one line, nothing unseen, no address in it, by every door."""

from __future__ import annotations

import importlib
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from samsyn.access.models import ApiToken, Person
from samsyn.access.selectors import actor_of, actor_of_token
from samsyn.access.services import membership_grant, preferences_change, token_create
from samsyn.actions.deciding import decision_record
from samsyn.audit.models import Entry
from samsyn.contacts.services import contact_add
from samsyn.kernel.errors import RuleViolation
from samsyn.maturity.models import Dialogue, Participant
from samsyn.maturity.services.preparing import participants_invite
from samsyn.organisations.models import Contact
from samsyn.ui.deeds import WHO_ELSE, address_text, who_text
from tests.cast import NOON, TODAY
from tests.maturity.builders import make_dialogue

pytestmark = pytest.mark.django_db
POSES = ["Ingvild <ingvild@fjellvik.example>", "ingvild@fjellvik.example", "a > b", "a < b"]
STEPS = {
    "access": "samsyn.access.migrations.0003_names_hold_no_address",
    "organisations": "samsyn.organisations.migrations.0004_names_hold_no_address",
    "maturity": "samsyn.maturity.migrations.0002_names_hold_no_address",
}


def give(cast, name, email="new@person.example"):
    return membership_grant(
        actor=cast.ingvild, organisation=cast.fjellvik, email=email, name=name, role="employee"
    )


@pytest.mark.parametrize("name", POSES)
def test_a_person_is_not_invited_under_a_name_with_an_address(cast, name):
    with pytest.raises(RuleViolation, match="cannot contain"):
        give(cast, name)


@pytest.mark.parametrize("name", POSES)
def test_nor_by_the_form(cast, client, name):
    client.force_login(cast.people["ingvild"])
    sent = {"email": "new@person.example", "name": name, "role": "employee", "language": "nb"}
    address = f"/organisations/{cast.fjellvik.pk}/people/new/"
    assert client.post(address, sent).status_code == 422
    assert not Person.objects.filter(email="new@person.example").exists()


@pytest.mark.once  # only the owner of the tables may set up
@pytest.mark.parametrize("name", POSES)
def test_nor_from_the_console(cast, name):
    program = {
        "another_operator": True,
        "operator": "Vakt",
        "admin": "new@person.example",
        "admin_name": name,
    }
    with pytest.raises(CommandError, match="kan ikke inneholde"):
        call_command("setup", **program)
    assert not Person.objects.filter(email="new@person.example").exists()


def test_a_name_is_kept_on_one_line_without_what_nobody_sees(cast):
    person = give(cast, "  Kari\u202e\n A\u030asen\u200b ").person
    assert person.name == "Kari \u00c5sen"
    assert actor_of(person).label == "Kari \u00c5sen <new@person.example>"


def test_a_name_that_holds_nothing_to_see_is_none(cast):
    with pytest.raises(RuleViolation):
        give(cast, "\u200b\u202e")


@pytest.mark.parametrize(
    "email", ['"a<ingvild@fjellvik.example>"@evil.example', '"a,b"@evil.example']
)
def test_an_address_does_not_hold_another(cast, email):
    with pytest.raises(RuleViolation, match="address alone"):
        give(cast, "New Person", email)
    with pytest.raises(RuleViolation, match="address alone"):
        contact_add(
            actor=cast.ingvild, organisation=cast.fjellvik, purpose="technical", email=email
        )


@pytest.mark.parametrize("name", POSES)
def test_neither_does_the_name_of_a_contact_a_program_or_a_participant(cast, name):
    with pytest.raises(RuleViolation, match="cannot contain"):
        contact_add(
            actor=cast.ingvild, organisation=cast.fjellvik, purpose="management",
            email="post@fjellvik.example", name=name,
        )  # fmt: skip
    with pytest.raises(RuleViolation, match="cannot contain"):
        token_create(actor=cast.jonas, person=cast.people["jonas"], name=name)
    with pytest.raises(RuleViolation, match="cannot contain"):
        make_dialogue(cast, facilitator=name)
    dialogue = make_dialogue(cast, "rating")
    with pytest.raises(RuleViolation, match="cannot contain"):
        participants_invite(
            actor=cast.ingvild, dialogue=dialogue, people=f"{name} <new@fjellvik.example>",
            group="staff", now=NOON,
        )  # fmt: skip


def test_a_name_from_before_the_rule_does_not_sign_for_another(cast):
    jonas = cast.people["jonas"]
    jonas.name = "Ingvild <ingvild@fjellvik.example>\n"
    actor = actor_of(jonas)
    assert actor.label == f"Ingvild ingvild fjellvik.example <{jonas.email}>"
    token = ApiToken(person=jonas, name="script")
    assert actor_of_token(token).label == f"{actor.label} (token script)"


def test_a_long_name_cuts_no_address_and_hides_no_program(cast):
    local, domain = "a" * 60, f"{'b' * 20}.fjellvik.example"
    person = give(cast, "Kari " + "x" * 115, f"{local}@{domain}").person
    assert len(actor_of(person).label) == 200
    assert address_text(actor_of(person).label) == person.email
    token = token_create(actor=actor_of(person), person=person, name="y" * 80)
    kept = actor_of_token(token).label[:200]
    assert address_text(kept) == person.email
    assert "by the program" in who_text(kept)


def test_the_trail_says_by_id_who_it_was_whatever_they_are_called(cast):
    twin = give(cast, "Ingvild").person
    preferences_change(actor=actor_of(twin), person=twin, theme="dark")
    entry = Entry.objects.order_by("-number").first()
    assert entry.person_id == twin.pk != cast.people["ingvild"].pk
    assert "new@person.example" in entry.actor
    assert (who_text(entry.actor), address_text(entry.actor)) == ("Ingvild", twin.email)


KINDS = {
    "job:backup": "Samsyn, by itself",
    "console:root": "Whoever runs the server",
    "participant of dialogue 3": "A participant",
    "contact Kari": "Kari, through the link in a letter",
    "unknown": "Unknown",
    "nobody": "Unknown",
}


@pytest.mark.parametrize("name", KINDS)
def test_a_person_called_as_a_job_or_another_kind_is_still_a_person(cast, name):
    assert who_text(name) == KINDS[name]  # without an address it is that kind
    person = give(cast, name).person
    preferences_change(actor=actor_of(person), person=person, theme="dark")
    entry = Entry.objects.order_by("-number").first()
    assert who_text(entry.actor) == name
    program = actor_of_token(ApiToken(person=person, name="script")).label
    assert who_text(program) == f"{name}, by the program script"


def test_no_kind_of_whoever_acts_is_left_out_of_these():
    assert {kind for kind in WHO_ELSE if any(name.startswith(kind) for name in KINDS)} == set(
        WHO_ELSE
    )


@pytest.mark.parametrize("name", ["participant of dialogue 3", "contact Kari"])
def test_a_page_that_shows_only_names_shows_the_name_of_such_a_person_too(cast, client, name):
    person = membership_grant(
        actor=cast.ingvild, organisation=cast.fjellvik, email="new@person.example", name=name,
        role="ciso",
    ).person  # fmt: skip
    made = decision_record(
        actor=actor_of(person), organisation=cast.fjellvik, title="Buy a safe", outcome="approved",
        text="x", basis="x", decided_by="Board", decided_on=TODAY, now=NOON,
    )  # fmt: skip
    page = client.be(cast.people["ingvild"]).get(made.get_absolute_url()).content.decode()
    assert name in page
    assert "A participant" not in page
    assert "through the link in a letter" not in page


def test_the_change_log_tells_people_of_one_name_apart(cast, client):
    twin = give(cast, "Ingvild").person
    give_role = actor_of(cast.people["liv"])
    membership_grant(
        actor=give_role, organisation=cast.fjellvik, email=twin.email, name="", role="ciso"
    )
    contact_add(
        actor=actor_of(twin), organisation=cast.fjellvik, purpose="management",
        email="post@fjellvik.example",
    )  # fmt: skip
    client.force_login(cast.people["revna"])
    for address in ("/change-log/", "/change-log/?export=csv"):
        response = client.get(address)
        page = b"".join(response) if response.streaming else response.content
        assert twin.email in page.decode()


def test_names_from_before_the_rule_are_written_anew_once(cast):
    jonas = cast.people["jonas"]
    Person.objects.filter(pk=jonas.pk).update(name="Ingvild\u202e <ingvild@fjellvik.example>")
    contact = Contact.unscoped.first()
    Contact.unscoped.filter(pk=contact.pk).update(name="@")
    dialogue = make_dialogue(cast)
    Dialogue.unscoped.filter(pk=dialogue.pk).update(facilitator="Egil, egil@fjellvik.example")
    asked = Participant.unscoped.create(
        dialogue=dialogue, name="<>", email="a@fjellvik.example", group="staff"
    )
    for step in STEPS.values():
        importlib.import_module(step).write_plain_names(apps, None)
    for thing in (jonas, contact, dialogue, asked):
        thing.refresh_from_db()
    assert jonas.name == "Ingvild ingvild fjellvik.example"
    assert contact.name == ""
    assert dialogue.facilitator == "Egil, egil fjellvik.example"
    assert asked.name == "–"
    for thing in (jonas, contact, dialogue, asked):
        thing.full_clean(exclude=["password"] if thing is jonas else [])


def test_titles_and_lists_of_names_are_kept_in_one_form_too(cast):
    dialogue = make_dialogue(cast, title="Dialogue\n\u202e2026")
    assert dialogue.title == "Dialogue 2026"
    dialogue.present = " Kari\u200b \n\n\u202eOle "
    dialogue.full_clean()
    assert dialogue.present == "Kari\nOle"
    with pytest.raises(ValidationError):
        Dialogue(organisation=cast.fjellvik, title="\u200b", held_on=date(2026, 3, 2)).full_clean()
