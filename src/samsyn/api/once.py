"""A change that a program sends twice is made once: the header Idempotency-Key.

The first answer is kept for a day in the transaction of the change itself, so that a kill at any
moment leaves both or neither. Of two that come at once the second waits for the first, and has
its answer. A refusal is not kept: nothing was changed, and the same key may be tried again.
With the answer it is kept what the gate asked for: whoever lacks that today does not have the
answer again, for it may hold what they may not see any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from http import HTTPStatus
from typing import Self

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.limits import require_rough_room
from samsyn.access.passed import Passed, passing, require_again
from samsyn.access.programs import SAFE_METHODS, holder_of
from samsyn.api.models import KeptAnswer
from samsyn.kernel.errors import RuleViolation
from samsyn.messages.sealing import seal_text, unseal_text

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LONGEST = 255


class Answered(Exception):
    """The change has been made; ``kept`` is what was answered then."""

    def __init__(self, kept: KeptAnswer) -> None:
        super().__init__()
        self.kept = kept


class Once:
    """One change of a program, made at most once; a context around the whole of it."""

    def __init__(self, request: HttpRequest, actor: Actor, person_id: int) -> None:
        self.request, self.actor, self.person_id = request, actor, person_id
        self.kept: KeptAnswer | None = None
        self._passed: set[Passed] = set()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.__enter__()
        return self

    def __exit__(self, *error: object) -> bool | None:
        return self._stack.__exit__(*error)  # type: ignore[arg-type]  # the three, as they came

    def begin(self) -> None:
        """Begin the transaction, and claim the key.

        Raises:
            Answered: the same was sent before.
            NotAllowed: it was, and what it took then the actor lacks today.
            RuleViolation: something else was sent before under this key, or it is no key.

        """
        digest, content = _digest(self.request), _content(self.request)
        self._stack.enter_context(transaction.atomic())
        rows, now = KeptAnswer.objects, timezone.now()
        rows.filter(digest=digest, made_at__lt=now - KEPT).delete()
        require_rough_room("kept_answers", rows.filter(person_id=self.person_id))
        known = {"person_id": self.person_id, "content_sha256": content, "made_at": now}
        kept, is_new = rows.get_or_create(digest=digest, defaults=known)
        if is_new:
            self.kept, self._passed = kept, self._stack.enter_context(passing())
            return
        if kept.content_sha256 != content:
            says = _("This Idempotency-Key was sent with something else before.")
            raise RuleViolation(says, field=HEADER)
        require_again(self.actor, kept.passed)
        raise Answered(kept)

    def end(self, response: HttpResponseBase) -> None:
        """Keep the answer with the change; undo what a refused one may have begun."""
        if self.kept is None:
            return
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            transaction.set_rollback(True)
        elif isinstance(response, HttpResponse):
            self.kept.status = response.status_code
            self.kept.sealed = seal_text(response.content.decode())
            self.kept.passed = [each.as_json() for each in self._passed]
            self.kept.save(update_fields=["status", "sealed", "passed"])


def once_of(request: HttpRequest, actor: Actor | None) -> Once | None:
    """Return the change that a request names by a key; None for any other request."""
    if request.method in SAFE_METHODS or HEADER not in request.headers:
        return None
    if actor is None or actor.person_id is None:
        return None
    return Once(request, actor, actor.person_id)


def content_of(kept: KeptAnswer) -> str:
    """Return what was answered.

    Raises:
        RuleViolation: the installation's secret has been replaced since.

    """
    try:
        return unseal_text(kept.sealed)
    except ValueError as error:
        says = _("It was done before; the answer cannot be read any more.")
        raise RuleViolation(says, field=HEADER) from error


def answers_forget() -> int:
    """Delete the answers that are older than a day; return how many there were."""
    gone, _kinds = KeptAnswer.objects.filter(made_at__lt=timezone.now() - KEPT).delete()
    return gone


def _digest(request: HttpRequest) -> str:
    key = request.headers[HEADER]
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        says = _("An Idempotency-Key has between 1 and %(most)d printable signs.")
        raise RuleViolation(says % {"most": LONGEST}, field=HEADER)
    named = "\0".join([holder_of(request), str(request.method), request.path, key])
    return hashlib.sha256(named.encode()).hexdigest()


def _content(request: HttpRequest) -> str:
    found = hashlib.sha256(request.META.get("QUERY_STRING", "").encode())
    for piece in _pieces(request):
        found.update(piece)
    return found.hexdigest()


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """Yield what was sent; of a form its fields and files, whatever boundary is between them."""
    if not (request.content_type or "").startswith("multipart/"):
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield repr((name, values)).encode()
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            yield repr((name, file.name)).encode()
            yield from file.chunks()
            file.seek(0)
