"""Texts of rules in the reader's language, without Django: the room access sets the translator."""

from __future__ import annotations

from collections.abc import Callable

_translators: list[Callable[[str], str]] = []


def gettext(text: str) -> str:
    """Return a text in the language in force; as it stands where nothing translates.

    Example:
        >>> from samsyn.kernel.phrases import gettext as _
        >>> _("%(text)s is not a domain name") % {"text": "fjellvik"}
        'fjellvik is not a domain name'

    """
    return _translators[-1](text) if _translators else text


def gettext_noop(text: str) -> str:
    """Return a text as it stands: it is found for the catalogues here, and translated later."""
    return text


def translate_with(translate: Callable[[str], str]) -> None:
    """Translate with this from now on. Called once, when Django starts."""
    _translators[:] = [translate]
