from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor, holders_of
from samsyn.access.commands import command
from samsyn.access.granting import (
    ends_role,
    gives_roles,
    is_asked,
    is_last_of_role,
    must_be_given,
    must_not_be_known,
)
from samsyn.access.limits import require_room
from samsyn.access.models import ApiToken, Membership, Person, RoleOffer
from samsyn.access.permission_words import WORDS
from samsyn.access.permissions import OPERATOR_ROLES, Permission, Role, roles_with
from samsyn.access.signed_in import sessions_of
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
    language: str = "",
) -> Membership | RoleOffer:
    """Give a person a role in an organisation; a new address becomes a new person.

    A new person reads the organisation's language, unless another is given. To somebody who
    has a role elsewhere it is an offer, which they accept or decline.

    Raises:
        NotAllowed: the role is an operator's, and the actor may not change its staff.
        RuleViolation: the role is unknown, does not fit the organisation or is for oneself;
            or an operator's people give it where the organisation has its own to do so.

    """
    _role_fits(actor, organisation, Role(role))
    _may_let_in(actor, organisation)
    held = Membership.unscoped.filter(  # scope: a number
        organisation=organisation, ended_on__isnull=True
    )
    require_room("memberships", held, of=organisation.pk)
    # Asked whoever it is for: a refusal must not tell whether the person is known.
    offered = RoleOffer.unscoped.filter(organisation=organisation)  # scope: a number
    require_room("role_offers", offered, of=organisation.pk)
    person = Person.objects.filter(email__iexact=email.strip()).first()
    if person is not None and is_asked(actor, organisation.pk, person.pk, Role(role)):
        return _offered(actor, organisation, person, email=email, name=name, role=Role(role))
    if person is not None:
        must_be_given(actor, organisation, person, Role(role))
    else:
        spoken = language or organisation.language
        person = Person(email=email.strip().lower(), name=name.strip(), language=spoken)
        person.set_unusable_password()
        person.full_clean(exclude=["password"])
        person.save()
    membership = Membership(person=person, organisation=organisation, role=Role(role))
    membership.full_clean()
    membership.save()
    return membership


def _offered(actor: Actor, organisation: Any, person: Person, **typed: Any) -> RoleOffer:
    must_not_be_known(actor, organisation, person)
    offer = RoleOffer(
        organisation=organisation, person=person, offered_by_id=actor.person_id or 0, **typed
    )
    offer.full_clean()
    offer.save()
    return offer


def _role_fits(actor: Actor, organisation: Any, role: Role) -> None:
    if role not in OPERATOR_ROLES:
        return
    if not organisation.is_operator:
        raise RuleViolation(_("This role is only held at a security centre."), field="role")
    actor.require(Permission.STAFF_CHANGE, organisation.pk)


def _may_let_in(actor: Actor, organisation: Any) -> None:
    if not gives_roles(actor, organisation.pk):
        raise RuleViolation(_("The organisation's own leader or security officer gives the roles."))


@command(Permission.PEOPLE_CHANGE)
def membership_end(*, actor: Actor, membership: Membership, on: date) -> Membership:
    """End a person's role; what they did stays on record.

    Raises:
        NotAllowed: the role is an operator's, and the actor may not change its staff.
        RuleViolation: it has ended, is that of the operator's last administrator, or lets
            its holder give roles and the actor only serves the organisation.

    """
    if membership.role in OPERATOR_ROLES:
        actor.require(Permission.STAFF_CHANGE, membership.organisation_id)
    _must_be_endable(actor, membership)
    if not ends_role(actor, membership):
        raise RuleViolation(_("Only the organisation's own people end this role."))
    return _ended(membership, on)


@command(None)
def membership_leave(*, actor: Actor, membership: Membership, today: date) -> Membership:
    """End one's own role, whatever the role and wherever it is.

    Raises:
        NotAllowed: it is another's.
        RuleViolation: it has ended, or is the last that may not be missing.

    """
    _own(actor, membership.person_id)
    _must_be_endable(actor, membership)
    return _ended(membership, today)


