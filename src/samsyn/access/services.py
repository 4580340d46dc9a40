from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.models import ApiToken, Membership, Person
from samsyn.access.permissions import Permission, Role
from samsyn.kernel.errors import NotAllowed, RuleViolation

TOKEN_PREFIX = "samsyn_"  # noqa: S105  a mark that scanners for leaked secrets can look for
TOKEN_DAYS_MAX = 366


@command(Permission.PEOPLE_CHANGE)
def membership_grant(
    *,
    actor: Actor,
    organisation: Any,
    email: str,
    name: str,
    role: str,
    language: str = "nb",
) -> Membership:
    """Give a person a role in an organisation; a new address becomes a new person.

    Raises:
        RuleViolation: the role is unknown, or the person already has it.

    """
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        person = Person(email=email.strip().lower(), name=name.strip(), language=language)
        person.set_unusable_password()
        person.full_clean(exclude=["password"])
        person.save()
    membership = Membership(person=person, organisation=organisation, role=Role(role))
    membership.full_clean()
    membership.save()
    return membership


@command(Permission.PEOPLE_CHANGE)
def membership_end(*, actor: Actor, membership: Membership, on: date) -> Membership:
    """End a person's role; what they did stays on record."""
    if membership.ended_on is not None:
        raise RuleViolation(_("The role has already ended."))
    membership.ended_on = on
    membership.save(update_fields=["ended_on"])
    return membership


@command(None)
def preferences_change(
    *, actor: Actor, person: Person, language: str | None = None, theme: str | None = None
) -> Person:
    """Change how Samsyn looks to oneself: language and colours."""
    _own(actor, person.pk)
    person.language = language or person.language
    person.theme = theme or person.theme
    person.full_clean(exclude=["password"])
    person.save(update_fields=["language", "theme"])
    return person


@command(None)
def password_link_give(*, actor: Actor, person: Person) -> Person:
    """Put on record that the console was given a link to a person's new password."""
    if not actor.is_system:
        raise NotAllowed(_("This belongs to somebody else."))
    return person


@command(None)
def token_create(
    *, actor: Actor, person: Person, name: str, days: int = 90, only: list[str] | None = None
) -> ApiToken:
    """Make an API token. Its secret is on ``token.secret`` now and never again.

    Raises:
        RuleViolation: it would live longer than a year, or names an unknown permission.

    """
    _own(actor, person.pk)
    if not 0 < days <= TOKEN_DAYS_MAX:
        raise RuleViolation(_("A token is valid for between one day and one year."), field="days")
    unknown = set(only or []) - set(Permission)
    if unknown:
        raise RuleViolation(_("Unknown permission: %s.") % ", ".join(sorted(unknown)), field="only")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person=person,
        name=name,
        only=only,
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        expires_at=timezone.now() + timedelta(days=days),
    )
    token.full_clean()
    token.save()
    token.secret = secret  # type: ignore[attr-defined]
    return token


@command(None)
def token_revoke(*, actor: Actor, token: ApiToken) -> ApiToken:
    """Make a token useless from now on."""
    _own(actor, token.person_id)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    return token


def _own(actor: Actor, person_id: int) -> None:
    if actor.person_id != person_id and not actor.is_system:
        raise NotAllowed(_("This belongs to somebody else."))
