"""What each command and event is called in the change log: who did what, in words.

A room's ``ROOM`` has the words for its own; a house law says which command lacks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from samsyn.access.actor import Actor
from samsyn.kernel.rooms import gathered, rooms
from samsyn.ui.changes import changes_html, changes_told
from samsyn.ui.components import Moment, Story
from samsyn.ui.thing_names import model_of

DEEDS = gathered("deeds")
WAYS: dict[str, Any] = {
    "password": pgettext_lazy("sign-in", "password"),
    "password_reset": pgettext_lazy("sign-in", "a mailed link"),
    "totp": pgettext_lazy("sign-in", "code from an app"),
    "webauthn": pgettext_lazy("sign-in", "passkey"),
    "recovery_codes": pgettext_lazy("sign-in", "recovery code"),
    "socialaccount": pgettext_lazy("sign-in", "the organisation's own sign-in"),
}

CONTACT = "contact "
WHO_ELSE: dict[str, Any] = {  # how a label begins that is no person's
    "job:": gettext_lazy("Samsyn, by itself"),
    "console:": gettext_lazy("Whoever runs the server"),
    CONTACT: "",
    "participant of ": gettext_lazy("A participant"),
    "unknown": gettext_lazy("Unknown"),
    "nobody": gettext_lazy("Unknown"),
}

FETCHED = {mount.at: mount.label for room in rooms().values() for mount in room.api}


def fetched_text(path: str) -> str:
    """Return in words what list or page of the API an address names."""
    room = path.removeprefix("/api/").partition("/")[0]
    return str(FETCHED.get(room, ""))


def deed_text(action: str) -> str:
    """Return in words what was done; never the name that programs use."""
    found = DEEDS.get(action)
    return str(found) if found is not None else _("Did something that has no words here yet")


def who_text(actor: str) -> str:
    """Return in words who did it, without the address.

    A person may be called as anything else is: only a person's label has an address in ``<>``.

    Example:
        >>> who_text("Jonas Berg <jonas@fjellvik.example>")
        'Jonas Berg'
        >>> who_text("participant of dialogue 3 <kari@fjellvik.example>")
        'participant of dialogue 3'

    """
    name, is_person, rest = actor.partition(" <")
    if not is_person:
        return _who_else(actor)
    token = rest.partition("(token ")[2].removesuffix(")")
    return (
        _("%(name)s, by the program %(token)s") % {"name": name, "token": token} if token else name
    )


def _who_else(actor: str) -> str:
    """Return in words who it was that is no person of ours."""
    kind = next((kind for kind in WHO_ELSE if actor.startswith(kind)), "")
    if kind == CONTACT:  # has no name here: the address is all that is known
        return _("%s, through the link in a letter") % actor.removeprefix(CONTACT)
    return str(WHO_ELSE[kind]) if kind else actor


def address_text(actor: str) -> str:
    """Return the address of the person who did it: two may have one name. Empty for no person.

    Example:
        >>> address_text("Jonas Berg <jonas@fjellvik.example> (token script)")
        'jonas@fjellvik.example'

    """
    return actor.partition(" <")[2].partition(">")[0]


def ways_text(changes: Mapping[str, Any]) -> str:
    """Return in words by what somebody signed in, as far as the entry says."""
    ways = changes.get("by")
    return ", ".join(str(WAYS.get(way, way)) for way in ways) if isinstance(ways, list) else ""


def trail_story(
    entries: Iterable[Any],
    *,
    actor: Actor,
    begun_at: datetime | None = None,
    words: Mapping[str, Any] | None = None,
    more: Callable[[Any], str] = lambda _entry: "",
) -> Story:
    """Return entries of one thing as its story, with what each change did.

    Args:
        entries: of the trail, newest first.
        actor: who reads it.
        begun_at: when the thing says that it was added: told where that is before its entry, as
            for what was there before it was written down here. The change log has the entry's.
        words: shorter words for some actions, where the page makes clear what they are about.
        more: what an entry says besides.

    """
    short, entries = words or {}, list(entries)
    changes = changes_told(entries, actor=actor)
    return Story(
        moments=tuple(
            Moment(
                at=_begun(entry, begun_at) or entry.at,
                text=f"{short.get(entry.action) or deed_text(entry.action)}{more(entry)}",
                who=who_text(entry.actor),
                changes=changes_html(changes.get(entry.number, ())),
            )
            for entry in entries
        )
    )


def _begun(entry: Any, begun_at: datetime | None) -> datetime | None:
    """Return when a thing was added that says so itself, of the entry that added it."""
    model = model_of(entry.object_type)
    is_new = model is not None and model._meta.pk.attname in entry.changes
    return min(begun_at, entry.at) if is_new and begun_at is not None else None
