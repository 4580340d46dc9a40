"""What a person does to their own: tokens, settings, sessions; and roles that end."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import ApiToken, Membership, Person, RoleOffer
from samsyn.access.permissions import Role
from samsyn.access.services import (
    membership_end,
    membership_grant,
    membership_leave,
    name_choose,
    preferences_change,
    sessions_end,
    token_create,
    token_revoke,
)
from samsyn.audit.models import Entry
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.kernel.limits import limits
from tests.cast import TODAY, make_person


def held(cast, name):
    return Membership.unscoped.get(person=cast.people[name])


def create(cast, name="jonas", **given):
    return token_create(
        actor=getattr(cast, name), person=cast.people[name], **({"name": "script"} | given)
    )


# Tokens.


def test_of_a_token_only_a_checksum_is_kept_and_its_secret_is_shown_once(cast):
    made = create(cast)
    kept = ApiToken.objects.get()
    assert made.secret.startswith("samsyn_")
    assert len(made.secret) == len("samsyn_") + 43  # 32 bytes of chance
    assert kept.digest == hashlib.sha256(made.secret.encode()).hexdigest()
    assert not hasattr(kept, "secret")
    assert (kept.person, kept.name, kept.only) == (cast.people["jonas"], "script", None)
    assert create(cast, name="liv").secret != made.secret
    entry = Entry.objects.filter(action="access.token_create").first()
    assert made.secret not in str(entry.changes)
    assert kept.digest not in str(entry.changes)


@pytest.mark.parametrize("days", [1, 90, 366])
def test_a_token_is_valid_for_as_many_days_as_it_was_made_for(cast, days):
    before = timezone.now()
    kept = ApiToken.objects.get(pk=create(cast, days=days).pk)
    assert before <= kept.expires_at - timedelta(days=days) <= timezone.now()
    assert kept.is_usable(kept.expires_at - timedelta(seconds=1))
    assert not kept.is_usable(kept.expires_at)


def test_without_a_number_it_is_valid_for_ninety_days(cast):
    left = create(cast).expires_at - timezone.now()
    assert timedelta(days=89, hours=23) < left <= timedelta(days=90)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_no_token_is_valid_for_less_than_a_day_or_more_than_a_year(cast, days):
    with pytest.raises(RuleViolation, match="between one day and one year") as refused:
        create(cast, days=days)
    assert refused.value.field == "days"
    assert not ApiToken.objects.exists()


def test_a_token_is_narrowed_only_to_what_there_is_and_one_may_oneself(cast):
    assert create(cast, only=["findings.view"]).only == ["findings.view"]
    assert create(cast, only=[]).only is None
    for only, said in ((["findings.fly"], "findings.fly"), (["people.change"], "may not do")):
        with pytest.raises(RuleViolation, match=said) as refused:
            create(cast, only=["findings.view", *only])
        assert refused.value.field == "only"
    assert ApiToken.objects.count() == 2


def test_nobody_makes_or_revokes_anothers_token(cast):
    made = create(cast)
    with pytest.raises(NotAllowed):
        token_create(actor=cast.ingvild, person=cast.people["jonas"], name="x")
    with pytest.raises(NotAllowed):
        token_revoke(actor=cast.ingvild, token=made)
    assert ApiToken.objects.get().revoked_at is None


def test_a_revoked_token_opens_nothing_from_now_on(cast):
    made = create(cast)
    before = timezone.now()
    token_revoke(actor=cast.jonas, token=made)
    kept = ApiToken.objects.get()
    assert before <= kept.revoked_at <= timezone.now()
    assert not kept.is_usable(timezone.now())


def test_a_token_of_whoever_may_not_sign_in_opens_nothing(cast):
    made = create(cast)
    Person.objects.filter(pk=cast.people["jonas"].pk).update(is_active=False)
    assert not ApiToken.objects.get(pk=made.pk).is_usable(timezone.now())


# Settings.


@pytest.mark.parametrize("given", [{"language": "sv"}, {"theme": "dark"}])
def test_one_setting_is_changed_and_the_other_stays(cast, given):
    person = cast.people["jonas"]
    preferences_change(actor=cast.jonas, person=person, **given)
    kept = Person.objects.get(pk=person.pk)
    expected = {"language": "en", "theme": "auto"} | given
    assert {name: getattr(kept, name) for name in expected} == expected


def test_nobody_changes_how_samsyn_looks_to_another_nor_their_name(cast):
    jonas = cast.people["jonas"]
    for act in (
        lambda: preferences_change(actor=cast.ingvild, person=jonas, theme="dark"),
        lambda: name_choose(actor=cast.ingvild, person=jonas, name="Jon"),
        lambda: sessions_end(actor=cast.ingvild, person=jonas),
    ):
        with pytest.raises(NotAllowed, match="somebody else"):
            act()
    kept = Person.objects.get(pk=jonas.pk)
    assert (kept.theme, kept.name) == ("auto", "Jonas")


@pytest.mark.parametrize(("field", "value"), [("language", "xx"), ("theme", "pink")])
def test_a_setting_that_there_is_none_of_is_refused_at_its_field(cast, field, value):
    with pytest.raises(RuleViolation) as refused:
        preferences_change(actor=cast.jonas, person=cast.people["jonas"], **{field: value})
    assert refused.value.field == field


# Roles that end.


def test_a_role_ends_on_a_day_and_says_when_it_was_ended(cast):
    before = timezone.now()
    membership_end(actor=cast.ingvild, membership=held(cast, "jonas"), on=TODAY)
    kept = held(cast, "jonas")
    assert kept.ended_on == TODAY
    assert before <= kept.ended_at <= timezone.now()
    entry = Entry.objects.get(action="access.membership_end")
    assert entry.organisation_id == cast.fjellvik.pk


def test_a_role_that_somebody_has_ended_meanwhile_is_not_ended_again(cast):
    first, second = held(cast, "jonas"), held(cast, "jonas")
    membership_end(actor=cast.ingvild, membership=first, on=TODAY)
    for act in (membership_end, membership_leave):
        given = {"on": TODAY} if act is membership_end else {"today": TODAY}
        actor = cast.ingvild if act is membership_end else cast.jonas
        with pytest.raises(RuleViolation, match="already ended"):
            act(actor=actor, membership=second, **given)


def test_the_last_administrator_stays_and_one_of_two_may_go(cast):
    with pytest.raises(RuleViolation, match="last administrator"):
        membership_leave(actor=cast.henrik, membership=held(cast, "henrik"), today=TODAY)
    other = make_person("hedda", cast.samvakt, Role.ADMINISTRATOR)
    other.is_active = False
    other.save()
    with pytest.raises(RuleViolation, match="last administrator"):
        membership_leave(actor=cast.henrik, membership=held(cast, "henrik"), today=TODAY)
    other.is_active = True
    other.save()
    membership_leave(actor=cast.henrik, membership=held(cast, "henrik"), today=TODAY)
    assert held(cast, "henrik").ended_on == TODAY


def test_the_last_who_gives_roles_stays_though_others_work_there(cast):
    membership_leave(actor=cast.liv, membership=held(cast, "liv"), today=TODAY)
    with pytest.raises(RuleViolation, match="Nobody else here can give roles"):
        membership_leave(actor=cast.ingvild, membership=held(cast, "ingvild"), today=TODAY)
    membership_end(actor=cast.job, membership=held(cast, "ingvild"), on=TODAY)  # the console may


def test_nobody_leaves_for_another(cast):
    with pytest.raises(NotAllowed):
        membership_leave(actor=cast.ingvild, membership=held(cast, "jonas"), today=TODAY)
    assert held(cast, "jonas").ended_on is None


# Room for more, and new people.


def room_for(settings, **most):
    settings.LIMITS = {name: limit.most for name, limit in limits().items()} | most


def test_only_ones_own_tokens_that_are_in_force_are_counted(cast, settings):
    room_for(settings, tokens=2)
    create(cast, name="liv")
    gone, old = create(cast), create(cast)
    token_revoke(actor=cast.jonas, token=gone)
    ApiToken.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    create(cast)
    create(cast)
    with pytest.raises(RuleViolation, match="At most 2 tokens"):
        create(cast)


def grant(cast, email="kim@mail.example", **given):
    values = {"name": " Kim ", "role": Role.EMPLOYEE} | given
    return membership_grant(actor=cast.ingvild, organisation=cast.fjellvik, email=email, **values)


def test_who_has_left_takes_no_room_from_who_comes(cast, settings):
    room_for(settings, memberships=5)  # five have a role there
    with pytest.raises(RuleViolation, match="at most 5"):
        grant(cast)
    membership_end(actor=cast.ingvild, membership=held(cast, "egil"), on=TODAY)
    assert grant(cast).person.name == "Kim"


def test_offers_are_counted_for_the_organisation_that_makes_them(cast, settings):
    room_for(settings, role_offers=1)
    membership_grant(
        actor=cast.sigrid,
        organisation=cast.elvdal,
        email=cast.people["jonas"].email,
        name="Jonas",
        role=Role.EMPLOYEE,
    )
    assert isinstance(grant(cast, email=cast.people["sigrid"].email), RoleOffer)
    with pytest.raises(RuleViolation, match="at most 1"):
        grant(cast)  # whoever it is for: a refusal must not tell who is known


@pytest.mark.parametrize(("given", "spoken"), [({}, "nb"), ({"language": "sv"}, "sv")])
def test_a_new_person_reads_the_organisations_language_unless_another_is_given(cast, given, spoken):
    made = grant(cast, email=" Kim@MAIL.example ", **given).person
    kept = Person.objects.get(pk=made.pk)
    assert (kept.email, kept.name, kept.language) == ("kim@mail.example", "Kim", spoken)
    assert not kept.has_usable_password()


@pytest.mark.parametrize(
    ("given", "field"), [({"email": "nowhere"}, "email"), ({"name": "a@b.example"}, "name")]
)
def test_what_is_no_address_or_no_name_makes_no_person(cast, given, field):
    with pytest.raises(RuleViolation) as refused:
        grant(cast, **given)
    assert refused.value.field == field
    assert Person.objects.count() == len(cast.people)
