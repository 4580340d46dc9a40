"""Whoever is signed in, asked on every page: the session and the person, quickly.

Rules are those of Django and allauth; only the queries are composed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from samsyn.access.compiled_queries import CompiledQuery
from samsyn.access.models import Person

_SESSION = CompiledQuery(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now)[:1]
)
_PERSON = CompiledQuery(lambda pk: Person.objects.filter(pk=pk)[:1])


class SessionStore(db.SessionStore):
    """Sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found


def sessions_of(person_id: int) -> Iterator[Session]:
    """Yield the sessions in which a person is signed in; each must be opened to know."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(person_id):
            yield session


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Signing in as allauth has it."""

    def get_user(self, user_id: Any) -> Person | None:
        person = _PERSON.first(pk=user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
