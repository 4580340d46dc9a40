"""How programs come in: a token in the Authorization header, and lists page by page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import wraps
from http import HTTPStatus
from typing import Annotated, Any, NoReturn, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Field, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.pagination import PaginationBase
from ninja.parser import Parser
from ninja.security import HttpBearer
from ninja.utils import check_csrf, contribute_operation_callback
from pydantic import AfterValidator

from samsyn.access.actor import NOBODY, Actor
from samsyn.access.bodies import FORM_MOST, body_length
from samsyn.access.permissions import Permission, lacking
from samsyn.access.reading import is_organisation, note_fetched, note_opened
from samsyn.access.rows import become
from samsyn.access.selectors import actor_of, actor_of_token, token_named
from samsyn.access.sign_ins import note_token
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.kernel.limits import DAY_FIRST, DAY_LAST, INT_LEAST, INT_MOST

PAGE_MOST = 500
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
View = Callable[..., HttpResponse]
Thing = TypeVar("Thing")
Door = TypeVar("Door", bound=Callable[..., Any])
NEEDED = "x-permissions"  # in the description: what an operation takes
DEEPEST = 20  # levels of a body; ours have three


def _in_reach(at: datetime) -> datetime:
    """Return a moment that one can reckon with; without a zone, it is of the person's own."""
    if not DAY_FIRST <= at.date() <= DAY_LAST:
        raise ValueError(f"the day must be between {DAY_FIRST} and {DAY_LAST}")
    return timezone.make_aware(at) if timezone.is_naive(at) else at


# What a parameter or a body may hold where it is a number or a day: a law asks for them.
Id = Annotated[int, Field(ge=0, le=INT_MOST)]
Day = Annotated[date, Field(ge=DAY_FIRST, le=DAY_LAST)]
Moment = Annotated[datetime, AfterValidator(_in_reach)]


class ProgramRequest(HttpRequest):
    """A request to the API as our functions see it: ninja puts the actor on ``auth``."""

    auth: Actor


class TokenOrSession(HttpBearer):
    """Takes ``Authorization: Bearer samsyn_…``, or the session of whoever is signed in.

    The session serves the pages under /api/docs. A browser sends it along whoever made the
    page, so a change through it needs the CSRF token in the header ``X-CSRFToken``. Django's
    middleware does not ask for it here: ninja exempts its views.
    """

    csrf = True  # ninja's documentation page then sends the header

    def __call__(self, request: HttpRequest) -> Actor | None:
        actor = self.actor_of(request)
        if actor is not None:
            self.check_body(request, actor)
        return actor

    def actor_of(self, request: HttpRequest) -> Actor | None:
        """Return whose token or session it is; asked once for a request, which then knows it."""
        if not hasattr(request, "let_in"):
            request.let_in = (self._actor_of(request),)  # type: ignore[attr-defined]  # kept here
        found: Actor | None = request.let_in[0]  # type: ignore[attr-defined]  # as above
        return found

    def _actor_of(self, request: HttpRequest) -> Actor | None:
        if request.headers.get("Authorization"):
            actor: Actor | None = super().__call__(request)
            request.actor = actor  # type: ignore[attr-defined]  # what makes the request an ActorRequest
            become(actor or NOBODY)
            if actor is not None and not request.headers.get("Accept-Language"):
                translation.activate(actor.language)
            return actor
        if not request.user.is_authenticated:
            return None
        check_csrf_header(request)
        return request.actor  # type: ignore[attr-defined, no-any-return]  # set by the method above

    def check_body(self, request: HttpRequest, actor: Actor) -> None:
        """Refuse a body that is too large, before it is read.

        Raises:
            HttpError: it is.

        """
        del actor
        if body_length(request) > FORM_MOST:
            raise HttpError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("The body is too large."))

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        found = token_named(token)
        if found is None:
            return None
        if not found.is_usable(timezone.now()):
            note_token(actor_of(found.person), found, is_refused=True)
            return None
        actor = actor_of_token(found)
        note_token(actor, found)
        request.token_id = found.pk  # type: ignore[attr-defined]  # read by ``holder_of``
        return actor


def holder_of(request: HttpRequest) -> str:
    """Return what counts as one program: a token, or a person who comes without one."""
    token = getattr(request, "token_id", None)
    return f"person-{request.user.pk}" if token is None else f"token-{token}"


def opened(request: HttpRequest, thing: Thing) -> Thing:
    """Return the thing that a program asked for; opened from outside it is put on record.

    Of an organisation there is more than one kind of page: each is put on record by its address.
    """
    actor: Actor = request.auth  # type: ignore[attr-defined]  # ninja puts the actor there
    if is_organisation(thing):
        note_fetched(actor, [thing], path=_pattern(request))
    else:
        note_opened(actor, thing)
    return thing


