"""Sign-ins, failures, lock-outs, factors and tokens are on record."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.utils import timezone

from samsyn.access.models import ApiToken
from samsyn.access.services import token_create, token_revoke
from samsyn.audit.models import Entry
from samsyn.audit.selectors import trail_break

PASSWORD = "correct horse battery"


def sign_in(client, email, password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def entries(kind="sign_in"):
    return list(Entry.objects.filter(kind=kind).order_by("number"))


def actions():
    return [entry.action.partition(".")[2] for entry in entries()]


def test_a_sign_in_and_a_sign_out_are_on_record(cast):
    client = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(client, "jonas@fjellvik.example").status_code == 302
    client.post("/accounts/logout/")
    came, went = entries()
    assert (came.action, went.action) == ("sign_in.done", "sign_in.ended")
    assert came.person_id == went.person_id == cast.people["jonas"].pk
    assert came.changes == {"from": "192.0.2.7", "by": ["password"]}
    assert trail_break() is None


def test_a_failed_sign_in_names_the_person_that_was_meant(cast):
    sign_in(Client(), "Jonas@Fjellvik.example", "wrong")
    (entry,) = entries()
    assert entry.action == "sign_in.failed"
    assert entry.person_id == cast.people["jonas"].pk
    assert entry.actor == "unknown"
    assert entry.object_name == "Jonas"


def test_what_was_typed_is_not_kept_when_it_is_nobodys_address(cast):
    sign_in(Client(), "hunter2-is-my-password@nowhere.example", "x")
    (entry,) = entries()
    assert entry.person_id is None
    assert "hunter2" not in str(Entry.objects.values().get())


def test_a_lock_out_is_on_record_once(cast):
    client = Client()
    for _ in range(8):
        sign_in(client, "jonas@fjellvik.example", "wrong")
    assert actions() == ["failed"] * 5 + ["locked"]


def test_another_password_is_on_record(cast):
    client = Client()
    sign_in(client, "jonas@fjellvik.example")
    given = {"oldpassword": PASSWORD, "password1": "staple horse battery 9"}
    given["password2"] = given["password1"]
    assert client.post("/accounts/password/change/", given).status_code == 302
    assert "password_changed" in actions()
    assert "staple" not in str(list(Entry.objects.values()))


def test_a_password_chosen_through_a_mail_is_on_record(cast, mailoutbox):
    from samsyn.access.links import password_link

    client = Client()
    link = password_link(cast.people["jonas"])
    page = client.get("/accounts" + link.split("/accounts", 1)[1], follow=True)
    given = {"password1": "staple horse battery 9", "password2": "staple horse battery 9"}
    client.post(page.request["PATH_INFO"], given)
    assert "password_reset" in actions()


def test_a_second_factor_is_on_record_when_used_and_when_it_does_not_fit(cast):
    person = cast.people["jonas"]
    codes = RecoveryCodes.activate(person).get_unused_codes()
    Authenticator.objects.create(user=person, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    client = Client()
    sign_in(client, "jonas@fjellvik.example")
    assert actions() == []  # the password alone is not a sign-in
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert actions() == ["failed", "done"]
    assert entries()[1].changes["by"] == ["password", "recovery_codes"]


def test_factors_added_and_removed_are_on_record(cast):
    from allauth.mfa import signals

    one = Authenticator(user=cast.people["jonas"], type="webauthn", data={})
    for signal in (signals.authenticator_added, signals.authenticator_removed):
        signal.send(
            sender=Authenticator, request=None, user=cast.people["jonas"], authenticator=one
        )
    assert actions() == ["factor_added", "factor_removed"]
    assert entries()[0].changes["by"] == ["webauthn"]


def with_token(client, secret):
    return client.get("/api/organisations", headers={"Authorization": f"Bearer {secret}"})


def test_a_token_is_on_record_once_a_day(client, cast):
    secret = token_create(actor=cast.jonas, person=cast.people["jonas"], name="monitor").secret
    for _ in range(3):
        assert with_token(client, secret).status_code == 200
    assert actions() == ["token_used"]
    assert entries()[0].object_name == "monitor"


def test_a_token_that_was_ended_is_on_record_when_somebody_tries_it(client, cast):
    made = token_create(actor=cast.jonas, person=cast.people["jonas"], name="monitor")
    token_revoke(actor=cast.jonas, token=ApiToken.objects.get(pk=made.pk))
    for _ in range(2):
        assert with_token(client, made.secret).status_code == 401
    assert actions() == ["token_refused"]
    assert with_token(client, "samsyn_nothing").status_code == 401
    assert actions() == ["token_refused"]
    assert ApiToken.objects.get(pk=made.pk).expires_at > timezone.now()
