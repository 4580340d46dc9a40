"""The law on what programs send: every operation answers in the API's own form."""

from __future__ import annotations

import json
import logging
from urllib.parse import urlencode

import pytest

from samsyn.access.services import token_create
from samsyn.api import router
from samsyn.api.members import as_sent
from tests.house.hostile import IDS, Knocks
from tests.house.test_doors import AS_FORM, body_for, described, fields_of, made_for

SCHEMA = described()
OPERATIONS = [(path, method) for path, all_ in SCHEMA["paths"].items() for method in all_]
DEEP = "[" * 100_000 + "]" * 100_000
BROKEN = (
    "", "null", "1", "[]", '"x"', "{", "\xff", DEEP, '{"x":' * 50 + "1" + "}" * 50,
    '{"note": NaN}', '{"note": Infinity}', '{"x": 1e999}', '{"a": "\\ud800"}', '{"\\u0000": 1}',
    '{"a": "\\u0000"}',
)  # fmt: skip
HOSTILE = (
    None, True, [], {}, -1, 2**63, 1e308, "a\0b", "\ud800", "x" * 5000, "1" + "0" * 30,
    "findings.Finding-" + "9" * 18, "0001-01-01", "9999-12-31", ["a\0b"], ["x"] * 1000,
)  # fmt: skip
ASKED = (
    "", "a\0b", "x" * 5000, "\U0001f98a\u202e", "-1", "1" + "0" * 30, "1e999", "NaN", "٣",
    "2026-02-30", "0001-01-01", "9999-12-31", "9999-Q4", "p" + "9" * 30,
)  # fmt: skip


@pytest.fixture(autouse=True)
def quiet():
    """Keep a thousand refusals out of the log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Programs(Knocks):
    """Sends what programs send; a refusal must be in the API's own form."""

    def judged(self, method, url, **more):
        answer = super().judged(method, url, **more)
        is_refusal = answer.status_code >= 400
        if is_refusal and answer["Content-Type"] != "application/problem+json":
            self.note(answer, f"not in the API's form: {method} {url[:120]} {str(more)[:200]}")
        if is_refusal and answer["Content-Type"] == "application/problem+json":
            assert set(answer.json()) == {"title", "status", "detail", "errors"}
        return answer

    def names(self, answer, known, what):
        """Note a refusal of what was sent that names nothing which may be sent there."""
        if answer.status_code != 422:
            return
        named = {error["field"].partition(".")[0] for error in answer.json()["errors"]}
        if not named <= known:
            self.note(answer, f"names {named - known}: {str(what)[:100]}")


@pytest.fixture
def not_sent(monkeypatch):
    """Note what refusals are about that the program cannot have sent."""
    found = set()

    def as_sent_noted(field, told, request):
        name = as_sent(field, told, request)
        if field and not name:
            found.add(field)
        return name

    monkeypatch.setattr(router, "as_sent", as_sent_noted)
    return found


@pytest.fixture
def ask(client, cast, home):
    """Return a way to send to an operation, and what is judged."""
    programs = Programs(client)
    secret = token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="x").secret
    head = {"Authorization": f"Bearer {secret}"}

    def send(path, method, query="", body=None):
        is_form = path in AS_FORM and method != "get"
        kind = {} if is_form else {"content_type": "application/json"}
        given = {} if body is None else {"data": body}
        url = f"{path}?{query}" if query else path
        return programs.judged(method.upper(), url, headers=head, **given, **kind)

    return send, programs


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_an_operation_bears_everything_and_names_what_is_wrong(cast, ask, not_sent, path, method):
    send, programs = ask
    operation = SCHEMA["paths"][path][method]
    url = path.replace("{pk}", str(made_for(cast, path).pk)) if "{pk}" in path else path
    for name in [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]:
        for value in ASKED:
            programs.names(send(url, method, urlencode({name: value})), {name}, value)
    if "{pk}" in path:
        for value in (*IDS, "x", "-1", "a%00b", "1e3"):
            body = None if method == "get" else "{}"
            answer = send(path.replace("{pk}", str(value)), method, body=body)
            assert answer.status_code in {404, 415, 422}, value
    if method in {"post", "patch"} and path not in AS_FORM:
        good = body_for(cast, path, method)
        for body in BROKEN:
            send(url, method, body=body)
        members = set(fields_of(path, method))
        for name in members:
            for value in HOSTILE:
                answer = send(url, method, body=json.dumps({**good, name: value}))
                programs.names(answer, members, f"{name}: {value}")
    assert not not_sent, f"say in ALSO in api/members.py what it is sent as: {not_sent}"
    assert not programs.wrong, programs.said()


def whole_numbers(schema, where):
    """Yield where in a schema a whole number has no bounds."""
    if isinstance(schema, dict):
        if schema.get("type") == "integer" and "maximum" not in schema:
            yield where
        for key, value in schema.items():
            yield from whole_numbers(value, f"{where}.{key}")
    elif isinstance(schema, list):
        for value in schema:
            yield from whole_numbers(value, where)


@pytest.mark.once
def test_every_number_that_programs_send_is_bounded():
    operations = [SCHEMA["paths"][path][method] for path, method in OPERATIONS]
    parameters = [known for each in operations for known in each.get("parameters", [])]
    assert list(whole_numbers(parameters, "parameters")) == []
    known, names = SCHEMA["components"]["schemas"], sent()
    bodies = {name: known[name] for name in names}
    assert list(whole_numbers(bodies, "bodies")) == []


def sent():
    """Return the names of the schemas of bodies."""
    said = [SCHEMA["paths"][path][method].get("requestBody", {}) for path, method in OPERATIONS]
    text = json.dumps(said)
    return {name for name in SCHEMA["components"]["schemas"] if f'/{name}"' in text}
