"""Every shipped text is in three languages, says something, and is in the one it claims."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).parents[2]
PACKS = CHECKOUT / "src/samsyn/packs"
OURS = sorted(
    [
        *(PACKS / "taxonomies").glob("*.yaml"),
        PACKS / "reports/texts.yaml",
        *(PACKS / "demonstration").glob("*.yaml"),
        PACKS / "glossary.yaml",
        *(PACKS / "annual_wheel").glob("*.yaml"),
        *(PACKS / "indicators").glob("*.yaml"),
        *(PACKS / "reporting").glob("*.yaml"),
    ]
)
LANGUAGES = {"en", "sv", "nb"}
# Words that are English and never Swedish or Norwegian; no names of products or commands.
ENGLISH = {
    "the", "and", "of", "is", "are", "with", "from", "your", "you", "it's", "that", "this", "which",
    "should", "may", "must", "they", "who", "what", "when", "update", "password", "phishing",
    "ransomware", "malware", "backup", "email", "mail", "login", "firewall", "printer", "remote",
    "network", "weak", "open", "close", "compromised", "vulnerable",
}  # fmt: skip
# Words that give one neighbour away in the other's text.
ONLY_SWEDISH = {"och", "inte", "från", "eller", "också", "någon", "är", "säkerhet", "lösenord"}
ONLY_NORWEGIAN = {"og", "ikke", "eller", "fra", "også", "noen", "er", "sikkerhet", "passord"}
SHARED = {"eller", "er"}  # "er" is Swedish for "your"
TERMS_IN_BRACKETS = re.compile(r"\([^)]*\)|[«”][^»”]*[»”]")


def texts(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every text of a pack with where it stands: a mapping whose keys are languages."""
    if isinstance(node, dict):
        if LANGUAGES & node.keys():
            yield path, node
            return
        for key, value in node.items():
            yield from texts(value, f"{path}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from texts(value, f"{path}/{number}")


def sentences(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def words(sentence: str) -> set[str]:
    return set(re.findall(r"[\wåäöæøÅÄÖÆØ'-]+", TERMS_IN_BRACKETS.sub(" ", sentence).lower()))


@pytest.fixture(params=OURS, ids=lambda path: path.stem)
def pack(request) -> Any:
    return yaml.safe_load(request.param.read_text(encoding="utf-8"))


def test_a_pack_says_its_name_version_and_title(pack):
    assert pack["pack"]
    assert pack["version"]
    assert set(pack["title"]) == LANGUAGES


def test_every_text_is_in_three_languages(pack):
    assert [path for path, text in texts(pack) if set(text) != LANGUAGES] == []


def test_no_text_is_empty(pack):
    empty = [
        f"{path} {language}"
        for path, text in texts(pack)
        for language, value in text.items()
        if not value or not all(s.strip() for s in sentences(value))
    ]
    assert empty == []


def test_lists_are_as_long_in_every_language(pack):
    uneven = [
        path
        for path, text in texts(pack)
        if len({len(v) if isinstance(v, list) else 1 for v in text.values()}) != 1
    ]
    assert uneven == []


def test_sentences_end_with_a_stop_where_english_does(pack):
    uneven = [
        f"{path}: {other}"
        for path, text in texts(pack)
        for language in ("sv", "nb")
        for english, other in zip(sentences(text["en"]), sentences(text[language]), strict=True)
        if english.endswith(".") != other.endswith(".")
    ]
    assert uneven == []


@pytest.mark.parametrize(
    ("language", "foreign"),
    [("sv", ENGLISH | ONLY_NORWEGIAN - SHARED), ("nb", ENGLISH | ONLY_SWEDISH - SHARED)],
)
def test_no_other_language_is_left(pack, language, foreign):
    left = [
        f"{path}: {sentence} ({', '.join(sorted(found))})"
        for path, text in texts(pack)
        for sentence in sentences(text[language])
        if (found := words(sentence) & foreign)
    ]
    assert left == []


def test_letters_of_the_neighbour_do_not_slip_in(pack):
    slipped = [
        f"{path}: {sentence}"
        for path, text in texts(pack)
        if not path.startswith("/members")
        for language, letters in (("sv", "æø"), ("nb", "äö"))
        for sentence in sentences(text[language])
        if any(letter in sentence.lower() for letter in letters)
    ]
    assert slipped == []
