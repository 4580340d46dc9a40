"""Laws on words: both catalogues are whole, in step with the code, and in their own language."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

import polib
import pytest

from tests.house.laws import PACKAGE

LANGUAGES = ("sv", "nb")
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|</?[a-z][^>]*>")
MARKUP = re.compile(r"<[^>]+>")
WORD = re.compile(r"[^\W\d_]+")
# English is full of these; words that Swedish or Norwegian has too ("all", "last") are out.
ENGLISH = frozenset(
    WORD.findall(
        "about after again and are been before below cannot could does each every first from has"
        " have how its more most must nobody nothing now of only or other our out please than that"
        " the their them there they this those until was were what when where which who why will"
        " with would you your"
    )
)
WORDS_OF_A_SENTENCE = 4
FOREIGN_QUOTES = {"sv": re.compile('[“«»"]'), "nb": re.compile('[“”"]')}
ENDINGS = (".", "?", "!", ":", ",")
GETTEXT = {"gettext": 0, "gettext_lazy": 0, "gettext_noop": 0, "ngettext": 0, "ngettext_lazy": 0}
TRANSLATORS = {"django.utils.translation", "samsyn.kernel.phrases"}
GETTEXT |= {"pgettext": 1, "pgettext_lazy": 1, "npgettext": 1, "npgettext_lazy": 1}


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(PACKAGE / "locale" / language / "LC_MESSAGES/django.po"))


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Yield each text and its translation; a plural yields both of its forms."""
    for entry in catalogue(language):
        if entry.msgid_plural:
            yield entry.msgid, entry.msgstr_plural.get(0, "")
            yield entry.msgid_plural, entry.msgstr_plural.get(1, "")
        else:
            yield entry.msgid, entry.msgstr


def words(text: str) -> list[str]:
    return [w.lower() for w in WORD.findall(PLACEHOLDER.sub(" ", text))]


def ending(text: str) -> str:
    return text[-1:] if text.endswith(ENDINGS) else ""


def english_left(said: str, translation: str) -> bool:
    """Tell whether a translation holds English words, or is the English sentence itself."""
    if ENGLISH & set(words(translation)):
        return True
    return said == translation and len(words(said)) >= WORDS_OF_A_SENTENCE


def texts_in_code(source: str) -> Iterator[str]:
    """Yield every text that code hands to gettext, under whatever name it was imported."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: GETTEXT[alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in TRANSLATORS
        for alias in node.names
        if alias.name in GETTEXT
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        place = names.get(node.func.id)
        if place is None or len(node.args) <= place:
            continue
        text = node.args[place]
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield text.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_a_translation(language):
    found = catalogue(language)
    assert [e.msgid for e in found.untranslated_entries()] == []
    assert [e.msgid for e in found.fuzzy_entries()] == []
    assert [e.msgid for e in found.obsolete_entries()] == []


def test_both_languages_have_the_same_texts():
    swedish, norwegian = ([(e.msgctxt, e.msgid) for e in catalogue(each)] for each in LANGUAGES)
    assert swedish == norwegian


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plural_has_both_its_forms(language):
    plurals = [e for e in catalogue(language) if e.msgid_plural]
    assert plurals
    assert [e.msgid for e in plurals if set(e.msgstr_plural) != {0, 1}] == []
    assert [e.msgid for e in plurals if not all(e.msgstr_plural.values())] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_markup_agree(language):
    wrong = [
        (said, translation)
        for said, translation in pairs(language)
        if Counter(PLACEHOLDER.findall(said)) != Counter(PLACEHOLDER.findall(translation))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_ends_and_begins_as_in_english(language):
    def edges(text: str) -> tuple[bool, bool, str]:
        return text.startswith((" ", "\n")), text.endswith((" ", "\n")), ending(text)

    assert [p for p in pairs(language) if edges(p[0]) != edges(p[1])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_english_is_left(language):
    assert [p for p in pairs(language) if english_left(*p)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotes_are_those_of_the_language(language):
    foreign = FOREIGN_QUOTES[language]
    assert [t for _said, t in pairs(language) if foreign.search(MARKUP.sub("", t))] == []


def test_every_text_in_the_code_is_in_the_catalogues():
    """Catch what gettext's reader passes over: other names than ``_``, and calls in f-strings."""
    known = {entry.msgid for entry in catalogue("sv")}
    missing = [
        f"{path.relative_to(PACKAGE)}: {text}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for text in texts_in_code(path.read_text())
        if text not in known
    ]
    assert not missing, "Run script/messages.py and translate:\n" + "\n".join(missing)


def test_the_laws_catch_planted_faults():
    assert english_left("Save the file", "Spara the file")
    assert english_left("Nobody sees 3 findings here", "Nobody sees 3 findings here")
    assert not english_left("PDF", "PDF")
    assert not english_left("Load all", "Last all")
    aliased = 'from django.utils.translation import gettext as say\nsay("One")\nf"{say(\'Two\')}"\n'
    assert list(texts_in_code(aliased)) == ["One", "Two"]
