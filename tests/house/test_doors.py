"""Laws on doors: every page and API path as every person, and as a stranger."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from samsyn.access.services import membership_grant, token_create
from samsyn.findings.selectors import episodes
from samsyn.organisations.models import Agreement, Assignment, Contact
from samsyn.organisations.selectors import assignment_list
from samsyn.situation.measures import freeze
from tests.annual_wheel.builders import make_feed, make_mark, make_occurrence
from tests.benchmark.builders import make_round
from tests.cast import (
    PEOPLE,
    make_action,
    make_batch,
    make_decision,
    make_document,
    make_edition,
    make_finding,
)
from tests.house.laws import addresses
from tests.indicators.builders import make_indicator, make_measurement
from tests.maturity.builders import make_dialogue, propose
from tests.reporting.builders import make_meeting, make_proposal, make_question, make_target
from tests.suppliers.builders import make_supplier

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
BODIES = {  # where the same word means something else
    "/api/indicators/{pk}/measurements": {"on": "2026-03-02", "value": 1},
    "/api/agreements": {"service": "ciso"},
    "/api/actions/{pk}/note": {"note": "x"},
    "/api/suppliers": {"name": "x"},
    "/api/assignments": {"service": "csirt", "person_id": 1},
    "/api/organisations": {"name": "x", "kind": "municipality"},
    "/api/organisations/{pk}/arrange": {"kind": "municipality"},
    "/api/contacts": {"purpose": "technical", "email": "x@x.example"},
    "/api/roles": {"email": "x@x.example", "name": "X", "role": "employee"},
    "/api/wheel/begin": {"keys": ["x"]},
    "/api/wheel/activities": {"frequency": "yearly"},
    "/api/wheel/marks": {"kind": "budget", "from_month": 1, "to_month": 2},
    "/api/documents/{pk}": {"kind": "other"},
    "/api/documents/{pk}/attach": {"evidence_of": "actions.Action-1"},
    "/api/documents/{pk}/detach": {"evidence_of": "actions.Action-1"},
    "/api/dialogues": {"held_on": "2026-03-02"},
    "/api/dialogues/{pk}/move": {"step": "closed"},
    "/api/dialogues/{pk}/invite": {"people": "x@x.example", "group": "staff"},
    "/api/dialogues/{pk}/targets": {"targets": {}},
    "/api/dialogues/{pk}/timer": {"minutes": 5},
    "/api/dialogues/{pk}/areas": {"name": "x"},
    "/api/dialogue-areas/{pk}/agree": {"agreed": 2, "reasons": "x"},
    "/api/dialogue-areas/{pk}/proposals": {"what": "x", "horizon": "near"},
    "/api/dialogue-proposals/{pk}": {"what": "x", "horizon": "near"},
    "/api/indicators": {"name": "x", "unit": "percent", "direction": "up"},
    "/api/indicators/begin": {"keys": ["x"]},
    "/api/measurements/{pk}/correct": {"value": 1, "note": "x"},
    "/api/management/{pk}/words": {"area": "x"},
    "/api/meetings": {"held_on": "2026-03-02"},
    "/api/agenda-items/{pk}/minutes": {"minutes": "x"},
    "/api/proposals/{pk}/withdraw": {"reason": "x"},
    "/api/questions/{pk}/answer": {"answer": "x"},
    "/api/target-pictures": {"until_year": 2030},
    "/api/editions/build": {"period": "2026-02"},
    "/api/editions/{pk}/words": {"words": "x", "language": "nb"},
}


def made(cast, room):
    """Return something of Fjellvik's, or of the operator's, for each kind of address."""
    makers = {
        "organisations": lambda: cast.fjellvik,
        "organisations:contact-remove": lambda: Contact.unscoped.get(organisation=cast.fjellvik),
        "organisations:membership-end": lambda: membership(cast),
        "organisations:agreement-accept": lambda: offer(cast),
        "organisations:agreement-withdraw": lambda: offer(cast),
        "organisations:agreement-end": lambda: offer(cast),
        "organisations:offer-take-back": lambda: offer(cast),
        "organisations:assignment-add": lambda: cast.samvakt,
        "organisations:assignment-end": lambda: assignment(cast),
        "assignments": lambda: assignment(cast),
        "assets": lambda: cast_resource(cast),
        "findings": lambda: make_finding(cast.fjellvik),
        "findings:tell-preview": lambda: make_finding(cast.fjellvik).organisation,
        "findings:tell-preview-body": lambda: make_finding(cast.fjellvik).organisation,
        "situation": lambda: edition(cast),
        "actions": lambda: make_action(cast.fjellvik),
        "decisions": lambda: make_decision(cast.fjellvik),
        "documents": lambda: make_document(cast.fjellvik),
        "documents:download": lambda: make_document(cast.fjellvik).latest,
        "documents:detach": lambda: attached(cast),
        "cockpit": lambda: cast.fjellvik,
        "monitoring": lambda: make_batch(cast.samvakt),
        "site:token-end": lambda: token(cast),
        "site:role-end": lambda: membership(cast),
        "site:role-accept": lambda: role_offer(cast, "jonas", cast.elvdal, cast.sigrid),
        "site:role-decline": lambda: role_offer(cast, "jonas", cast.elvdal, cast.sigrid),
        "organisations:role-take-back": lambda: role_offer(
            cast, "albin", cast.fjellvik, cast.ingvild
        ),
        "messages": lambda: message(cast),
        "wheel": lambda: make_occurrence(cast),
        "wheel:activity": lambda: make_occurrence(cast).activity,
        "wheel:change": lambda: make_occurrence(cast).activity,
        "wheel:stop": lambda: make_occurrence(cast).activity,
        "wheel:resume": lambda: make_occurrence(cast).activity,
        "wheel:begin": lambda: cast.fjellvik,
        "wheel:usual": lambda: cast.fjellvik,
        "wheel:mark-add": lambda: cast.fjellvik,
        "wheel:mark-remove": lambda: make_mark(cast),
        "wheel:feed-end": lambda: make_feed(cast),
        "benchmark": lambda: cast.fjellvik,
        "benchmark:close": lambda: make_round(cast),
        "indicators": lambda: make_indicator(cast),
        "indicators:begin": lambda: cast.fjellvik,
        "indicators:usual": lambda: cast.fjellvik,
        "indicators:measurement": lambda: make_measurement(cast),
        "indicators:correct": lambda: make_measurement(cast),
        "suppliers": lambda: make_supplier(cast),
        "maturity": lambda: dialogue(cast),
        "management": lambda: cast.fjellvik,
        "management:target-decide": lambda: make_target(cast),
        "management:answer": lambda: make_question(cast),
        "management:proposal": lambda: make_proposal(cast),
        "management:proposal-change": lambda: make_proposal(cast),
        "management:decide": lambda: make_proposal(cast),
        "management:withdraw": lambda: make_proposal(cast),
        "management:meeting": lambda: make_meeting(cast),
        "management:meeting-change": lambda: make_meeting(cast),
        "management:point-add": lambda: make_meeting(cast),
        "management:freeze": lambda: make_meeting(cast),
        "management:pack": lambda: make_meeting(cast),
        "management:slides": lambda: make_meeting(cast),
        "management:pdf": lambda: make_meeting(cast),
        "management:minutes": lambda: point(cast),
        "maturity:area-remove": lambda: area(cast),
        "maturity:area-show": lambda: area(cast),
        "maturity:area-reveal": lambda: area(cast),
        "maturity:area-agree": lambda: area(cast),
        "maturity:proposal-add": lambda: area(cast),
        "maturity:proposal": lambda: propose(cast, dialogue(cast)),
        "maturity:proposal-decline": lambda: propose(cast, dialogue(cast)),
    }
    return makers.get(room) or makers.get(room.split(":")[0])


def membership(cast):
    from samsyn.access.models import Membership

    return Membership.unscoped.get(person=cast.people["jonas"])


def role_offer(cast, name, organisation, actor):
    return membership_grant(
        actor=actor, organisation=organisation, email=cast.people[name].email,
        name="Typed Name", role="employee",
    )  # fmt: skip


def offer(cast):
    return Agreement.unscoped.create(
        organisation=cast.fjellvik,
        operator=cast.samvakt,
        service="ciso",
        valid_from="2026-01-01",
        accepted_on=None,
    )


def assignment(cast):
    return Assignment.unscoped.get(person=cast.people["astrid"])


def attached(cast):
    return make_document(cast.fjellvik, thing=make_action(cast.fjellvik)).links.get()


def cast_resource(cast):
    from samsyn.assets.models import Resource

    return Resource.unscoped.filter(organisation=cast.fjellvik, operated_by=None).first()


def edition(cast):
    made = make_edition(cast.fjellvik, state="published")
    nothing = f"(select * from {episodes(actor=cast.job)} where false)"
    freeze(nothing, members=[], period=made.period, path=made.frozen_path)
    return made


def token(cast):
    return token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="test")


def area(cast):
    return dialogue(cast).areas.first()


def dialogue(cast):
    return make_dialogue(cast, "meeting")


def point(cast):
    return make_meeting(cast).items.first()


def message(cast):
    from tests.messages.builders import make_message

    return make_message(organisation=cast.fjellvik, operator=cast.samvakt)


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
    maker = made(cast, name)
    assert maker, f"say in made() what {name} is about"
    url = url_of(name, maker())
    for stranger in STRANGERS:
        known = dict.fromkeys(OWN_OF_THE_OPERATOR, ("albin",))
        known_to = known.get(name) or known.get(name.split(":")[0], ())
        if stranger in known_to:
            continue
        assert client.be(cast.people[stranger]).get(url).status_code == 404, stranger


@pytest.mark.parametrize("name", list(pages(with_subject=True)))
def test_no_page_about_a_thing_breaks_for_anybody(client, cast, name):
    url = url_of(name, made(cast, name)())
    answers = {who: client.be(cast.people[who]).get(url).status_code for who in PEOPLE}
    assert set(answers.values()) <= {200, 302, 403, 404}, answers
    assert {200, 302} & set(answers.values()), f"nobody may see it: {answers}"


@pytest.mark.parametrize("name", list(pages(with_subject=False)))
def test_no_other_page_breaks_for_anybody(client, cast, name):
    url = reverse(name)
    answers = {who: client.be(cast.people[who]).get(url).status_code for who in PEOPLE}
    assert set(answers.values()) <= {200, 302, 403, 404}, answers
    assert {200, 302} & set(answers.values()), f"nobody may see it: {answers}"


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


ROOMS_OF_API = {
    "dialogues": "maturity",
    "meetings": "management:meeting",
    "proposals": "management:proposal",
    "activities": "wheel",
    "resources": "assets",
    "editions": "situation",
    "observations": "monitoring",
    "agreements": "organisations:agreement-accept",
    "contacts": "organisations:contact-remove",
    "roles": "organisations:membership-end",
    "role-offers": "organisations:role-take-back",
    "wheel/activities": "wheel:activity",
    "wheel/marks": "wheel:mark-remove",
    "dialogue-areas": "maturity:area-show",
    "dialogue-proposals": "maturity:proposal",
    "measurements": "indicators:correct",
    "benchmark/rounds": "benchmark:close",
    "agenda-items": "management:minutes",
    "questions": "management:answer",
    "target-pictures": "management:target-decide",
}


def made_for(cast, path):
    """Return a thing of the kind that an address of the API is about."""
    room, place = path.split("/")[2], "/".join(path.split("/")[2:4])
    return made(cast, ROOMS_OF_API.get(place) or ROOMS_OF_API.get(room, room))()


def api_paths():
    from samsyn.api.router import api

    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            yield path, method


def body_for(cast, path, method):
    """Return what is sent to change something: as much of it as the address knows."""
    given = {**ANY_BODY, **BODIES.get(path, {}), "organisation_id": cast.fjellvik.pk}
    return {name: given[name] for name in fields_of(path, method) if name in given}


def fields_of(path, method):
    """Return the names of what the body of an operation may hold."""
    from samsyn.api.router import api

    schema = api.get_openapi_schema()
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
        assert answer.status_code == 404, answer.content
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
