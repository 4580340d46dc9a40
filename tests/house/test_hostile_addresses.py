"""The law on hostile addresses: ids and tokens that nobody has given, for anybody."""

from __future__ import annotations

import logging
import re

import pytest
from django.urls import reverse

from samsyn.maturity.links import door_token, seat_token
from tests.house.hostile import ANSWERS, IDS, PART, WORDS, Knocks, bodies, example
from tests.house.laws import addresses
from tests.house.test_doors import NOT_OURS
from tests.maturity.builders import make_dialogue

PATHS = {name: path for name, path in addresses() if not name.startswith("api")}
WITH_SOMETHING: dict[str, list[str]] = {}  # by the room, or the package, that they are of
for _name in [name for name, path in PATHS.items() if "<" in path]:
    WITH_SOMETHING.setdefault(re.split("[:_]", _name)[0], []).append(_name)
RAW = ("%00", "%ff", "%ed%a0%80", "..%2f..", "%E2%80%AE")
FREE = (*NOT_OURS, "answer", "rate")  # allauth asks for the password first; opened by signatures
SMALL = ("site:language", "site:theme", "site:switch", "site:choose-person")
FEW = (0, 2**63)
# A member's, who reaches most, with every id; the operator's, a stranger and nobody with the two
# that are read and looked up differently: a number, and one that no database holds.
PEOPLE = {"ingvild": IDS, "henrik": FEW, "sigrid": FEW, None: FEW}


@pytest.fixture(autouse=True)
def quiet():
    """Keep a thousand refusals out of the log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("room", WITH_SOMETHING)
def test_an_id_that_nobody_has_is_not_there(client, cast, home, room, who):
    knocks = Knocks(client.be(cast.people[who]) if who else client)
    for name in WITH_SOMETHING[room]:
        for value in PEOPLE[who] if "<int:" in PATHS[name] else (*WORDS[1:8], "1" * 5000):
            url = example(PATHS[name], value)
            answer = knocks.get(url, headers=PART)
            posted = knocks.post(url, {"version": value, "chosen": value})
            if who and "<int:" in PATHS[name] and not name.startswith(FREE):
                assert {answer.status_code, posted.status_code} <= {403, 404, 405}, url
    assert not knocks.wrong, knocks.said()


def test_addresses_that_are_no_text_are_not_there(client, cast):
    knocks = Knocks(client.be(cast.people["henrik"]))
    for raw in RAW:
        for place in ("", "organisations/", "api/findings/", "static/", "answer/", "wheel/feed/"):
            knocks.get(f"/{place}{raw}/")
            knocks.get(f"/{place}{raw}")
    assert not knocks.wrong, knocks.said()


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_pages_for_signing_in_bear_every_form(client, cast, signed_in):
    meant = ANSWERS | {401, 429}  # a refusal of another's sign-in, and of too many attempts
    knocks = Knocks(client.be(cast.people["ingvild"]) if signed_in else client, meant)
    for name in [name for name in PATHS if name.startswith(NOT_OURS) and "<" not in PATHS[name]]:
        url = reverse(name)
        answer = knocks.get(url, {"next": "a\0b", "page": "9" * 30})
        form = (answer.context or {}).get("form") if answer.status_code == 200 else None
        for said, body in list(bodies(form))[:12] if hasattr(form, "fields") else ():
            knocks.post(url, body, said=said)
    assert not knocks.wrong, knocks.said()


@pytest.mark.parametrize("name", SMALL)
def test_small_forms_bear_every_word(client, cast, settings, name):
    settings.DEMONSTRATION = name == "site:choose-person"
    knocks = Knocks(client.be(cast.people["ingvild"]))
    for value in (*WORDS, *map(str, IDS)):
        fields = ("language", "theme", "organisation", "person", "next")
        knocks.post(reverse(name), dict.fromkeys(fields, value))
    assert not knocks.wrong, knocks.said()


def test_a_seat_bears_every_form(client, cast):
    dialogue = make_dialogue(cast, "rating")
    token, area = seat_token(dialogue, "staff"), dialogue.areas.first()
    knocks = Knocks(client)
    urls = [
        reverse("rate:door", args=[door_token(dialogue)]),
        reverse("rate:seat", args=[token]),
        reverse("rate:withdraw", args=[token]),
        reverse("rate:area", args=[token, area.pk]),
    ]
    for url in urls:
        answer = knocks.get(url, {"area": "a\0b"})
        form = (answer.context or {}).get("form") if answer.status_code == 200 else None
        for said, body in bodies(form) if hasattr(form, "fields") else ():
            knocks.post(url, body, said=said)
        for value in WORDS:
            knocks.post(url, dict.fromkeys(("group", "level", "name"), value))
    assert not knocks.wrong, knocks.said()
