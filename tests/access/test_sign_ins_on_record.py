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
from samsyn.ui.deeds import DEEDS
from tests.house.laws import addresses
from tests.house.test_doors import NOT_OURS

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


def confirmed(client, asked):
    """Say again who one is, as one is asked to; what was asked for is then done."""
    assert asked.url.startswith("/accounts/reauthenticate/")
    return client.post(asked.url, {"password": PASSWORD}, follow=True)


def test_ending_all_other_sessions_is_on_record(cast):
    here, there = Client(REMOTE_ADDR="192.0.2.7"), Client()
    for client in (there, here):
        sign_in(client, "jonas@fjellvik.example")
    confirmed(here, here.post("/accounts/sessions/"))
    assert actions() == ["done", "done", "others_ended"]
    assert entries()[-1].changes == {"from": "192.0.2.7"}
    assert entries()[-1].person_id == cast.people["jonas"].pk
    assert there.get("/me/").status_code == 302


def signed_in_with(cast, kind, data):
    """Return a browser of Jonas, who has such a way to confirm, just signed in."""
    client = Client()
    sign_in(client, "jonas@fjellvik.example")
    return client, Authenticator.objects.create(user=cast.people["jonas"], type=kind, data=data)


def test_another_name_of_a_passkey_is_on_record(cast):
    client, key = signed_in_with(cast, "webauthn", {"name": "Old"})
    confirmed(client, client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", {"name": "New"}))
    assert Authenticator.objects.get(pk=key.pk).wrap().name == "New"
    assert actions() == ["done", "factor_renamed"]


def test_recovery_codes_that_are_shown_or_saved_are_on_record(cast):
    client, _key = signed_in_with(cast, "totp", {"secret": "JBSWY3DPEHPK3PXP"})
    code = RecoveryCodes.activate(cast.people["jonas"]).get_unused_codes()[0]
    confirmed(client, client.get("/accounts/2fa/recovery-codes/generate/"))
    for page in ("", "download/"):
        answer = client.get(f"/accounts/2fa/recovery-codes/{page}")
        assert code in answer.content.decode()
    assert actions() == ["done", "codes_shown", "codes_shown"]
    assert code not in str(list(Entry.objects.values()))


def test_an_account_of_a_provider_that_is_connected_is_on_record(cast):
    from types import SimpleNamespace

    from allauth.socialaccount.signals import social_account_added

    social_account_added.send(
        sender=None, request=None, sociallogin=SimpleNamespace(user=cast.people["jonas"])
    )
    assert actions() == ["factor_added"]
    assert entries()[0].changes["by"] == ["socialaccount"]


# Each page of allauth's: what it puts on record, or why it changes nothing.
RECORDED = {
    "account_login": "done",
    "account_logout": "ended",
    "account_change_password": "password_changed",
    "account_set_password": "password_changed",
    "account_reset_password_from_key": "password_reset",
    "mfa_authenticate": "done",
    "mfa_login_webauthn": "done",
    "mfa_reauthenticate": "factor_used",
    "mfa_reauthenticate_webauthn": "factor_used",
    "mfa_activate_totp": "factor_added",
    "mfa_deactivate_totp": "factor_removed",
    "mfa_view_recovery_codes": "codes_shown",
    "mfa_download_recovery_codes": "codes_shown",
    "mfa_generate_recovery_codes": "factor_renewed",
    "mfa_add_webauthn": "factor_added",
    "mfa_remove_webauthn": "factor_removed",
    "mfa_edit_webauthn": "factor_renamed",
    "openid_connect_callback": "done",
    "usersessions_list": "others_ended",
}
CLOSED, TELLS = "not there: see access/urls.py", "a page that only tells"
CHANGES_NOTHING = {
    "account_signup": CLOSED,
    "account_email": CLOSED,
    "account_confirm_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_confirm_login_code": CLOSED,
    "socialaccount_signup": CLOSED,
    "socialaccount_connections": CLOSED,
    "account_inactive": TELLS,
    "account_reset_password_done": TELLS,
    "account_reset_password_from_key_done": TELLS,
    "mfa_index": TELLS,
    "mfa_list_webauthn": TELLS,
    "socialaccount_login_cancelled": TELLS,
    "socialaccount_login_error": TELLS,
    "account_reset_password": "sends a link; using it is on record",
    "account_reauthenticate": "the password once more, in a session that is on record",
    "openid_connect_login": "leads to the provider",
}


def test_every_page_about_signing_in_is_on_record_or_says_why_not():
    names = {name for name, _path in addresses() if name.startswith(NOT_OURS)}
    assert names == {*RECORDED, *CHANGES_NOTHING}
    assert not {*RECORDED} & {*CHANGES_NOTHING}
    assert {f"sign_in.{action}" for action in RECORDED.values()} <= set(DEEDS)


def test_the_pages_that_are_said_to_be_closed_are(cast):
    client = Client()
    sign_in(client, "jonas@fjellvik.example")
    paths = dict(addresses())
    for name, why in CHANGES_NOTHING.items():
        if why == CLOSED and "<" not in paths[name]:
            assert client.post(f"/{paths[name]}").status_code == 404, name
