"""Somebody who has a role elsewhere is asked first, and shown to nobody until they accept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import Membership, Person, RoleOffer
from samsyn.access.offering import role_accept, role_decline, role_take_back
from samsyn.access.permissions import Role
from samsyn.access.selectors import actor_of, looks_as, own_memberships
from samsyn.access.services import membership_end, membership_grant, membership_leave
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.kernel.limits import limits
from samsyn.ui.moments import day_text
from tests.cast import TODAY, make_organisation, make_person
from tests.cockpit.test_change_log import lines, said, sign_in
from tests.organisations.boundary import second_operator

pytestmark = pytest.mark.usefixtures("in_their_zone")


def give(actor, organisation, email, role=Role.EMPLOYEE, name="Typed Name"):
    return membership_grant(
        actor=actor, organisation=organisation, email=email, name=name, role=role
    )


def offered(cast, name="sigrid", role=Role.EMPLOYEE):
    return give(cast.ingvild, cast.fjellvik, cast.people[name].email, role)


def test_a_role_for_somebody_elsewhere_opens_nothing_until_they_accept_it(cast):
    offer = offered(cast)
    assert isinstance(offer, RoleOffer)
    assert not cast.sigrid.is_at_home(cast.fjellvik.pk)
    assert role_accept(actor=cast.sigrid, offer=offer).role == Role.EMPLOYEE
    assert cast.sigrid.is_at_home(cast.fjellvik.pk)


def test_who_is_new_or_nowhere_or_in_the_same_legal_entity_gets_it_at_once(cast):
    nowhere = make_person("kim", cast.utmark, Role.EMPLOYEE)
    Membership.unscoped.filter(person=nowhere).update(ended_on=TODAY)
    teacher = make_person("tea", cast.school, Role.EMPLOYEE)
    for email in ("new@mail.example", nowhere.email, teacher.email, cast.people["jonas"].email):
        assert isinstance(give(cast.ingvild, cast.fjellvik, email), Membership)
    assert isinstance(give(cast.job, cast.fjellvik, cast.people["sigrid"].email), Membership)


def people_page(client, cast, reader="ingvild"):
    url = f"/organisations/{cast.fjellvik.pk}/"
    return client.be(cast.people[reader]).get(url).content.decode()


def test_whoever_offers_it_learns_nothing_but_what_they_typed(client, cast):
    cast.people["sigrid"].name = "Sigrid Storm"
    cast.people["sigrid"].save()
    url = f"/organisations/{cast.fjellvik.pk}/people/new/"
    answers = []
    for email in (cast.people["sigrid"].email, "nobody@mail.example"):
        given = {"email": email, "name": "Typed Name", "role": "employee", "language": "en"}
        answer = client.be(cast.people["ingvild"]).post(url, given, follow=True)
        text = answer.content.decode()
        answers.append(text[text.index("It is done.") :][:80])
    assert answers[0] == answers[1]
    Person.objects.filter(pk__in=[each.pk for each in cast.people.values()]).update(
        last_login=timezone.now()
    )
    page = people_page(client, cast)
    assert page.count("has not answered") == 2
    assert page.count(f"employee · invited {day_text(timezone.localdate())}") == 2
    assert "Storm" not in page
    told = [line for line in said(cast.ingvild) if "role" in line[1]]
    assert {line[1:] for line in told} == {("Gave or offered a role", "Typed Name (employee)")}
    assert len(told) == 2


def test_sign_ins_are_not_shown_before_it_is_accepted(cast):
    offer = offered(cast)
    sign_in(cast.people["sigrid"])
    assert lines(cast.ingvild, kind="sign_in") == []
    role_accept(actor=cast.sigrid, offer=offer)
    assert lines(cast.ingvild, kind="sign_in") == []


def test_who_declines_stays_unknown(client, cast):
    cast.people["sigrid"].name = "Sigrid Storm"
    cast.people["sigrid"].save()
    role_decline(actor=actor_of(cast.people["sigrid"]), offer=offered(cast))
    assert said(cast.ingvild)[0] == (
        "Typed Name", "Declined a role that was offered", "Typed Name (employee)",
    )  # fmt: skip
    assert "Typed Name" not in people_page(client, cast)
    assert not cast.sigrid.is_at_home(cast.fjellvik.pk)


@pytest.mark.parametrize("answer", ["accept", "decline"])
@pytest.mark.parametrize("name", ["sigrid", "astrid"])
def test_the_person_is_told_on_the_home_page_and_answers(client, cast, name, answer):
    offer = offered(cast, name)
    client.be(cast.people[name])
    line = "Fjellvik offers you a role (employee): read and answer"
    assert line in client.get("/", follow=True).content.decode()
    page = client.get("/me/").content.decode()
    url = f"/me/roles/offered/{offer.pk}/{answer}/"
    assert url in page
    question = client.get(url).content.decode()
    assert "Ingvild, ingvild@fjellvik.example" in question
    assert client.post(url, follow=True).status_code == 200
    assert line not in client.get("/", follow=True).content.decode()
    held = Membership.unscoped.filter(person=cast.people[name], organisation=cast.fjellvik)
    assert held.exists() is (answer == "accept")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("name", ["ingvild", "jonas", "henrik", "job"])
def test_nobody_answers_for_another(cast, name):
    offer = offered(cast)
    for answer in (role_accept, role_decline):
        with pytest.raises(NotAllowed):
            answer(actor=getattr(cast, name), offer=offer)


@pytest.mark.parametrize("name", ["jonas", "henrik", "sigrid"])
def test_it_is_taken_back_by_who_gives_roles_there(cast, name):
    offer = offered(cast)
    with pytest.raises((NotAllowed, RuleViolation)):
        role_take_back(actor=getattr(cast, name), offer=offer)
    role_take_back(actor=cast.liv, offer=offer)
    with pytest.raises(RuleViolation, match="no longer offered"):
        role_accept(actor=cast.sigrid, offer=offer)


def test_an_offer_does_not_outlive_the_right_to_make_it(cast):
    offer = offered(cast)
    mine = Membership.unscoped.get(person=cast.people["ingvild"])
    membership_end(actor=cast.liv, membership=mine, on=TODAY)
    with pytest.raises(RuleViolation, match="no longer give"):
        role_accept(actor=cast.sigrid, offer=offer)


def test_another_operators_people_are_refused_in_no_other_words_than_anybody(cast):
    second_operator(cast)
    for role in (Role.ADVISER, Role.EMPLOYEE):
        emails = (cast.people["nora"].email, cast.people["sigrid"].email)
        made = [give(cast.henrik, cast.samvakt, email, role) for email in emails]
        assert {type(one) for one in made} == {RoleOffer}
    first = give(cast.henrik, cast.vann, cast.people["nora"].email, Role.CISO)
    with pytest.raises(RuleViolation, match="own people"):
        role_accept(actor=cast.nora, offer=first)


def test_the_same_twice_is_refused_alike(cast):
    said = set()
    for email in (cast.people["sigrid"].email, "new@mail.example"):
        give(cast.ingvild, cast.fjellvik, email)
        with pytest.raises(RuleViolation) as refused:
            give(cast.ingvild, cast.fjellvik, email)
        said.add(str(refused.value))
    assert len(said) == 1


@pytest.mark.parametrize("name", ["egil", "jonas", "astrid", "revna"])
def test_everybody_may_end_their_own_role(client, cast, name):
    held = Membership.unscoped.get(person=cast.people[name])
    url = f"/me/roles/{held.pk}/end/"
    assert url in client.be(cast.people[name]).get("/me/").content.decode()
    assert client.post(url, follow=True).status_code == 200
    held.refresh_from_db()
    assert held.ended_on == timezone.localdate()


def test_but_not_anothers_and_not_the_last(client, cast):
    held = {name: Membership.unscoped.get(person=cast.people[name]) for name in cast.people}
    with pytest.raises(NotAllowed):
        membership_leave(actor=cast.egil, membership=held["jonas"], today=TODAY)
    assert (
        client.be(cast.people["egil"]).get(f"/me/roles/{held['jonas'].pk}/end/").status_code == 404
    )
    for name in ("henrik", "sigrid"):
        with pytest.raises(RuleViolation, match=r"last administrator|Nobody else here"):
            membership_leave(actor=getattr(cast, name), membership=held[name], today=TODAY)


def test_the_start_page_stays_when_another_gives_a_role(cast):
    first = make_organisation("Aavik")  # before all others by name
    person = cast.people["sigrid"]
    membership = Membership.unscoped.create(person=person, organisation=first, role=Role.EMPLOYEE)
    rows = own_memberships(person.pk)
    assert looks_as(rows, chosen=None).organisation == cast.elvdal
    assert looks_as(rows, chosen=first.pk) == membership
    Membership.unscoped.filter(pk=membership.pk).update(since=TODAY - timedelta(days=900))
    assert looks_as(own_memberships(person.pk), chosen=None).organisation == first


def test_an_account_is_not_known_by_its_offers(cast):
    offered(cast)
    assert Person.objects.filter(email="sigrid@elvdal.example").count() == 1
    assert not Membership.unscoped.filter(
        person=cast.people["sigrid"], organisation=cast.fjellvik
    ).exists()


def test_who_opens_what_is_offered_to_them_is_not_told_of(client, cast):
    """An entry would name them to whoever offers it, also when they decline."""
    offer = offered(cast)
    client.be(cast.people["sigrid"]).get(f"/me/roles/offered/{offer.pk}/accept/")
    assert not Entry.objects.filter(kind="reading", organisation_id=cast.fjellvik.pk).exists()


@pytest.mark.parametrize("has_signed_in", [False, True])
def test_who_has_no_role_any_more_is_asked_too_once_the_account_is_theirs(
    client, cast, has_signed_in
):
    kim = make_person("kim", cast.utmark, Role.EMPLOYEE)
    Membership.unscoped.filter(person=kim).update(ended_on=TODAY)
    Person.objects.filter(pk=kim.pk).update(last_login=timezone.now() if has_signed_in else None)
    made = give(cast.ingvild, cast.fjellvik, kim.email)
    assert isinstance(made, RoleOffer) is has_signed_in
    if has_signed_in:
        for page in ("/", "/me/"):
            shown = client.be(kim).get(page, follow=True)
            assert shown.status_code == 200
            assert f"/me/roles/offered/{made.pk}/" in shown.content.decode(), page
        url = f"/me/roles/offered/{made.pk}/accept/"
        assert client.post(url, follow=True).status_code == 200
        assert actor_of(kim).is_at_home(cast.fjellvik.pk)


def test_an_operators_role_is_taken_back_only_by_who_changes_its_staff(cast):
    una = make_person("una", cast.utmark, Role.EMPLOYEE)
    cast.people["carl"] = make_person("carl", cast.samvakt, Role.CISO)
    offer = give(cast.henrik, cast.samvakt, una.email, role=Role.ANALYST)
    assert isinstance(offer, RoleOffer)
    with pytest.raises(NotAllowed):
        role_take_back(actor=cast.carl, offer=offer)
    assert RoleOffer.unscoped.get(pk=offer.pk).answer == ""
    role_take_back(actor=cast.henrik, offer=offer)
    assert RoleOffer.unscoped.get(pk=offer.pk).answer == "taken_back"


@pytest.mark.parametrize(("most", "is_full"), [(5, True), (6, False)])
def test_a_role_is_accepted_while_there_is_room_for_it_in_that_organisation(
    cast, settings, most, is_full
):
    """Five have a role at Fjellvik now; who has left, and who is elsewhere, is not counted."""
    offer = offered(cast)
    Membership.unscoped.create(
        person=cast.people["albin"],
        organisation=cast.fjellvik,
        role=Role.EMPLOYEE,
        ended_on=TODAY,
    )
    known = {name: limit.most for name, limit in limits().items()}
    settings.LIMITS = known | {"memberships": most}
    if not is_full:
        assert role_accept(actor=cast.sigrid, offer=offer).role == Role.EMPLOYEE
        return
    with pytest.raises(RuleViolation, match="at most 5"):
        role_accept(actor=cast.sigrid, offer=offer)
    assert RoleOffer.unscoped.get(pk=offer.pk).answer == ""
