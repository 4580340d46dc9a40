"""What the trail calls a thing: in English, whoever did it; the change log translates its words."""

from __future__ import annotations

from django.utils.translation import override

NAME_LONGEST = 300


def name_kept(thing: object) -> str:
    """Return the name under which a thing is kept: a model's row, or the title of a page."""
    with override("en"):
        return str(thing)[:NAME_LONGEST]
