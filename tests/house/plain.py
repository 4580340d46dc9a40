"""What must not stand on a page in Swedish or Norwegian: raw names of the code, and English."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import allauth
from django import conf
from django.apps import apps
from django.contrib import auth
from django.db import connection, models
from polib import pofile

from tests.house.laws import OURS, PACKAGE

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
NAME = re.compile(r"\b[a-z]+\.[a-z]+_[a-z_]+\b")
RAW_WORDS = frozenset({"None", "True", "False", "null", "undefined", "nan", "{}", "[]"})
ENGLISH = frozenset({"the", "of", "are", "with", "this", "that", "from", "which", "your", "been"})
ENGLISH |= {"too", "not", "must", "please", "enter", "has", "have", "valid"}  # of refusals
ENGLISH_MANY = 2  # so many of them, in so many words, and it is a sentence
WORDS_MANY = 4
OTHERS = [Path(each.__file__).parent for each in (conf, auth, allauth)]
CODE = frozenset({"code", "pre", "script", "style", "kbd", "samp"})
SHOWN_BY = ("title", "aria-label", "placeholder", "alt")


class PageWords:
    """Reads pages that a law opens anyhow, and keeps what on them is raw or in English.

    What a page says does not depend on the database, so it is read with SQLite only.
    """

    def __init__(self) -> None:
        self.is_asked = connection.vendor == "sqlite"
        self.found: dict[str, set[str]] = {}
        self._data: set[str] = set()

    def renew(self) -> None:
        """Take note of what is in the database now: it is shown as it is."""
        self._data = data_kept() if self.is_asked else set()

    def read(self, answer: Any, url: str, language: str) -> None:
        """Read a page that should be in a language: sv or nb."""
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if self.is_asked and is_page:
            wrong = set(faults(answer.content.decode(), language, self._data))
            if wrong:
                at = f"{url} ({answer.status_code}, {language})"
                self.found.setdefault(at, set()).update(wrong)


class Texts(HTMLParser):
    """Collects each text that a page shows or reads out, but for what is marked as code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in CODE:
            self._inside.append(tag)
        self.found += [value for name, value in attrs if name in SHOWN_BY and value]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.found.append(data)


def faults(content: str, language: str, data: Iterable[str]) -> Iterator[str]:
    """Yield each text of a page that is raw or English.

    Args:
        content: the page.
        language: in which it should be: sv or nb.
        data: what people and machines wrote, in whatever language; it is shown as it is.

    """
    texts = Texts()
    texts.feed(content)
    known = sorted({each for each in data if each.strip()}, key=len, reverse=True)
    for text in {" ".join(each.split()) for each in texts.found}:
        if _is_raw(text) or _is_english(text, language, known):
            yield text[:120]


def _is_raw(text: str) -> bool:
    if text in RAW_WORDS or MOMENT.search(text) or NAME.search(text):
        return True
    return any(label in text for label in _labels())


def _is_english(text: str, language: str, known: list[str]) -> bool:
    if text in known:
        return False
    if text in untranslated(language) or text in texts_of_others():
        return True
    for each in known:
        text = text.replace(each, " ")
    words = re.findall(r"[a-zåäöæø]+", text.lower())
    return len(words) >= WORDS_MANY and len(ENGLISH & set(words)) >= ENGLISH_MANY


@lru_cache
def _labels() -> tuple[str, ...]:
    return tuple(model._meta.label for model in OURS)


@lru_cache
def untranslated(language: str) -> frozenset[str]:
    """Return the English texts of two words or more that are said otherwise in a language."""
    with (PACKAGE / f"locale/{language}/LC_MESSAGES/django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return frozenset(
        english
        for english, said in catalogue.items()
        if isinstance(english, str) and " " in english and said and said != english
    )


@lru_cache
def texts_of_others() -> frozenset[str]:
    """Return the English texts of Django and allauth, which a page may show."""
    return frozenset(text for place in OTHERS for text in texts_of(place, "en") if " " in text)


def texts_of(place: Path, language: str) -> set[str]:
    """Return the texts of a catalogue."""
    return {entry.msgid for entry in pofile(place / f"locale/{language}/LC_MESSAGES/django.po")}


def translated(place: Path, language: str) -> set[str]:
    """Return the texts of a catalogue that are translated."""
    file = pofile(place / f"locale/{language}/LC_MESSAGES/django.po")
    return {entry.msgid for entry in file.translated_entries()}


def data_kept() -> set[str]:
    """Return every text that is in the database."""
    found: set[str] = set()
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
        ]
        if names and model in OURS:
            for row in model._base_manager.values_list(*names):
                found.update(str(value) for value in row if value and len(str(value)) > 3)
    return found
