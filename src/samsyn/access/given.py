"""What programs send: bodies without unknown members, words from a list, and the version seen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import ConfigDict
from pydantic_core import CoreSchema, core_schema

from samsyn.access.models import Person
from samsyn.access.programs import Id
from samsyn.access.selectors import person_known
from samsyn.kernel.errors import Outdated, RuleViolation

Thing = TypeVar("Thing")
IF_MATCH = "If-Match"
ANY = "*"
_TAG = re.compile(r'(?:W/)?"[!#-~\x80-\xff]*"')  # RFC 9110, section 8.8.3


class Given(Schema):
    """The base of every body: a member that it does not have is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class TemplatesIn(Given):
    """Templates to begin with at an organisation, by their keys."""

    organisation_id: Id
    keys: list[Annotated[str, Field(max_length=40)]] = Field(min_length=1, max_length=100)


@dataclass(frozen=True, slots=True)
class OneOf:
    """Lets a text be one of some words: ``Annotated[str, OneOf(State)]``.

    A filter that took any word would answer a misspelt one with an empty list.

    Args:
        words: the words, or a class of choices.
        also: further words that have a meaning only here.
        may_be_empty: whether an empty text, which narrows nothing, is taken as well.

    """

    words: Iterable[str]
    also: tuple[str, ...] = ()
    may_be_empty: bool = True

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> CoreSchema:
        """Return how pydantic reads it; the description of the API lists the words."""
        empty = [""] if self.may_be_empty else []
        return core_schema.literal_schema([*empty, *(str(word) for word in self.words), *self.also])


LANGUAGE = OneOf(tuple(code for code, _name in settings.LANGUAGES))


def with_person(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts with the owner as a person; the service asks whether they may own it.

    An id that is nobody's goes there as well: it is refused like that of somebody elsewhere.
    """
    if "owner_person_id" not in facts:
        return facts
    rest = {name: value for name, value in facts.items() if name != "owner_person_id"}
    asked = facts["owner_person_id"]
    person = None if asked is None else person_known(asked) or Person(pk=asked)
    return {**rest, "owner_person": person}


class HasVersion(Protocol):
    """A thing whose changes are counted."""

    version: int


def etag_of(version: int) -> str:
    """Return the ETag of a thing with this version."""
    return f'"{version}"'


def wants_match(request: HttpRequest) -> str:
    """Return what the header If-Match says; empty if the program does not send it."""
    return request.headers.get(IF_MATCH, "").strip()


def _tags(wanted: str) -> set[str]:
    """Return the ETags that a header If-Match names, a weak one as the same without its mark.

    Raises:
        RuleViolation: it is not written as an ETag is.

    """
    if wanted == ANY:
        return {ANY}
    parts = [part.strip() for part in wanted.split(",")]
    if not all(map(_TAG.fullmatch, parts)):
        said = _(
            "Send If-Match as the ETag came, with its quotation marks, such as %(one)s; several "
            "with commas between them, or %(any)s alone for any."
        )
        raise RuleViolation(said % {"one": '"3"', "any": ANY}, field=IF_MATCH)
    return {part.removeprefix("W/") for part in parts}  # a packed answer's is weak


def unchanged(request: HttpRequest, thing: Thing) -> Thing:
    """Return the thing that is to be changed, if it is as the header If-Match says.

    What happens between this and the change, ``versions.keep`` finds. A thing without a version
    has no ETag, so that only ``*`` matches it.

    Raises:
        Outdated: it is not.
        RuleViolation: the header is not written as it must be.

    """
    wanted = wants_match(request)
    if not wanted:
        return thing
    tags, version = _tags(wanted), getattr(thing, "version", None)
    if ANY not in tags and (version is None or etag_of(version) not in tags):
        raise Outdated(_("Somebody else has changed it meanwhile."))
    return thing


def seen(request: HttpRequest, thing: HasVersion, version: int | None) -> int:
    """Return the version that a program has read: from the body, or by the header If-Match.

    Raises:
        Outdated: the header says that it has read another than there is.
        RuleViolation: neither says which.

    """
    unchanged(request, thing)
    if version is not None:
        return version
    if not wants_match(request):
        says = _("Send the version that you have read, in the body or in the header If-Match.")
        raise RuleViolation(says, field="version")
    return thing.version
