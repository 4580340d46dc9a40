"""The law on words: nothing raw and nothing English on a page in Swedish or Norwegian."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse

from samsyn.access.models import Person
from samsyn.analytics.version_cache import clear_cache
from tests.house.laws import addresses
from tests.house.plain import data_kept, faults
from tests.house.test_doors import made, url_of
from tests.house.test_hostile import ROOMS

PATHS = dict(addresses())
READERS = ("astrid", "ingvild", "henrik", "liv", "jonas")


@pytest.mark.once
@pytest.mark.parametrize("language", ["sv", "nb"])
@pytest.mark.parametrize("room", ROOMS)
def test_nothing_raw_and_nothing_english_is_shown(client, cast, home, room, language):
    found = {}
    Person.objects.update(language=language)
    for name in ROOMS[room]:
        with transaction.atomic():
            subject = made(cast, name)() if "<int:pk>" in PATHS[name] else None
            url = url_of(name, subject) if subject else reverse(name)
            data = data_kept()
            for who in READERS:
                person = Person.objects.get(pk=cast.people[who].pk)
                answer = client.be(person).get(url)
                if answer.headers.get("Content-Type", "").startswith("text/html"):
                    wrong = list(faults(answer.content.decode(), language, data))
                    if wrong:
                        found.setdefault(f"{name} ({answer.status_code})", set()).update(wrong)
            transaction.set_rollback(True)
        clear_cache()
    assert found == {}


@pytest.mark.once
@pytest.mark.parametrize(
    "planted",
    [
        "<p>None</p>",
        "<td>2026-03-02T10:00:00</td>",
        "<td>actions.action_propose</td>",
        "<h2>actions.Action-1</h2>",
        "<p>The reports of the last week are not here yet.</p>",
        '<input placeholder="Nothing is late.">',
        "<button>Save</button><p>No organisation yet</p>",
    ],
)
def test_the_law_on_words_catches_a_planted_fault(planted):
    assert list(faults(planted, "sv", []))


@pytest.mark.once
def test_the_law_on_words_lets_code_and_what_people_wrote_stand():
    page = "<code>actions.action_propose</code><p>Minutes of the group with the board</p>"
    page += "<td>2026-03-02</td><p>Tre fynd är öppna hos oss i dag.</p>"
    assert list(faults(page, "sv", ["Minutes of the group with the board"])) == []
