"""The addresses of the house, and those of the linked things of the tests beside them."""

from __future__ import annotations

from django.urls import include, path

from samsyn.access.programs import StrictParser
from samsyn.api.entrance import claiming, entrance
from samsyn.api.parameters import KnownParameters
from samsyn.api.router import SamsynApi, api
from samsyn.entities.api import api_router
from samsyn.entities.screens import Screens
from samsyn.site.urls import (  # Django reads the handlers here
    handler400,
    handler403,
    handler404,
    handler500,
)
from samsyn.site.urls import urlpatterns as of_the_house
from tests.entities.linked import DEVICE, DEVICES, KEY, KEYS, PLACE, PLACES

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

door = KnownParameters()
linked = SamsynApi(auth=door, parser=StrictParser(), urls_namespace="linked", docs_url=None)
door.api = linked
pages = []
for entity, done in ((PLACE, PLACES), (DEVICE, DEVICES), (KEY, KEYS)):
    linked.add_router(f"/{entity.room}", api_router(entity, done))
    pages.append(
        path(f"{entity.room}/", include((Screens(entity, done).urls(), entity.room))),
    )
linked.add_decorator(claiming, mode="operation")
linked.add_decorator(entrance(linked.on_exception, door.check_entrance), mode="view")
linked._exception_handlers = api._exception_handlers

urlpatterns = [*of_the_house, *pages, path("api/", linked.urls)]
