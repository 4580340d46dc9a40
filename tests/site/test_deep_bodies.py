"""A body of the API that is nested a million deep, or a number without end, is a 400."""

from __future__ import annotations

import pytest

from samsyn.access.services import token_create


@pytest.mark.parametrize(
    "body",
    ["[" * 1_000_000, '{"a":' * 150_000, '{"title": ' + "9" * 1_000_000 + "}", '"' + "\\u0000" * 9],
    ids=["lists", "mappings", "digits", "open"],
)
def test_it_is_refused_and_nothing_falls(cast, client, body):
    secret = token_create(actor=cast.ingvild, person=cast.people["ingvild"], name="x").secret
    answer = client.post(
        "/api/actions",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 400
