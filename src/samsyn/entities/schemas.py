"""What the API of an entity takes and gives, as schemas made from the model's fields."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.db import models
from ninja import Schema
from pydantic import Field as SchemaField
from pydantic import create_model

from samsyn.access.given import Given, OneOf
from samsyn.access.programs import Day, Id
from samsyn.entities.declaration import Entity, Field, State
from samsyn.entities.fields import SEARCH_LONGEST
from samsyn.kernel.limits import INT_LEAST, INT_MOST

KINDS: dict[type[Any], Any] = {
    models.ForeignKey: int,
    models.DateField: date,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.FloatField: float,
}
WHOSE: dict[str, Any] = {"id": (int, ...), "organisation_id": (int, ...)}
RETIRED: dict[str, Any] = {"is_retired": (bool, ...)}
VERSION: dict[str, Any] = {"version": (int, ...)}


def sent_as(field: Field) -> str:
    """Return what a field is called in the API: what points to a thing is sent as its id."""
    return f"{field.name}_id" if field.choices else field.name


class Schemas:
    """What the API of an entity takes and gives."""

    def __init__(self, entity: Entity) -> None:
        """Take the entity."""
        self.entity, self.named = entity, entity.model.__name__

    def out(self) -> Any:
        """Return how one is shown."""
        known = {sent_as(f): (_kind(self.entity.of(f)), ...) for f in self.entity.fields}
        life = RETIRED if self.entity.retires else {}
        if (state := self.entity.state) is None:
            return self.made("Out", {**WHOSE, **known, **life, **VERSION})
        words = {"enum": list(state.words)}
        word = Annotated[str, SchemaField(json_schema_extra=words)]
        fields = {**WHOSE, **known, state.name: (word | None, ...), **life, **VERSION}
        return self.made("Out", fields, base=_stating(state))

    def new(self) -> Any:
        """Return what is sent to add one."""
        whose: dict[str, Any] = {"organisation_id": (Id, ...)}
        return self.made("In", {**whose, **self.given()}, base=Given)

    def edit(self) -> Any:
        """Return what is sent to change one: the version that was read, and what is new."""
        seen: dict[str, Any] = {"version": (Id | None, None)}
        changes = {name: (kind, None) for name, (kind, _default) in self.given().items()}
        return self.made("Change", {**seen, **changes}, base=Given)

    def query(self) -> Any:
        """Return what a list can be narrowed by."""
        asked: dict[str, Any] = {
            name: (_asked(self.entity.of(field)) | None, None)
            for name, field in self.entity.filters.items()
        }
        if state := self.entity.state:
            kind = Annotated[str, OneOf(tuple(state.words))]
            asked = {state.name: (kind | None, None), **asked}
        usual: dict[str, Any] = {
            "organisation": (Id | None, None),
            "search": (str, SchemaField("", max_length=SEARCH_LONGEST)),
        }
        if self.entity.retires:
            usual["is_retired"] = (bool, False)
        return self.made("Query", {**usual, **asked})

    def made(self, ending: str, fields: dict[str, Any], base: type[Schema] = Schema) -> Any:
        """Return a schema with these fields."""
        return create_model(f"{self.named}{ending}", __base__=base, **fields)

    def given(self) -> dict[str, Any]:
        """Return each field as it may be sent, and what it is if it is not."""
        found = {}
        for field in self.entity.fields:
            known = self.entity.of(field)
            kind, needed = _bounded(known), not known.blank and not known.has_default()
            default = ... if needed else known.get_default()
            found[sent_as(field)] = (kind | None if known.null else kind, default)
        return found


def _stating(state: State) -> type[Schema]:
    """Return a schema that reads a state from the rule: the thing has no such field."""
    reads = staticmethod(state.key)
    return type("Stating", (Schema,), {f"resolve_{state.name}": reads})


def _kind(known: Any) -> Any:
    return _kind_alone(known) | None if known.null else _kind_alone(known)


def _asked(known: Any) -> Any:
    """Return what a filter takes: of words that are chosen among, one of these."""
    if known.flatchoices and not isinstance(known, models.IntegerField):
        return Annotated[str, OneOf(tuple(word for word, _label in known.flatchoices))]
    return _bounded(known)


def _bounded(known: Any) -> Any:
    """Return the kind of a value with the bounds that every database keeps."""
    if isinstance(known, models.ForeignKey):
        return Id
    if isinstance(known, models.DateField):
        return Day
    if isinstance(known, models.IntegerField | models.FloatField):
        return _annotated(_kind_alone(known), ge=INT_LEAST, le=INT_MOST)
    longest = getattr(known, "max_length", None)
    return _annotated(_kind_alone(known), max_length=longest) if longest else _kind_alone(known)


def _kind_alone(known: Any) -> Any:
    return next((kind for field, kind in KINDS.items() if isinstance(known, field)), str)


def _annotated(kind: Any, **bounds: Any) -> Any:
    return Annotated[kind, SchemaField(**bounds)]
