"""The one gate through which anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.passed import Passed, note_passed
from samsyn.access.permissions import Permission, lacking
from samsyn.access.rows import opened
from samsyn.access.uniqueness import as_taken
from samsyn.access.versions import Versioned
from samsyn.audit.services import differences, record, record_all, snapshot
from samsyn.kernel.errors import NotAllowed, RuleViolation

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class RegisteredCommand:
    """One thing that can be done: its name, the permission it takes, what it says of itself."""

    name: str
    permission: Permission | None
    summary: str
    allow_host: bool = False

    def allows(self, actor: Actor, thing: Any) -> bool:
        """Return whether the actor may do this with a thing: in its owner's or its host's name.

        For the host only its own people: whoever serves it may be a stranger to the owner.
        """
        if self.permission is None or actor.may(self.permission, thing.owner_id):
            return True
        host = getattr(thing, "host_id", None) if self.allow_host else None
        return host is not None and actor.may_at_home(self.permission, host)

    def require(self, actor: Actor, thing: Any) -> None:
        """Raise NotAllowed unless the actor may do this with a thing."""
        if not self.allows(actor, thing):
            raise lacking(str(self.permission))


COMMANDS: dict[str, RegisteredCommand] = {}


def command(
    permission: Permission | None,
    *,
    atomic: bool = True,
    allow_host: bool = False,
    only_changes: bool = False,
    name: str = "",
) -> Callable[[F], F]:
    """Make a service function allowed, all-or-nothing and on record.

    Before: at least one argument must belong to an organisation, and the actor
    must have the permission in each organisation named. ``None`` is for what a person
    does to their own things (saved views, language): the service then checks
    ``actor.person_id`` itself. With ``allow_host`` the permission at the organisation that
    runs the thing for its owner (its ``host_id``) is as good. ``name`` is given to a function
    that is made for a room elsewhere; else the name is the function's own, in its room.
    Around: one transaction. ``atomic=False`` is for imports that must keep each batch
    they finish; they open their own transactions.
    After: one trail entry, named after the function, for each thing changed or
    returned; with ``only_changes`` none where all is as before: a form that is saved as it was
    opened does nothing. A result with ``touched``, a list of things each with its snapshot from
    before (None where it is new), has an entry for each of them, and one of its own.
    Django's ValidationError, and what the database knows to be there already, leave as a
    RuleViolation.
    """

    def decorate(function: F) -> F:
        called = name or _command_name(function)
        known = RegisteredCommand(called, permission, _first_line(function), allow_host)

        @wraps(function)
        def run(*, actor: Actor, **arguments: Any) -> Any:
            given = list(_things(arguments.values()))
            owners = _owners(given)
            _check(known, actor, given)
            before = {id(thing): snapshot(thing) for thing in given}
            try:
                with opened(owners):
                    if not atomic:
                        result = function(actor=actor, **arguments)
                    with transaction.atomic():
                        if atomic:
                            result = _in_our_words(function, actor=actor, **arguments)
                        if not only_changes or _is_other(given, before, result):
                            _write_trail(known.name, actor, before, given, result, owners)
            except Exception:  # whatever it was: it goes on, after what was undone is as before
                if atomic:
                    _versions_back(given, before)
                raise
            return result

        COMMANDS[known.name] = known
        run.command = known  # type: ignore[attr-defined]  # command_of reads it
        return cast("F", run)

    return decorate


def _is_other(
    given: Iterable[models.Model], before: dict[int, dict[str, Any]], result: Any
) -> bool:
    """Return whether anything is other than before, or has come to be."""
    new = any(id(thing) not in before for thing in _things([result]))
    return new or any(t.pk is None or snapshot(t) != before[id(t)] for t in given)


def _versions_back(given: Iterable[models.Model], before: dict[int, dict[str, Any]]) -> None:
    """Give things the version back that they have in the database: the change was undone.

    The same thing may be tried again, and a form that is shown again says which version it has.
    """
    for thing in given:
        if isinstance(thing, Versioned):
            thing.version = before[id(thing)]["version"]


def command_of(service: Callable[..., Any]) -> RegisteredCommand:
    """Return what a service that passes the gate says of itself, and whom it lets through."""
    known: RegisteredCommand = vars(service)["command"]
    return known


def _command_name(function: Callable[..., Any]) -> str:
    room = function.__module__.split(".")[1]
    return f"{room}.{function.__name__}"


def _first_line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().split("\n", maxsplit=1)[0]


def _things(values: Iterable[Any]) -> Iterator[models.Model]:
    for value in values:
        if isinstance(value, models.Model):
            yield value
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _things(value)


def _owners(things: Iterable[models.Model]) -> set[int]:
    return {thing.owner_id for thing in things if hasattr(thing, "owner_id")}


def _check(known: RegisteredCommand, actor: Actor, given: Iterable[models.Model]) -> None:
    if known.permission is None:
        if actor.person_id is None and not actor.is_system:
            raise NotAllowed(_("Sign in first."))
        if actor.only is not None and not actor.is_system:  # it may be narrowed to any but this
            raise NotAllowed(_("This token was not made for this."))
        return
    owned = [thing for thing in given if hasattr(thing, "owner_id")]
    if not owned:
        raise TypeError(f"{known.name} names no organisation")
    if actor.is_system and actor.only is None:
        return
    for thing in owned:
        known.require(actor, thing)
        host = getattr(thing, "host_id", None) if known.allow_host else None
        note_passed(Passed(known.permission, thing.owner_id, host))


def _in_our_words(function: Callable[..., Any], **arguments: Any) -> Any:
    try:
        return function(**arguments)
    except ValidationError as error:
        raise as_rule_violation(error) from error
    except IntegrityError as error:
        taken = as_taken(error)
        if taken is None:
            raise
        raise taken from error
    except (DataError, OverflowError) as error:  # what passed every form and yet fits no column
        raise RuleViolation(_("A value cannot be kept: it is too long or too large.")) from error


def as_rule_violation(error: ValidationError) -> RuleViolation:
    """Return Django's refusal in the form that every door understands."""
    if not hasattr(error, "error_dict"):
        return RuleViolation(" ".join(error.messages))
    field, errors = next(iter(error.error_dict.items()))
    shown = None if field == "__all__" else field
    said = [text for each in errors for text in _plain(each)]
    return RuleViolation(" ".join(said), field=shown)


