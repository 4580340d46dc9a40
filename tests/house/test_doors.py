"""Laws on doors: every page and API path as every person, and as a stranger."""

from __future__ import annotations

import re
from functools import cache

import pytest
from django.urls import reverse

from samsyn.access.models import Person
from samsyn.access.services import token_create
from samsyn.organisations.models import Agreement
from samsyn.organisations.selectors import assignment_list
from tests.cast import (
    PEOPLE,
    make_finding,
)
from tests.house.laws import addresses
from tests.house.parts import lacking, lacking_once, named
from tests.house.plain import PageWords

NOT_OURS = ("account_", "mfa_", "socialaccount_", "openid_connect_", "headless", "usersessions_")
NEVER_FOR = {  # pages that have no person, or whose makers test them on their own
    "answer:letter": "opened by a signature, see tests/findings/test_answer_link.py",
    "answer:finding": "opened by a signature",
    "answer:thanks": "opened by a signature",
    "wheel:feed": "opened by its secret address, see tests/annual_wheel/test_feed.py",
    "rate:door": "opened by a signature, see tests/maturity/test_pages.py",
    "rate:seat": "opened by a signature",
    "rate:area": "opened by a signature",
    "rate:withdraw": "opened by a signature",
    "ui:gallery": "shown in the demonstration only",
    "ui:gallery-list": "shown in the demonstration only",
    "ui:gallery-form": "shown in the demonstration only",
    "site:healthz": "for a supervisor, says nothing",
    "site:choose-person": "for the demonstration only",
}
ONLY_POST = {"site:language", "site:theme", "site:switch"}
STRANGERS = ("sigrid", "albin")
READERS = ("astrid", "ingvild", "henrik", "liv", "jonas")
SHOWN = 200
OWN_OF_THE_OPERATOR = (
    "monitoring",
    "benchmark:close",
    "organisations:agreement-accept",
    "organisations:agreement-withdraw",
    "organisations:agreement-end",
    "organisations:offer-take-back",
    "organisations:assignment-add",
)
AS_FORM = {  # a file does not fit into JSON
    "/api/documents",
    "/api/documents/{pk}/versions",
    "/api/resources/import",
    "/api/observations/import",
}
ONLY_FOR_SOME = {"/api/resources/import", "/api/observations/import"}  # about nothing of anybody's
ANY_BODY = {
    "due_on": "2030-01-01",  # what a stranger sends, so well formed that only the scope can stop it
    "note": "",
    "answer": "fixed",
    "kind": "domain",
    "value": "x.example",
    "title": "x",
    "text": "x",
    "outcome": "approved",
    "decided_on": "2026-03-02",
    "decided_by": "x",
    "step": "start",
    "version": 1,
    "ground_kind": "registry",
    "ground": "x",
}


def made(cast, room):
    """Return what makes something of Fjellvik's, or of the operator's, for a kind of address."""
    makers = named("made")
    maker = makers.get(room) or makers.get(room.split(":")[0])
    assert maker, lacking_once(
        "made", room.split(":")[0], f"No room says what the page or address {room} is about."
    )
    return lambda: maker(cast)


def pages(*, with_subject):
    for name, path in addresses():
        if name.startswith((*NOT_OURS, "api")) or name in NEVER_FOR or name in ONLY_POST:
            continue
        if ("<int:pk>" in path) == with_subject:
            yield name


def url_of(name, subject):
    path = dict(addresses())[name]
    others = {"figure": "open"} if "<slug:figure>" in path else {}
    return reverse(name, kwargs={"pk": subject.pk, **others})


def test_no_exemption_is_stale():
    assert set(NEVER_FOR) | ONLY_POST <= {name for name, _path in addresses()}


@pytest.mark.parametrize("name", list(pages(with_subject=True)))
def test_a_strangers_page_looks_as_if_it_did_not_exist(client, cast, name):
    url = url_of(name, made(cast, name)())
    for stranger in STRANGERS:
        known = dict.fromkeys(OWN_OF_THE_OPERATOR, ("albin",))
        known_to = known.get(name) or known.get(name.split(":")[0], ())
        if stranger in known_to:
            continue
        assert client.be(cast.people[stranger]).get(url).status_code == 404, stranger


def opens_for_everybody(client, cast, url):
    """Open a page as each person, in Swedish, and as its readers in Norwegian, too.

    One visit serves two laws: that nothing breaks and somebody is let in; and, once, that nothing
    on the page is raw or in English.
    """
    words = PageWords()
    words.renew()
    answers = {who: spoken_to(client, cast, who, "sv", url) for who in PEOPLE}
    codes = {who: answer.status_code for who, answer in answers.items()}
    assert set(codes.values()) <= {200, 302, 403, 404}, codes
    assert {200, 302} & set(codes.values()), f"nobody may see it: {codes}"
    for who in READERS if words.is_asked else ():
        words.read(answers[who], url, "sv")
        if codes[who] == SHOWN:
            words.read(spoken_to(client, cast, who, "nb", url), url, "nb")
    assert words.found == {}, "shown raw or in English"


