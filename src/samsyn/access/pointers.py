"""Models whose rows point to things of any room: what they point to must not be removed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from samsyn.access.scoping import beyond
from samsyn.kernel.refs import pointer


def pointing(model: type[Any], *, kind: str, pk: str) -> None:
    """Let it be known what a model's rows point to. Its room does it once, when Django starts.

    Args:
        model: whose rows point.
        kind: the field with the kind of thing.
        pk: the field with its id.

    """

    def read(wanted: str, ids: Collection[int]) -> Iterable[int]:
        rows = model.unscoped.filter(**{kind: wanted, f"{pk}__in": ids})  # scope: as said there
        found: Iterable[int] = beyond(rows, "says only that a thing must stay").values_list(
            pk, flat=True
        )
        return found

    POINTING.add((model._meta.label, pk))
    pointer(read)


POINTING: set[tuple[str, str]] = set()
