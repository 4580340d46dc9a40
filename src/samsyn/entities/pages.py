"""What the page of one thing is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.audit.selectors import entries_of
from samsyn.entities.columns import in_words, link_html
from samsyn.entities.declaration import Entity, Field
from samsyn.entities.fields import label_of
from samsyn.ui.components import Fact, FactList, Story
from samsyn.ui.deeds import trail_story

EVENTS_MOST = 20


def page_of_thing(entity: Entity) -> Callable[..., dict[str, Any]]:
    """Return what makes the content of a page: marks, facts, the room's panels, the story."""

    def content(*, actor: Actor, subject: Any) -> dict[str, Any]:
        panels = [panel(actor=actor, thing=subject) for panel in entity.panels]
        return {
            "badge": entity.state.badge(subject) if entity.state else None,
            "facts": facts(entity, subject),
            "panels": [panel for panel in panels if panel],
            "story": story(actor, subject),
        }

    return content


def facts(entity: Entity, thing: Any) -> FactList:
    """Return what is known of a thing besides its name; what is not said is left out."""
    found = [
        Fact(name=label_of(entity, field), value=_value(entity, field, thing))
        for field in entity.fields[1:]
        if field.is_fact
    ]
    found.append(Fact(name=_("Organisation"), value=thing.organisation.name))
    return FactList(facts=tuple(fact for fact in found if fact.value not in {None, ""}))


def _value(entity: Entity, field: Field, thing: Any) -> object:
    words = link_html if field.to else in_words
    return words(entity, field, thing)


def story(actor: Actor, thing: Any) -> Story | None:
    """Return what was done to a thing, for those who may see the trail."""
    if not actor.may(Permission.TRAIL_VIEW, thing.owner_id):
        return None
    entries = entries_of(thing._meta.label, thing.pk)[:EVENTS_MOST]
    return trail_story(entries, actor=actor, begun_at=getattr(thing, "created_at", None))