def spoken_to(client, cast, who, language, url):
    """Return what a person who speaks a language is answered."""
    Person.objects.filter(pk=cast.people[who].pk).update(language=language)
    return client.be(cast.people[who]).get(url)


@pytest.mark.parametrize("name", list(pages(with_subject=True)))
def test_a_page_about_a_thing_opens_and_says_nothing_raw_or_in_english(client, cast, home, name):
    opens_for_everybody(client, cast, url_of(name, made(cast, name)()))


@pytest.mark.parametrize("name", list(pages(with_subject=False)))
def test_any_other_page_opens_and_says_nothing_raw_or_in_english(client, cast, home, name):
    opens_for_everybody(client, cast, reverse(name))


@pytest.mark.once
@pytest.mark.parametrize("language", ["sv", "nb"])
@pytest.mark.parametrize(("url", "status"), [("/findings/1/", 404), ("/outbox/", 403)])
def test_a_page_that_is_closed_says_nothing_raw_or_in_english(client, cast, language, url, status):
    words = PageWords()
    answer = spoken_to(client, cast, "egil", language, url)
    assert answer.status_code == status
    words.read(answer, url, language)
    assert words.found == {}


@pytest.mark.once
@pytest.mark.parametrize(
    "name",
    [*pages(with_subject=False), *pages(with_subject=True), *sorted(ONLY_POST - {"site:language"})],
)
def test_who_is_not_signed_in_is_sent_to_the_sign_in(client, cast, name):
    path = dict(addresses())[name]
    url = "/" + re.sub(r"<slug:\w+>", "open", path.replace("<int:pk>", "1"))
    answer = client.get(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.once
@pytest.mark.parametrize("name", list(pages(with_subject=False)))
def test_every_page_speaks_three_languages(client, cast, name):
    person = cast.people["astrid"]
    for language in ("sv", "nb", "en"):
        person.language = language
        person.save()
        answer = client.be(person).get(reverse(name))
        assert answer.status_code in {200, 302, 403, 404}
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            assert f'<html lang="{language}"' in answer.content.decode()


def made_for(cast, path):
    """Return a thing of the kind that an address of the API is about."""
    room, place = path.split("/")[2], "/".join(path.split("/")[2:4])
    known = named("api")
    return made(cast, known.get(place) or known.get(room, room))()


@cache
def described():
    """Return the description of the API, which takes a while to make."""
    from samsyn.api.router import api

    return api.get_openapi_schema()


def api_paths():
    for path, methods in described()["paths"].items():
        for method in methods:
            yield path, method


def body_for(cast, path, method):
    """Return what is sent to change something: as much of it as the address knows."""
    given = {**ANY_BODY, **named("bodies").get(path, {}), "organisation_id": cast.fjellvik.pk}
    return {name: given[name] for name in fields_of(path, method) if name in given}


def fields_of(path, method):
    schema = described()
    names = []
    for kind in schema["paths"][path][method].get("requestBody", {}).get("content", {}).values():
        found = kind["schema"]
        if "$ref" in found:
            found = schema["components"]["schemas"][found["$ref"].rsplit("/", 1)[1]]
        names += found.get("properties", {})
    return names


@pytest.mark.parametrize(("path", "method"), list(api_paths()))
def test_the_api_shows_a_stranger_nothing(client, cast, path, method):
    about = "{pk}" in path
    subject = made_for(cast, path) if about else None
    url = path.replace("{pk}", str(subject.pk)) if about else path
    assert getattr(client, method)(url, content_type="application/json").status_code == 401
    secret = token_create(actor=cast.sigrid, person=cast.people["sigrid"], name="x").secret
    is_change = method in {"post", "patch"}
    form = {} if path in AS_FORM and is_change else {"content_type": "application/json"}
    given = body_for(cast, path, method) if is_change else None
    headers = {"Authorization": f"Bearer {secret}"}
    answer = getattr(client, method)(url, given, headers=headers, **form)
    if path in ONLY_FOR_SOME:
        assert answer.status_code == 403
    elif about or is_change:
        assert answer.status_code == 404, lacking(
            "bodies",
            path,
            f"{method} {path} must answer 404 to a stranger. It answered {answer.status_code} to "
            f"{given}: {answer.content.decode()[:300]}\nIf what was sent is not well formed:",
        )
    else:
        assert answer.status_code == 200
        assert "Fjellvik" not in answer.content.decode()


def test_an_operator_loses_sight_when_nobody_is_assigned(client, cast):
    finding = make_finding(cast.fjellvik)
    assert client.be(cast.people["astrid"]).get(finding.get_absolute_url()).status_code == 200
    assignment_list(actor=cast.job).filter(person=cast.people["astrid"]).update(
        ended_on="2026-01-01"
    )
    assert client.be(cast.people["astrid"]).get(finding.get_absolute_url()).status_code == 404
    assert Agreement.in_force().exists()
