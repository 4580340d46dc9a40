"""The API of an entity: list, get, add, change, retire, resume."""

# No postponed annotations here: the API reads them when the functions are made.

from collections.abc import Callable
from types import GenericAlias
from typing import Any, TypeVar

from django.utils import timezone
from ninja import Query, Router
from ninja.pagination import paginate

from samsyn.access.given import seen, unchanged
from samsyn.access.programs import Id, Pages, ProgramRequest, needs, opened
from samsyn.entities.declaration import Entity
from samsyn.entities.pointing import Offers
from samsyn.entities.schemas import Schemas
from samsyn.entities.services import Services
from samsyn.organisations.selectors import organisation_for

F = TypeVar("F", bound=Callable[..., Any])


def api_router(entity: Entity, done: Services) -> Router:
    """Return the router that a room mounts."""
    return Api(entity, done).router()


def taking(**kinds: Any) -> Callable[[F], F]:
    """Say what arguments are whose kind is known only when the program runs; the API reads it."""

    def decorate(function: F) -> F:
        function.__annotations__ |= kinds
        return function

    return decorate


class Api:
    """The API of one entity; a room may put its own rows, and what it shows of one, in place."""

    def __init__(self, entity: Entity, done: Services) -> None:
        """Take what is listed and changed, and the services that do it."""
        self.entity, self.done, self.schemas = entity, done, Schemas(entity)

    def out(self) -> Any:
        """Return how one is shown."""
        return self.schemas.out()

    def query(self) -> Any:
        """Return what a list can be narrowed by."""
        return self.schemas.query()

    def rows(self, request: ProgramRequest, wanted: dict[str, Any]) -> Any:
        """Return what is listed."""
        return self.entity.list(actor=request.auth, **wanted)

    def shown(self, thing: Any) -> Any:
        """Return one as ``out`` reads it."""
        return thing

    def router(self, first: Router | None = None) -> Router:
        """Return the router that a room mounts; ``first`` has its own addresses, asked before."""
        router, out = first or Router(), self.out()
        self.reading(router, out)
        self.writing(router, out)
        for verb in ("retire", "resume") if self.entity.retires else ():
            self.act(router, verb, out)
        return router

    def reading(self, router: Router, out: Any) -> None:
        """Let programs list and get."""
        many = GenericAlias(list, (out,))

        @router.get("", response=many, **self.documented("list"))
        @paginate(Pages)
        @needs(self.entity.view)
        @taking(wanted=Query[self.query()])  # type: ignore[misc]  # known when it runs
        def every(request: ProgramRequest, wanted: Any) -> Any:
            """Return those that one may see, without the retired unless they are asked for."""
            return self.rows(request, wanted.dict())

        @router.get("/{pk}", response=out, **self.documented("get"))
        @needs(self.entity.view)
        def one(request: ProgramRequest, pk: Id) -> Any:
            """Return one, retired or not."""
            return self.shown(opened(request, self.entity.get(actor=request.auth, pk=pk)))

    def writing(self, router: Router, out: Any) -> None:
        """Let programs add and change."""
        entity = self.entity

        @router.post("", response=out, **self.documented("add"))
        @needs(entity.change)
        @taking(given=self.schemas.new())
        def add(request: ProgramRequest, given: Any) -> Any:
            """Add one to an organisation."""
            actor, facts = request.auth, given.dict()
            pk = facts.pop("organisation_id")
            organisation = organisation_for(actor=actor, pk=pk, permission=entity.change)
            facts = Offers(entity, actor).found(organisation, facts)
            now = timezone.now()
            return self.shown(
                self.done.add(actor=actor, organisation=organisation, now=now, **facts)
            )

        @router.patch("/{pk}", response=out, **self.documented("change"))
        @needs(entity.view, entity.change)
        @taking(given=self.schemas.edit())
        def change(request: ProgramRequest, pk: Id, given: Any) -> Any:
            """Change what is said of one, from ``version`` or what ``If-Match`` names."""
            actor, facts = request.auth, given.dict(exclude_unset=True)
            thing = entity.get(actor=actor, pk=pk)
            version = seen(request, thing, facts.pop("version", None))
            facts = Offers(entity, actor).found(thing.organisation, facts, thing)
            return self.shown(self.done.change(actor=actor, thing=thing, seen=version, **facts))

    def act(self, router: Router, verb: str, out: Any) -> None:
        """Let programs do what takes nothing but the thing."""
        entity, service = self.entity, getattr(self.done, verb)

        @router.post(f"/{{pk}}/{verb}", response=out, **self.documented(verb))
        @needs(entity.view, entity.change)
        def done(request: ProgramRequest, pk: Id) -> Any:
            """Retire one or take it back; it and its history stay."""
            thing = unchanged(request, entity.get(actor=request.auth, pk=pk))
            return self.shown(service(actor=request.auth, thing=thing))

    def documented(self, verb: str) -> dict[str, Any]:
        """Return what the API's own pages say of one of its functions."""
        name = self.entity.name
        one = f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
        what = self.entity.room if verb == "list" else one
        return {"operation_id": f"{name}_{verb}", "summary": f"{verb.capitalize()} {what}"}
