"""What is said of files that are missing, wherever it is said."""

from __future__ import annotations

from django.utils.translation import ngettext


def store_missing(names: list[str]) -> str:
    """Return what is missing in the store and what makes it anew."""
    says = ngettext(
        "%(count)d file is missing (%(name)s). Imports stop until samsyn store_rebuild has run.",
        "%(count)d files are missing (the first is %(name)s). "
        "Imports stop until samsyn store_rebuild has run.",
        len(names),
    )
    return says % {"count": len(names), "name": names[0]}


def editions_missing(names: list[str]) -> str:
    """Return which frozen editions are missing: nothing makes them anew."""
    says = ngettext(
        "%(count)d frozen edition is missing (%(name)s). Restore it to store/editions from a "
        "backup; samsyn store_rebuild cannot make it.",
        "%(count)d frozen editions are missing (the first is %(name)s). Restore them to "
        "store/editions from a backup; samsyn store_rebuild cannot make them.",
        len(names),
    )
    return says % {"count": len(names), "name": names[0]}
