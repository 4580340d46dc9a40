"""What a value is called where a program sent it; a service calls it as the model does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from samsyn.access.given import IF_MATCH
from samsyn.api.once import HEADER
from samsyn.api.parameters import FORMS, Accepted

HEADERS = frozenset({HEADER, IF_MATCH})
# What services and models call otherwise than as ``NAME`` or ``NAME_id``.
ALSO = {
    "email": "people",
    "owner": "owner_person_id",
    "source_kind": "comes_from",
    "source_id": "comes_from",
}


def as_sent(field: str | None, accepted: Accepted | None, request: HttpRequest) -> str | None:
    """Return the name of the member, parameter or header that a refusal is about.

    None where the program can have sent nothing of the kind: what is wrong is the thing itself,
    and the words of the refusal say it.

    Args:
        field: as the service or the model calls it.
        accepted: what the address takes.
        request: with what was sent, which may be unknown here.

    """
    if field is None or accepted is None or field in HEADERS:
        return field
    known = accepted.parameters | accepted.members
    names = (field, f"{field}_id", ALSO.get(field, field))
    if found := next((name for name in names if name in known), None):
        return found
    return field if field in _sent(request) else None


def place_of(place: Iterable[Any], accepted: Accepted | None) -> str:
    """Return where in what was sent a value is that does not fit the schema.

    Args:
        place: ``loc`` of pydantic: of the body or the query, what the operation calls it, then
            the member. Of a value in a list its number follows, of one in an object its name.
        accepted: what the address takes.

    """
    kind, *parts = place
    known = accepted.parameters | accepted.members if accepted is not None else frozenset[str]()
    if kind in {"body", "form", "query"} and parts and parts[0] not in known:
        parts = parts[1:]
    return ".".join(str(part) for part in parts if part != "[key]")


def _sent(request: HttpRequest) -> frozenset[str]:
    """Return the names of what was sent, known to the address or not."""
    names = {*request.GET}
    if (request.content_type or "").startswith(FORMS):
        return frozenset(names | {*request.POST, *request.FILES})
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return frozenset(names)
    return frozenset(names | set(body if isinstance(body, Mapping) else ()))