def _plain(error: ValidationError) -> list[str]:
    """Return a refusal in words: what is there already is said as its model says it."""
    if error.code not in {"unique", "unique_together"}:
        return error.messages
    model = (error.params or {}).get("model_class")
    constraints = model._meta.constraints if model else ()
    words = [
        str(one.violation_error_message)
        for one in constraints
        if isinstance(one, models.UniqueConstraint)
        and one.violation_error_message != one.default_violation_error_message
    ]
    return words[:1] or [_("There is already one like this.")]


def _write_trail(
    name: str,
    actor: Actor,
    before: dict[int, dict[str, Any]],
    given: list[models.Model],
    result: Any,
    owners: set[int],
) -> None:
    changed: dict[int, models.Model] = {
        id(t): t for t in given if t.pk is None or snapshot(t) != before[id(t)]
    }
    changed |= {id(t): t for t in _things([result])}
    if touched := getattr(result, "touched", None):
        record_all(touched, actor=actor.label, person_id=actor.person_id, action=name)
    for key, thing in changed.items():
        _write_entry(name, actor, thing, before.get(key))
    if not changed:
        record(
            actor=actor.label,
            person_id=actor.person_id,
            action=name,
            organisation_id=min(owners) if owners else None,
            thing=None if owners or len(given) != 1 else given[0],  # whose entry would it be else
            changes=_trail_summary(result),
        )


def _trail_summary(result: Any) -> dict[str, Any]:
    """Return what the trail holds of a change of many things: counts, not each thing."""
    if hasattr(result, "for_trail"):
        return cast("dict[str, Any]", result.for_trail())
    return result if isinstance(result, dict) else {}


def also_on_record(
    name: str,
    actor: Actor,
    thing: models.Model,
    *,
    at: int | None = None,
    before: dict[str, Any] | None = None,
) -> None:
    """Put a further thing on record that a command has made, under the name of its own command.

    ``at`` is an organisation that it concerns without being the thing's owner.
    """
    _write_entry(name, actor, thing, before, at=at)


def _write_entry(
    name: str,
    actor: Actor,
    thing: models.Model,
    before: dict[str, Any] | None,
    *,
    at: int | None = None,
) -> None:
    erased = thing.pk is None
    owner = at or getattr(thing, "owner_id", None)
    record(
        actor=getattr(thing, "signed_as", "") or actor.label,
        person_id=actor.person_id,
        action=name,
        organisation_id=owner,
        thing=thing,
        thing_id=(before or {}).get(thing._meta.pk.attname) if erased else thing.pk,
        changes=differences(before, None if erased else snapshot(thing)),
    )
