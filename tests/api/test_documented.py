"""What docs/api.md tells whoever integrates is so: its calls are made as they stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from samsyn.kernel import errors
from tests.api.programs import Program
from tests.cast import make_action, make_finding

PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text()
CALLS = [block.strip() for block in re.findall(r"```sh\n(curl .*?)```", PAGE, re.DOTALL)]
SWITCHES = {"-H": "headers", "-F": "fields", "-X": "method", "-d": "body"}


def read(command):
    """Return what a command line of curl sends: its switches, and the address."""
    said = {"headers": [], "fields": [], "method": ["GET"], "body": []}
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    for word in words:
        if word in SWITCHES:
            said[SWITCHES[word]].append(next(words))
        else:
            said["url"] = word
    return said


@pytest.mark.django_db
@pytest.mark.parametrize("command", CALLS, ids=lambda text: re.search(r"/api/\w+", text)[0])
def test_a_call_on_the_page_is_answered(cast, home, command):
    action = make_action(cast.fjellvik)
    make_finding(cast.fjellvik)
    known = command.replace("$TOKEN", Program(cast, "ingvild").secret).replace("$SAMSYN", "")
    known = known.replace("/actions/1", f"/actions/{action.pk}")
    known = re.sub(r"organisation_id(=|\": )1", rf"organisation_id\g<1>{cast.fjellvik.pk}", known)
    said = read(known)
    headers = dict(each.split(": ", 1) for each in said["headers"])
    kind = headers.pop("Content-Type", None)
    send = getattr(Client(), said["method"][-1].lower())
    given = {}
    if said["fields"]:
        given["data"] = {
            name: SimpleUploadedFile(value[1:], b"%PDF-1.7 minutes") if value[0] == "@" else value
            for name, value in (each.split("=", 1) for each in said["fields"])
        }
    elif said["body"]:
        given = {"data": said["body"][0], "content_type": kind}
    answer = send(said["url"], headers=headers, **given)
    assert answer.status_code == 200, answer.content


def test_there_are_calls_of_every_kind():
    assert {read(each)["method"][-1] for each in CALLS} == {"GET", "POST", "PATCH"}


def test_every_refusal_of_ours_stands_in_the_table():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    ours = {k.http_status for k in kinds if issubclass(k, errors.SamsynError)} - {500, 410}
    assert {str(status) for status in ours} <= set(re.findall(r"\b[45]\d\d\b", PAGE))


def test_the_usual_limit_is_the_one_that_it_names():
    from samsyn.settings.environment import API_CALLS

    assert f"{API_CALLS.default} calls a minute" in PAGE
    assert settings.API_CALLS
