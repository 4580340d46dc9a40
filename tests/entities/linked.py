"""Two declared things of the tests' own, and one more: a device stands at a place, a key opens one.

No room of the house has a link yet. These have tables while ``linked_tables`` is in use, with row
policies as every table of ours. Who may see devices need not see places: a technician does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig, apps
from django.db import connection, models
from django.utils import timezone

import tests
from samsyn.access import policies
from samsyn.access.commands import COMMANDS
from samsyn.access.database_roles import as_owner
from samsyn.access.naming import LineField
from samsyn.access.permissions import Permission
from samsyn.access.scoping import OrganisationOwned, ScopedManager
from samsyn.access.versions import Versioned
from samsyn.entities.declaration import Entity, EntityWords, Field
from samsyn.entities.pointing import link_field
from samsyn.entities.services import services
from samsyn.kernel.limits import limits
from samsyn.kernel.rooms import Limit
from samsyn.ui.addresses import thing_url
from samsyn.ui.thing_names import model_of

APP = "linked"
ROLE = "grant select, insert, update, delete on {table} to {role}"
WORDS = EntityWords(
    **dict.fromkeys(EntityWords.__dataclass_fields__, "Words"),
)


def once(name: str) -> list[models.UniqueConstraint]:
    return [
        models.UniqueConstraint(
            fields=["organisation", "name"],
            name=name,
            violation_error_message="There is one of this name.",
        )
    ]


class Place(Versioned, OrganisationOwned):
    """Where something stands."""

    name = LineField("place's name", max_length=200)
    floor = LineField("floor", max_length=40, blank=True)
    is_retired = models.BooleanField("retired", default=False)
    created_at = models.DateTimeField("added at", default=timezone.now)

    objects = ScopedManager(Permission.PEOPLE_VIEW)

    class Meta(OrganisationOwned.Meta):
        app_label = APP
        verbose_name = "place"
        verbose_name_plural = "places"
        ordering = ["name", "pk"]
        constraints = once("place_name_once")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return thing_url("places:detail", self.pk)


class Device(Versioned, OrganisationOwned):
    """Something that stands at a place, or nowhere; several may be called the same."""

    name = LineField("device's name", max_length=200)
    place = models.ForeignKey(
        Place,
        verbose_name="place",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    note = LineField("note", max_length=200, blank=True)
    is_retired = models.BooleanField("retired", default=False)
    created_at = models.DateTimeField("added at", default=timezone.now)

    objects = ScopedManager(Permission.SUPPLIERS_VIEW)

    class Meta(OrganisationOwned.Meta):
        app_label = APP
        verbose_name = "device"
        verbose_name_plural = "devices"
        ordering = ["name", "pk"]
        constraints = once("device_name_once")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return thing_url("devices:detail", self.pk)


class Key(Versioned, OrganisationOwned):
    """Something that opens a device's place, which it never lacks; names may be the same."""

    name = LineField("key's name", max_length=200)
    device = models.ForeignKey(
        Device, verbose_name="device", on_delete=models.PROTECT, related_name="+"
    )
    place = models.ForeignKey(
        Place, verbose_name="place", on_delete=models.PROTECT, related_name="+"
    )
    is_retired = models.BooleanField("retired", default=False)

    objects = ScopedManager(Permission.SUPPLIERS_VIEW)

    class Meta(OrganisationOwned.Meta):
        app_label = APP
        verbose_name = "key"
        verbose_name_plural = "keys"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return thing_url("keys:detail", self.pk)


MODELS = (Place, Device, Key)
PLACE = Entity(
    model=Place,
    at="places",
    view=Permission.PEOPLE_VIEW,
    change=Permission.SUPPLIERS_CHANGE,
    order="name",
    words=WORDS,
    fields=(Field("name", is_searched=True), Field("floor", is_bulk=True)),
)
DEVICE = Entity(
    model=Device,
    at="devices",
    view=Permission.SUPPLIERS_VIEW,
    change=Permission.ACTIONS_WORK,
    order="name",
    words=WORDS,
    fields=(
        Field("name", is_searched=True),
        link_field("place", PLACE, filter="exact", is_bulk=True),
        Field("note", is_bulk=True),
    ),
)
KEY = Entity(
    model=Key,
    at="keys",
    view=Permission.SUPPLIERS_VIEW,
    change=Permission.ACTIONS_WORK,
    order="name",
    words=WORDS,
    fields=(
        Field("name", is_searched=True),
        link_field("device", DEVICE, filter="exact", is_bulk=True),
        link_field("place", PLACE, filter="exact", is_bulk=True),
    ),
)
ENTITIES = (PLACE, DEVICE, KEY)

_known = set(COMMANDS)
PLACES, DEVICES, KEYS = (services(entity) for entity in ENTITIES)
for _name in set(COMMANDS) - _known:  # the laws ask for the commands of the house only
    del COMMANDS[_name]


@contextmanager
def linked_tables() -> Iterator[None]:
    """Let Django and the database know the models, and nobody else when this ends."""
    config: Any = AppConfig(f"{tests.__name__}.{APP}", tests)
    config.apps, config.models = apps, apps.all_models[APP]
    apps.app_configs[APP] = config
    _forget()
    role = connection.settings_dict["USER"]
    try:
        with as_owner():
            _make(role)
        yield
    finally:
        with as_owner(), connection.schema_editor() as editor:
            for model in reversed(MODELS):
                editor.delete_model(model)
        del apps.app_configs[APP]
        _forget()


def _forget() -> None:
    apps.clear_cache()
    model_of.cache_clear()


def _make(role: str) -> None:
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in MODELS:
            policy = policies._policy(model, model.objects)
            for statement in policy.statements():
                cursor.execute(statement)
            cursor.execute(ROLE.format(table=model._meta.db_table, role=role))


def roomy(monkeypatch: Any, settings: Any) -> None:
    """Give the rooms of these things a limit, as a ``ROOM`` would."""
    names = [entity.room for entity in ENTITIES]
    for name in names:
        limit = Limit(2000, name, "An organisation has at most %(most)d things.")
        monkeypatch.setitem(limits(), name, limit)
    settings.LIMITS = {**settings.LIMITS, **dict.fromkeys(names, 2000)}
