"""Sign-ins are on record: who came in by what, who did not, and what they changed of it.

An address that was typed is kept only when it is a person's here: people type passwords into
the wrong field.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as factors
from allauth.socialaccount import signals as social
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from samsyn.access.actor import Actor
from samsyn.access.http import client_address
from samsyn.access.models import ApiToken, Person
from samsyn.access.selectors import actor_of
from samsyn.audit.events import Event, event_record

UNKNOWN = "unknown"


def connect() -> None:
    """Listen to what Django and allauth tell of sign-ins; once, when Django starts."""
    for signal, receiver in (
        (user_logged_in, signed_in),
        (user_logged_out, signed_out),
        (user_login_failed, password_refused),
        (account.password_changed, password_changed),
        (account.password_set, password_changed),
        (account.password_reset, password_reset),
        (factors.authenticator_added, factor_added),
        (factors.authenticator_removed, factor_removed),
        (factors.authenticator_reset, factor_renewed),
        (factors.authenticator_used, factor_used),
        (factors.authentication_failed, factor_refused),
        (social.social_account_added, provider_added),
    ):
        signal.connect(receiver, dispatch_uid=f"samsyn.{receiver.__name__}.{id(signal)}")


def note_sign_in(action: str, person: Person, request: HttpRequest | None, **changes: Any) -> None:
    """Put on record what a person did about their own sign-in."""
    event_record(
        Event(
            action=f"sign_in.{action}",
            actor=actor_of(person).label,
            person_id=person.pk,
            changes={"from": client_address(request), **changes},
        )
    )


def note_refused(
    action: str, person: Person | None, request: HttpRequest | None, **changes: Any
) -> None:
    """Put on record that somebody did not come in: as whom, if that is a person here."""
    event_record(
        Event.about(
            person,
            action=f"sign_in.{action}",
            actor=UNKNOWN,
            person_id=person.pk if person else None,
            changes={"from": client_address(request), **changes},
        )
    )


def note_lock_out(address: Any, request: HttpRequest | None) -> None:
    """Put on record that too many failures have closed the way in for a while, once a day."""
    person = person_with(address)
    event = Event.about(
        person,
        action="sign_in.locked",
        actor=UNKNOWN,
        person_id=person.pk if person else None,
        changes={"from": client_address(request)},
    )
    event_record(event, once_a_day=True)


def note_token(actor: Actor, token: ApiToken, *, is_refused: bool = False) -> None:
    """Put on record that a program came in with a token, or tried to, once a day."""
    event = Event.about(
        token,
        action="sign_in.token_refused" if is_refused else "sign_in.token_used",
        actor=actor.label,
        person_id=actor.person_id,
    )
    event_record(event, once_a_day=True)


def person_with(address: Any) -> Person | None:
    """Return the person with the address that was typed, or None."""
    typed = str(address or "").strip()
    return Person.objects.filter(email__iexact=typed).first() if typed else None


def signed_in(*, request: HttpRequest, user: Person, **_more: Any) -> None:
    note_sign_in("done", user, request, by=_ways(request, user))


def _ways(request: HttpRequest, person: Person) -> list[str]:
    records = get_authentication_records(request, person) if hasattr(request, "session") else []
    return [str(each.get("type") or each.get("method")) for each in records]


def signed_out(*, request: HttpRequest, user: Person | None, **_more: Any) -> None:
    if user is not None:
        note_sign_in("ended", user, request)


def password_refused(
    *, credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any
) -> None:
    person = person_with(credentials.get("email") or credentials.get("username"))
    note_refused("failed", person, request, by=["password"])


def password_changed(*, request: HttpRequest, user: Person, **_more: Any) -> None:
    note_sign_in("password_changed", user, request)


def password_reset(*, request: HttpRequest, user: Person, **_more: Any) -> None:
    note_sign_in("password_reset", user, request)


def provider_added(*, request: HttpRequest, sociallogin: Any, **_more: Any) -> None:
    note_sign_in("factor_added", sociallogin.user, request, by=["socialaccount"])


def factor_added(*, request: HttpRequest, user: Person, authenticator: Any, **_more: Any) -> None:
    note_sign_in("factor_added", user, request, by=[str(authenticator.type)])


def factor_removed(*, request: HttpRequest, user: Person, authenticator: Any, **_more: Any) -> None:
    note_sign_in("factor_removed", user, request, by=[str(authenticator.type)])


def factor_renewed(*, request: HttpRequest, user: Person, authenticator: Any, **_more: Any) -> None:
    note_sign_in("factor_renewed", user, request, by=[str(authenticator.type)])


def factor_used(
    *,
    request: HttpRequest,
    user: Person,
    authenticator: Any,
    reauthenticated: bool = False,
    **_m: Any,
) -> None:
    if reauthenticated:  # at sign-in it is part of that entry
        note_sign_in("factor_used", user, request, by=[str(authenticator.type)])


def factor_refused(*, request: HttpRequest, user: Person, authenticator: Any, **_more: Any) -> None:
    note_refused("failed", user, request, by=[str(authenticator.type)])
