"""Names of things as the trail keeps them, in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.utils import translation

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.scoping import ScopedManager
from samsyn.audit.models import Entry

SPOKEN: dict[str, Callable[[str], str]] = {}


def spoken(label: str, translate: Callable[[str], str]) -> None:
    """Let names of a kind of thing that come from a pack be read in the reader's language.

    Args:
        label: of the model.
        translate: returns the name in the language in force, of a name in English.

    """
    SPOKEN[label] = translate


def name_text(label: str, name: str) -> str:
    """Return the name of a thing with the words that come from a choice in the reader's language.

    The trail keeps names in English, since whoever reads them may not read what the writer did.

    Args:
        label: of the model, such as ``organisations.Contact``.
        name: of the thing when it was changed.

    """
    if label in SPOKEN:
        return SPOKEN[label](name)
    for kept, word in _choices(label):
        for before, after in (("(", ")"), (": ", ""), (" ", "")):
            if name.endswith(f"{before}{kept}{after}"):
                end = len(name) - len(kept) - len(after)
                return f"{name[:end]}{word}{after}"
        if name.startswith(f"{kept}: "):
            return f"{word}{name[len(kept) :]}"
    return name


@lru_cache(maxsize=500)
def _choices(label: str) -> tuple[tuple[str, Any], ...]:
    """Return what a model's rows can be called by choice, in English, and as text to translate."""
    model = model_of(label)
    fields = model._meta.concrete_fields if model else ()
    with translation.override("en"):
        found = [(str(word), word) for each in fields for _key, word in each.flatchoices]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=500)
def model_of(label: str) -> Any:
    """Return the model with this label; None where there is no longer any."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def may_know(entry: Entry, actor: Actor) -> bool:
    """Return whether the actor may see things of this kind where an entry of the trail is.

    The trail is open to the operator's administrator, a member's own work is not.
    """
    permission = permission_of(entry.object_type)
    if permission is None or entry.organisation_id is None:
        return True
    return actor.may(permission, entry.organisation_id)


def permission_of(label: str) -> Permission | None:
    """Return what it takes to see things of a kind; None where no organisation owns them."""
    manager = getattr(model_of(label), "objects", None)
    return manager.permission if isinstance(manager, ScopedManager) else None
