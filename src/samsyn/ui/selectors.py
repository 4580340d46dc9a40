from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.compiled_queries import CompiledQuery
from samsyn.kernel.errors import NotFound
from samsyn.ui.models import SavedView


def saved_view_list(*, actor: Actor, screen: str) -> list[SavedView]:
    """Return the person's own views of a screen, by name; the nameless one holds the columns."""
    if actor.person_id is None:
        return []
    return _VIEWS.rows(person=actor.person_id, screen=screen)


def _views(person: Any, screen: Any) -> QuerySet[SavedView]:
    return SavedView.objects.filter(person_id=person, screen=screen)


_VIEWS = CompiledQuery(_views)


def saved_view_get(*, actor: Actor, pk: int) -> SavedView:
    """Return one of the person's own views.

    Raises:
        NotFound: there is none, or it is somebody else's.

    """
    found = SavedView.objects.filter(pk=pk, person_id=actor.person_id or 0).first()
    if found is None:
        raise NotFound(_("No such view."))
    return found
