"""The API of an entity: list, get, add, change, retire, resume."""

# No postponed annotations here: the API reads them when the functions are made.

from collections.abc import Callable
from datetime import date
from types import GenericAlias
from typing import Annotated, Any, TypeVar

from django.db import models
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.pagination import paginate
from pydantic import Field as SchemaField
from pydantic import create_model

from samsyn.access.given import Given, seen, unchanged
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, opened
from samsyn.entities.declaration import Entity
from samsyn.entities.fields import SEARCH_LONGEST
from samsyn.entities.services import Services
from samsyn.kernel.limits import INT_LEAST, INT_MOST
from samsyn.organisations.selectors import organisation_get

F = TypeVar("F", bound=Callable[..., Any])
KINDS: dict[type[Any], Any] = {
    models.DateField: date,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.FloatField: float,
}
WHOSE: dict[str, Any] = {"id": (int, ...), "organisation_id": (int, ...)}
STATE: dict[str, Any] = {"is_retired": (bool, ...), "version": (int, ...)}


def api_router(entity: Entity, done: Services) -> Router:
    """Return the router that a room mounts."""
    router, schemas, name = Router(), Schemas(entity), entity.name
    out = schemas.out()

    many = GenericAlias(list, (out,))

    @router.get("", response=many, operation_id=f"{name}_list", summary=f"List {entity.room}")
    @paginate(Pages)
    @taking(wanted=Query[schemas.query()])  # type: ignore[misc]  # known when it runs
    def every(request: ProgramRequest, wanted: Any) -> Any:
        """Return those that one may see, without the retired unless they are asked for."""
        return entity.list(actor=request.auth, **wanted.dict())

    @router.post("", response=out, operation_id=f"{name}_add", summary=f"Add a {name}")
    @taking(given=schemas.new())
    def add(request: ProgramRequest, given: Any) -> Any:
        """Add one to an organisation."""
        facts = given.dict()
        organisation = organisation_get(actor=request.auth, pk=facts.pop("organisation_id"))
        now = timezone.now()
        return done.add(actor=request.auth, organisation=organisation, now=now, **facts)

    @router.get("/{pk}", response=out, operation_id=f"{name}_get", summary=f"Get a {name}")
    def one(request: ProgramRequest, pk: Id) -> Any:
        """Return one, retired or not."""
        return opened(request, entity.get(actor=request.auth, pk=pk))

    @router.patch("/{pk}", response=out, operation_id=f"{name}_change", summary=f"Change a {name}")
    @taking(given=schemas.edit())
    def change(request: ProgramRequest, pk: Id, given: Any) -> Any:
        """Change what is said of one, from ``version`` or what ``If-Match`` names."""
        facts = given.dict(exclude_unset=True)
        thing = entity.get(actor=request.auth, pk=pk)
        version = seen(request, thing, facts.pop("version", None))
        return done.change(actor=request.auth, thing=thing, seen=version, **facts)

    for service, verb in ((done.retire, "retire"), (done.resume, "resume")):
        _act(router, entity, service, verb, out)
    return router


def taking(**kinds: Any) -> Callable[[F], F]:
    """Say what arguments are whose kind is known only when the program runs; the API reads it."""

    def decorate(function: F) -> F:
        function.__annotations__ |= kinds
        return function

    return decorate


def _act(router: Router, entity: Entity, service: Any, verb: str, out: Any) -> None:
    @router.post(
        f"/{{pk}}/{verb}",
        response=out,
        operation_id=f"{entity.name}_{verb}",
        summary=f"{verb.capitalize()} a {entity.name}",
    )
    def act(request: ProgramRequest, pk: Id) -> Any:
        """Retire one or take it back; it and its history stay."""
        thing = unchanged(request, entity.get(actor=request.auth, pk=pk))
        return service(actor=request.auth, thing=thing)


class Schemas:
    """What the API of an entity takes and gives."""

    def __init__(self, entity: Entity) -> None:
        """Take the entity."""
        self.entity, self.named = entity, entity.model.__name__

    def out(self) -> Any:
        """Return how one is shown."""
        known = {f.name: (_kind(self.entity.of(f)), ...) for f in self.entity.fields}
        return self.made("Out", {**WHOSE, **known, **STATE})

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
            name: (_bounded(self.entity.of(field)) | None, None)
            for name, field in self.entity.filters.items()
        }
        usual: dict[str, Any] = {
            "organisation": (Id | None, None),
            "search": (str, SchemaField("", max_length=SEARCH_LONGEST)),
            "is_retired": (bool, False),
        }
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
            found[field.name] = (kind | None if known.null else kind, default)
        return found


def _kind(known: Any) -> Any:
    return _kind_alone(known) | None if known.null else _kind_alone(known)


def _bounded(known: Any) -> Any:
    """Return the kind of a value with the bounds that every database keeps."""
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