def _must_be_endable(actor: Actor, membership: Membership) -> None:
    """Refuse to end a role twice, and the last one without which nobody could give roles."""
    _lock_roles(membership.organisation_id)
    membership.refresh_from_db(fields=["ended_on"])
    if membership.ended_on is not None:
        raise RuleViolation(_("The role has already ended."))
    if membership.role == Role.ADMINISTRATOR and is_last_of_role(membership):
        raise RuleViolation(_("This is the last administrator; give the role to another first."))
    if not actor.is_system and _is_last_to_give(membership):
        raise RuleViolation(
            _("Nobody else here can give roles. Make somebody leader or security officer first.")
        )


def _ended(membership: Membership, on: date) -> Membership:
    membership.ended_on, membership.ended_at = on, timezone.now()
    membership.save(update_fields=["ended_on", "ended_at"])
    return membership


def _is_last_to_give(membership: Membership) -> bool:
    """Return whether an organisation would have nobody left of its own who gives roles."""
    if Role(membership.role) not in roles_with(Permission.PEOPLE_CHANGE):
        return False
    holders = holders_of(membership.organisation_id, Permission.PEOPLE_CHANGE)
    return not holders.exclude(pk=membership.pk).exists()


def _lock_roles(organisation_id: int) -> None:
    """Let those who end roles in an organisation wait in turn: two could end each other's."""
    rows = Membership.unscoped.select_for_update()  # scope: the gate has checked it
    list(rows.filter(organisation=organisation_id, ended_on__isnull=True).order_by("pk"))


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
def name_choose(*, actor: Actor, person: Person, name: str) -> Person:
    """Choose one's own name; until then it is as the first inviter wrote it."""
    _own(actor, person.pk)
    person.name = name
    person.full_clean(exclude=["password"])
    person.save(update_fields=["name"])
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
        RuleViolation: it would live longer than a year, or names a permission that is unknown or
            not the person's.

    """
    _own(actor, person.pk)
    if not 0 < days <= TOKEN_DAYS_MAX:
        raise RuleViolation(_("A token is valid for between one day and one year."), field="days")
    unknown = set(only or []) - set(Permission)
    if unknown:
        raise RuleViolation(_("Unknown permission: %s.") % ", ".join(sorted(unknown)), field="only")
    _only_ones_own(actor, only or [])
    now = timezone.now()
    mine = ApiToken.objects.filter(person=person, revoked_at__isnull=True, expires_at__gt=now)
    require_room("tokens", mine, of=person.pk)
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person=person,
        name=name,
        only=only or None,
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        expires_at=now + timedelta(days=days),
    )
    token.full_clean()
    token.save()
    token.secret = secret  # type: ignore[attr-defined]  # shown once, never kept
    return token


def _only_ones_own(actor: Actor, only: list[str]) -> None:
    wanted = [Permission(name) for name in only]
    lacks = [str(WORDS[each]) for each in wanted if not actor.may_anywhere(each)]
    if lacks and not actor.is_system:
        says = _("You may not do this yourself: %s.")
        raise RuleViolation(says % ", ".join(sorted(lacks)), field="only")


@command(None)
def token_revoke(*, actor: Actor, token: ApiToken) -> ApiToken:
    """Make a token useless from now on."""
    _own(actor, token.person_id)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    return token


@command(None)
def sessions_end(*, actor: Actor, person: Person) -> dict[str, Any]:
    """End every session of a person, who must then sign in again; tokens are not ended."""
    _own(actor, person.pk)
    return {"person": person.pk, "ended": _end_sessions(person)}


@command(None)
def factors_remove(*, actor: Actor, person: Person) -> dict[str, Any]:
    """Remove the second factors of a person who has lost them, and end their sessions.

    Raises:
        NotAllowed: the actor is not the console. One's own are removed under one's own settings,
            where the password is asked for again.

    """
    if not actor.is_system:
        raise NotAllowed(_("This is done from the console of the installation."))
    removed, _kinds = Authenticator.objects.filter(user=person).delete()
    return {"person": person.pk, "removed": removed, "ended": _end_sessions(person)}


def _end_sessions(person: Person) -> int:
    keys = [session.session_key for session in sessions_of(person.pk)]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def _own(actor: Actor, person_id: int) -> None:
    if actor.person_id != person_id and not actor.is_system:
        raise NotAllowed(_("This belongs to somebody else."))
