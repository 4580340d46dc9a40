"""The law on hostile input: whatever is sent to a page, it answers as it was meant to."""

from __future__ import annotations

import logging
from itertools import groupby

import pytest
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.urls import reverse

from samsyn.access.models import Person
from samsyn.analytics.version_cache import clear_cache
from tests.cast import PEOPLE
from tests.house.hostile import (
    BOOSTED,
    PART,
    Knocks,
    acts_of,
    bodies,
    columns_of,
    example,
    queries,
    read_by,
)
from tests.house.laws import addresses
from tests.house.plain import PageWords
from tests.house.test_doors import made, pages, url_of

PATHS = dict(addresses())
ROOMS = {
    room: list(names)
    for room, names in groupby(
        sorted([*pages(with_subject=False), *pages(with_subject=True)]),
        key=lambda name: name.split(":")[0],
    )
}
MINE = {name for names in ROOMS.values() for name in names}
SHOWN = {name: columns_of(example(path)) for name, path in PATHS.items() if name in MINE}
LISTS = {name for name in MINE if acts_of(example(PATHS[name]))}
FIRST = ("ingvild", "astrid", "henrik", *PEOPLE)


@pytest.fixture(autouse=True)
def quiet():
    """Keep a thousand refusals out of the log; what broke is said by the law itself."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def opened(client, cast, home):
    """Yield (address, knocks, answer) for each page of a room, opened by one who may."""

    def of(room):
        for name in ROOMS[room]:
            with transaction.atomic():
                subject = made(cast, name)() if "<int:pk>" in PATHS[name] else None
                url = url_of(name, subject) if subject else reverse(name)
                yield url, who_may(client, cast, url)
                transaction.set_rollback(True)
            clear_cache()

    return of


def who_may(client, cast, url):
    """Sign in the first person who may see a page, and return what is shown."""
    for who in FIRST:
        answer = client.be(cast.people[who]).get(url)
        if answer.status_code == 200:
            break
    return answer


IN_BOTH = 6  # of the bodies of a form: nothing, all good, and everything hostile
LANGUAGES = ("sv", "nb")
REFUSED = frozenset({200, 400, 422})  # allauth answers a refused form with 200


def spoken_in(number):
    """Return in which languages a body is sent.

    A refusal in one language is one in the other: that every text has both is asked of the
    catalogues (test_messages, test_plain_answers). So each field's bodies take turns.
    """
    if connection.vendor != "sqlite":
        return LANGUAGES[:1]  # what is said does not depend on the database: read with SQLite
    return LANGUAGES if number < IN_BOTH else LANGUAGES[number % 2 : number % 2 + 1]


def in_turn(bodies):
    """Yield (headers, language, said, body) for each time that a body is sent; let people speak."""
    for number, (said, body) in enumerate(bodies):
        for language in spoken_in(number):
            Person.objects.update(language=language)
            yield PART if number % 3 == 2 else None, language, said, body


@pytest.mark.parametrize("room", ROOMS)
def test_no_query_breaks_a_page(client, opened, room):
    knocks = Knocks(client)
    for url, _answer in opened(room):
        for number, query in enumerate(queries(url, read_by(client, url))):
            headers = ({}, PART, {}, PART, BOOSTED)[number % 5]
            knocks.get(url, query, headers=headers)
        knocks.get(url, headers=PART)
    assert not knocks.wrong, knocks.said()


@pytest.mark.parametrize("room", ROOMS)
def test_no_form_breaks_a_page_and_no_refusal_is_raw_or_english(client, opened, room):
    knocks, words = Knocks(client), PageWords()
    for url, answer in opened(room):
        form = (answer.context or {}).get("form") if answer.status_code == 200 else None
        words.renew()
        is_form = hasattr(form, "fields")
        sent = bodies(form) if is_form else [("nothing", {}), ("nul", {"x": "a\0b"})]
        for headers, language, said, body in in_turn(sent):
            given = knocks.post(url, body, said=said, headers=headers)
            if given.status_code in REFUSED:
                words.read(given, url, language)
    assert not knocks.wrong, knocks.said()
    assert words.found == {}, "shown as an answer to a form, raw or in English"


CHOSEN = ([], ["0"], ["1" + "0" * 30], ["²"], ["a\0b"], ["-1"], [str(n) for n in range(600)])


@pytest.mark.parametrize("name", [n for n in PATHS if n in LISTS])
def test_acts_on_strange_rows_are_refused_and_say_so(client, cast, home, name):
    url = url_of(name, made(cast, name)()) if "<int:pk>" in PATHS[name] else reverse(name)
    who_may(client, cast, url)
    knocks = Knocks(client)
    acts = [act.name for act in acts_of(url)]
    for act in (*acts, "view_delete", "view_save", "columns", "no-such", ""):
        for chosen in CHOSEN:
            more = {"chosen": chosen, "view": chosen[:1], "column": chosen, "name": chosen[:1]}
            answer = knocks.post(url, {"act": act, **more})
            if act in acts and len(chosen) < 2:
                assert "Choose at least one row first." in told(answer), (act, chosen)
    assert not knocks.wrong, knocks.said()


def told(answer):
    """Return what is said to the person on the next page."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(name for name in SHOWN if SHOWN[name]))
def test_every_list_is_sorted_and_narrowed_as_a_part(client, cast, home, name):
    url = url_of(name, made(cast, name)()) if "<int:pk>" in PATHS[name] else reverse(name)
    who_may(client, cast, url)
    for query in ("", "order=-no-such", *(f"order={column}" for column in SHOWN[name][:2])):
        part = client.get(f"{url}?{query}", headers=PART).content.decode()
        assert part.count('id="list"') == 1
        assert "<html" not in part
    whole = client.get(url, headers=BOOSTED).content.decode()
    assert "<html" in whole


@pytest.mark.once
def test_a_page_without_parts_replaces_the_whole_page(client, cast):
    answer = client.be(cast.people["astrid"]).get("/desk/", headers=PART)
    assert "<html" in answer.content.decode()
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("body", "innerHTML")