def _pattern(request: HttpRequest) -> str:
    """Return the address that was asked for, without the number in it."""
    match = request.resolver_match
    return f"/{match.route}" if match else request.path


def fetched(request: HttpRequest, rows: Iterable[Any]) -> list[Any]:
    """Return the rows that a program asked for; given to outside they are put on record.

    Lists in pages pass here by themselves; what has no pages calls it.
    """
    found = list(rows)
    note_fetched(request.auth, found, path=request.path)  # type: ignore[attr-defined]  # as above
    return found


def needs(*permissions: Permission) -> Callable[[Door], Door]:
    """Say which permissions an operation takes, all of them; it stands below ``@router``.

    The entrance refuses a token that was made for less, before anything is read: it would find
    nothing, and a program would take that for an empty list. The gate asks for the rest.
    """

    def described(operation: Any) -> None:
        told = {NEEDED: [permission.value for permission in permissions]}
        operation.openapi_extra = {**(operation.openapi_extra or {}), **told}

    def decorate(door: Door) -> Door:
        contribute_operation_callback(door, described)
        return door

    return decorate


def require_needed(actor: Actor, permissions: Iterable[Permission]) -> None:
    """Refuse a token that was made for less than an operation takes, or whose person has no role.

    Each would find nothing, and a program would take that for an empty list.

    Raises:
        NotAllowed: it was, and the first permission that it lacks is named; or no role.

    """
    if not actor.has_role:
        raise NotAllowed(_("You have no role anywhere yet."))
    for permission in permissions:
        if actor.only is not None and permission not in actor.only:
            raise lacking(permission)


class UploadAllowed(TokenOrSession):
    """Takes a file too, from who may send it somewhere; asked before the file is read."""

    def __init__(self, permission: Permission, most: Callable[[], int]) -> None:
        super().__init__()
        self.permission, self.most = permission, most

    def check_body(self, request: HttpRequest, actor: Actor) -> None:
        """Refuse who may not send a file at all; the guard of uploads keeps the size.

        Raises:
            NotAllowed: the actor may nowhere.

        """
        if not actor.may_anywhere(self.permission):
            raise lacking(self.permission)
        request.upload_most = self.most()  # type: ignore[attr-defined]  # read by BodyLimitMiddleware


def check_csrf_header(request: HttpRequest) -> None:
    """Refuse a change that a page of somebody else's may have sent.

    The header is asked for first: looking for the token in a form reads the whole body.

    Raises:
        NotAllowed: the header is missing or wrong, or the request comes from another site.

    """
    if request.method in SAFE_METHODS:
        return
    if not request.headers.get("X-CSRFToken") or check_csrf(request) is not None:
        raise NotAllowed(
            _("With a session instead of a token, send the CSRF token in the header X-CSRFToken.")
        )


def known_only(view: View) -> View:
    """Show a page of the API's own only to who is signed in or sends a token."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **url: Any) -> HttpResponse:
        if TokenOrSession()(request) is None:
            if "text/html" not in request.headers.get("Accept", ""):
                raise AuthenticationError  # a program, which would read the sign-in as its answer
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **url)

    return run


class StrictParser(Parser):
    """Reads bodies and queries; refuses what no database can keep, before anything looks at it."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body of a request.

        Raises:
            RuleViolation: it is not JSON, nests too deeply, or holds NUL, half a character, a
                number that is none or one beyond 64 bits.

        """
        try:
            found = json.loads(request.body, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:  # of bytes that are not UTF-8, too
            raise RuleViolation(_("The body is not JSON.")) from error
        _check(found, depth=0)
        return found

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> Any:
        """Return the parameters of an address, or the fields of a form."""
        for name, values in data.lists():
            if any("\0" in text for text in (name, *values) if isinstance(text, str)):
                raise RuleViolation(_("A text cannot hold NUL."), field=name.replace("\0", ""))
        return super().parse_querydict(data, list_fields, request)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _check(value: Any, *, depth: int) -> None:
    if depth > DEEPEST:
        raise RuleViolation(_("The body nests too deeply."))
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int | float) and not INT_LEAST <= value <= INT_MOST:  # endless, too
        raise RuleViolation(_("A number is too large."))
    elif isinstance(value, dict):
        for name, each in value.items():
            _check_text(name)
            _check(each, depth=depth + 1)
    elif isinstance(value, list):
        for each in value:
            _check(each, depth=depth + 1)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise RuleViolation(_("A text cannot hold NUL."))
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise RuleViolation(_("A text holds half a character."))


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
        count = self._items_count(queryset)
        start = (pagination.page - 1) * pagination.size
        return {
            "items": fetched(request, queryset[start : start + pagination.size]),
            "count": count,
            "page": pagination.page,
            "pages": max(1, -(-count // pagination.size)),
        }
