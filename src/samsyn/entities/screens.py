"""The pages of an entity: its list, the page of one, and the forms to add, change and retire."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.audit.selectors import trail_version
from samsyn.entities.columns import columns
from samsyn.entities.declaration import Entity
from samsyn.entities.fields import change_form, filter_form, new_form
from samsyn.entities.pages import page_of_thing
from samsyn.entities.services import Services
from samsyn.entities.several import SeveralScreen, several_form
from samsyn.entities.sheet_screens import SheetScreen, sheet_form
from samsyn.organisations.screens import NewForm
from samsyn.ui.components import EmptyState
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import ActionScreen, BulkButton, Button, DetailScreen, FormScreen, ListScreen

TEMPLATE = "entities/thing.html"


class ThingNew(NewForm):
    """Adds a thing; offers what may be chosen at one's own organisation, or the one asked for."""

    permission: Permission = None  # type: ignore[assignment]  # as_view gives it


class ThingChange(FormScreen):
    """Changes a thing; offers what may be chosen where it belongs."""

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"thing": subject}


class Screens:
    """The pages of one entity, each as Django calls it; a room may put its own in place.

    Attributes:
        led_to: where the forms lead, if not to the thing's own page.

    """

    led_to: Any = ""

    def __init__(self, entity: Entity, done: Services) -> None:
        """Take what the pages are about, and the services that they call."""
        self.entity, self.done = entity, done
        meta = entity.model._meta
        self.plural = capfirst(meta.verbose_name_plural)

    def urls(self) -> list[URLPattern]:
        """Return the addresses, in the namespace of the room."""
        life = self.life() if self.entity.retires else []
        return [
            path("", self.list(), name="list"),
            path("new/", self.create(), name="create"),
            path("import/", self.sheet(), name="import"),
            path("several/", self.several(), name="several"),
            path("<int:pk>/", self.detail(), name="detail"),
            path("<int:pk>/change/", self.change(), name="change"),
            *life,
        ]

    def life(self) -> list[URLPattern]:
        """Return the addresses of what is retired."""
        return [
            path("<int:pk>/retire/", self.retire(), name="retire"),
            path("<int:pk>/resume/", self.resume(), name="resume"),
        ]

    def list(self) -> Any:
        """Return the list."""
        entity, words = self.entity, self.entity.words
        return ListScreen.as_view(
            title=self.plural,
            intro=words.intro,
            selector=entity.list,
            version=trail_version,
            filters=filter_form(entity),
            columns=columns(entity),
            order=entity.order,
            buttons=self.list_buttons,
            bulk_buttons=self.bulk_buttons(),
            empty=EmptyState(
                title=words.empty,
                text=words.empty_text,
                action=words.add,
                url="new/",
                permission=entity.change,
            ),
        )

    def create(self) -> Any:
        """Return the form for a new one."""
        words = self.entity.words
        return ThingNew.as_view(
            title=words.add,
            permission=self.entity.change,
            form=new_form(self.entity),
            service=self.done.add,
            done=words.added,
            done_url=self.led_to,
            crumbs=self.crumbs,
            back_url=self.home,
        )

    def sheet(self) -> Any:
        """Return the import of a sheet."""
        words = self.entity.words
        return SheetScreen.as_view(
            title=words.import_sheet,
            entity=self.entity,
            form=sheet_form(self.entity),
            service=self.done.take_sheet,
            done=words.imported,
            done_url=self.home,
            crumbs=self.crumbs,
            back_url=self.home,
        )

    def several(self) -> Any:
        """Return the form that changes several at once."""
        return SeveralScreen.as_view(
            title=self.entity.words.change_several,
            entity=self.entity,
            form=several_form(self.entity),
            service=self.done.change_many,
            done=_("The change is saved."),
            crumbs=self.crumbs,
        )

    def detail(self) -> Any:
        """Return the page of one."""
        return DetailScreen.as_view(
            subject=self.entity.get,
            template_name=TEMPLATE,
            content=page_of_thing(self.entity),
            buttons=self.buttons,
            crumbs=self.crumbs_above,
            label="AMBER",
        )

    def change(self) -> Any:
        """Return the form that changes one."""
        return ThingChange.as_view(
            title=self.entity.words.change,
            form=change_form(self.entity),
            service=self.done.change,
            initial=self.initial,
            done=_("The change is saved."),
            done_url=self.led_to,
            **self.about_one(),
        )

    def retire(self) -> Any:
        """Return the act that retires one."""
        words = self.entity.words
        return ActionScreen.as_view(
            title=words.retire,
            question=words.retire_question,
            consequence=words.retire_consequence,
            is_dangerous=True,
            service=self.done.retire,
            done=words.retired,
            **self.about_one(),
        )

    def resume(self) -> Any:
        """Return the act that takes a retired one back."""
        words = self.entity.words
        return ActionScreen.as_view(
            question=words.resume_question,
            service=self.done.resume,
            done=words.resumed,
            **self.about_one(),
        )

    def about_one(self) -> dict[str, Any]:
        """Return what all pages that do something with one thing share."""
        return {"subject": self.entity.get, "subject_name": "thing", "crumbs": self.crumbs}

    def initial(self, thing: Any) -> dict[str, Any]:
        """Return what the form of a change begins with."""
        known = [self.entity.of(field) for field in self.entity.fields]
        return {field.name: getattr(thing, field.attname) for field in known}

    def home(self, _thing: Any = None) -> str:
        """Return the address of the list."""
        return reverse(f"{self.entity.room}:list")

    def crumbs_above(self, _thing: Any = None) -> tuple[Crumb, ...]:
        """Return the way to the page of one."""
        return (Crumb(label=self.plural, url=self.home()),)

    def crumbs(self, thing: Any = None) -> tuple[Crumb, ...]:
        """Return the way to what is done with one."""
        own = () if thing is None else (Crumb(label=str(thing), url=thing.get_absolute_url()),)
        return (*self.crumbs_above(), *own)

    def list_buttons(self, *, actor: Actor) -> tuple[Button, ...]:
        """Return what can be done beside the list."""
        if not actor.may_anywhere(self.entity.change):
            return ()
        room, words = self.entity.room, self.entity.words
        return (
            Button(label=_("Import"), url=reverse(f"{room}:import")),
            Button(label=words.add, url=reverse(f"{room}:create"), is_primary=True),
        )

    def bulk_buttons(self) -> tuple[BulkButton, ...]:
        """Return what can be done with several rows of the list: change what may be changed so."""
        if not any(field.is_bulk for field in self.entity.fields):
            return ()
        return (
            BulkButton(
                name="several",
                label=_("Change"),
                service=self.done.change_many,
                page=f"{self.entity.room}:several",
            ),
        )

    def buttons(self, *, actor: Actor, subject: Any) -> tuple[Button, ...]:
        """Return what this actor may do with one."""
        if not actor.may(self.entity.change, subject.owner_id):
            return ()
        room, at = self.entity.room, [subject.pk]
        change = Button(label=_("Change"), url=reverse(f"{room}:change", args=at), is_primary=True)
        if not self.entity.retires:
            return (change,)
        if subject.is_retired:
            return (Button(label=_("Resume it"), url=reverse(f"{room}:resume", args=at)),)
        return (change, Button(label=_("Retire"), url=reverse(f"{room}:retire", args=at)))
