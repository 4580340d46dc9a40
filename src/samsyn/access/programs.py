"""How programs come in: a token in the Authorization header, and lists page by page."""

from __future__ import annotations

from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Schema
from ninja.pagination import PaginationBase
from ninja.security import HttpBearer

from samsyn.access.actor import Actor
from samsyn.access.reading import note_opened
from samsyn.access.selectors import actor_of, actor_of_token, token_named
from samsyn.access.sign_ins import note_token

PAGE_MOST = 500
Thing = TypeVar("Thing")


class ProgramRequest(HttpRequest):
    """A request to the API as our functions see it: ninja puts the actor on ``auth``."""

    auth: Actor


class TokenOrSession(HttpBearer):
    """Takes ``Authorization: Bearer samsyn_…``, or the session of whoever is signed in.

    The session serves the pages under /api/docs; changes through it need the CSRF mark,
    which Django's own middleware asks for.
    """

    def __call__(self, request: HttpRequest) -> Actor | None:
        if request.headers.get("Authorization"):
            actor: Actor | None = super().__call__(request)
            request.actor = actor  # type: ignore[attr-defined]
            return actor
        return request.actor if request.user.is_authenticated else None  # type: ignore[attr-defined]

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        del request
        found = token_named(token)
        if found is None:
            return None
        if not found.is_usable(timezone.now()):
            note_token(actor_of(found.person), found, is_refused=True)
            return None
        actor = actor_of_token(found)
        note_token(actor, found)
        return actor


def opened(request: HttpRequest, thing: Thing) -> Thing:
    """Return the thing that a program asked for; opened from outside it is put on record."""
    note_opened(request.auth, thing)  # type: ignore[attr-defined]
    return thing


class Pages(PaginationBase):
    """``?page=1&size=100``: at most 500 a page; ``count`` is of all pages together."""

    class Input(Schema):
        page: int = Field(1, ge=1, le=1_000_000)
        size: int = Field(100, ge=1, le=PAGE_MOST)

    class Output(Schema):
        items: list[Any]
        count: int
        page: int
        pages: int

    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: HttpRequest, **_params: Any
    ) -> Any:
        del request
        count = self._items_count(queryset)
        start = (pagination.page - 1) * pagination.size
        return {
            "items": list(queryset[start : start + pagination.size]),
            "count": count,
            "page": pagination.page,
            "pages": max(1, -(-count // pagination.size)),
        }
