from __future__ import annotations

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import require_room
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.ui.models import SavedView


@command(None)
def saved_view_create(*, actor: Actor, screen: str, name: str, query: str) -> SavedView:
    """Keep a list as the person sees it now, under a name.

    Raises:
        RuleViolation: the name is missing or taken, or there are too many already.

    """
    person_id = _own_id(actor)
    if not name.strip():
        raise RuleViolation(_("Give the view a name."), field="name")
    _require_room(person_id, screen)
    view = SavedView(person_id=person_id, screen=screen, name=name.strip(), query=query)
    view.full_clean()
    view.save()
    return view


@command(None)
def saved_view_delete(*, actor: Actor, saved_view: SavedView) -> None:
    """Remove one of the person's own views."""
    if saved_view.person_id != actor.person_id:
        raise NotAllowed(_("This belongs to somebody else."))
    saved_view.delete()


@command(None)
def columns_choose(*, actor: Actor, screen: str, columns: list[str]) -> SavedView:
    """Keep which columns the person wants on a screen, once and for all."""
    query = urlencode({"columns": ",".join(columns)})
    view, _is_new = SavedView.objects.update_or_create(
        person_id=_own_id(actor), screen=screen, name="", defaults={"query": query}
    )
    return view


def _require_room(person_id: int, screen: str) -> None:
    mine = SavedView.objects.filter(person_id=person_id)
    require_room("views_in_all", mine, of=person_id)
    require_room("views", mine.filter(screen=screen).exclude(name=""), of=person_id)


def _own_id(actor: Actor) -> int:
    """Return whose views they are: a person's, never a job's."""
    if actor.person_id is None:
        raise NotAllowed(_("Sign in first."))
    return actor.person_id
