"""Law on the change log: every command and event has words in three languages."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

import samsyn.site.urls  # noqa: F401  then every command is known
from samsyn.access.commands import COMMANDS
from samsyn.assets.services import NARROWED
from samsyn.audit.rules import EVENTS, kind_of
from samsyn.audit.services import SEALED
from samsyn.findings.leaving import LEFT
from samsyn.site.management.commands.trail_guard import GUARDED
from samsyn.ui.deeds import DEEDS, deed_text
from tests.house.laws import PACKAGE

pytestmark = pytest.mark.once  # reads what rooms declare

EVENT = re.compile(r'"((?:sign_in|reading|export)\.[a-z_]+)"')
NOTED = re.compile(r'note_(?:sign_in|refused)\(\s*"([a-z_]+)"')


def events():
    """Return the names of events that our code writes."""
    texts = [path.read_text() for path in (PACKAGE / "access").rglob("*.py")]
    found = {name for text in texts for name in EVENT.findall(text)}
    return found | {f"sign_in.{name}" for text in texts for name in NOTED.findall(text)}


def untranslated(words):
    return (
        f"{words!r} is the same in sv or nb. Run script/messages.py, write its msgstr under"
        ' msgctxt "deed" in src/samsyn/locale/{sv,nb}/LC_MESSAGES/django.po, and run'
        " script/catalogues.py."
    )


@pytest.mark.parametrize("action", sorted({*COMMANDS, *events(), SEALED, GUARDED, LEFT, NARROWED}))
def test_every_command_and_event_has_words_in_three_languages(action):
    said = {}
    for language in ("en", "sv", "nb"):
        with translation.override(language):
            said[language] = deed_text(action)
    assert action in DEEDS, "give it words in its room.py, in deeds"
    assert said["sv"] != said["en"] != said["nb"], untranslated(said["en"])
    assert not any("." in text or "_" in text for text in said.values())


def test_no_words_are_for_something_that_is_gone():
    assert set(DEEDS) == {*COMMANDS, *events(), SEALED, GUARDED, LEFT, NARROWED}


def test_events_are_found():
    assert {"sign_in.done", "sign_in.locked", "reading.opened", "export.evidence"} <= events()
    assert {kind_of(name) for name in events()} == EVENTS


def test_what_has_no_words_is_not_shown_raw():
    with translation.override("en"):
        assert deed_text("rooms.thing_do") == "Did something that has no words here yet"
