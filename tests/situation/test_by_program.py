"""Situation pictures are built, written and published by program."""

from __future__ import annotations

import pytest

from samsyn.situation.models import Edition
from tests.api.programs import Program

pytestmark = pytest.mark.django_db


def test_a_picture_is_built_written_and_published(cast, home):
    astrid = Program(cast, "astrid")
    built = astrid.post("/api/editions/build", {"period": "2026-02"}).json()
    assert built["built"] == 6
    edition = Edition.unscoped.filter(organisation=cast.fjellvik).first()
    url = f"/api/editions/{edition.pk}"
    given = {"words": "Færre enn i januar.", "language": "nb"}
    answer = astrid.post(f"{url}/words", given, If_Match='"1"')
    assert answer.json()["words"] == {"nb": "Færre enn i januar."}
    assert astrid.post(f"{url}/words", given, If_Match='"1"').status_code == 412
    assert astrid.post(f"{url}/publish", If_Match=answer["ETag"]).json()["state"] == "published"
    assert astrid.post(f"{url}/words", {**given, "version": 3}).status_code == 422


def test_a_period_is_a_period_and_a_member_builds_none(cast):
    astrid, ingvild = Program(cast, "astrid"), Program(cast, "ingvild")
    assert astrid.post("/api/editions/build", {"period": "2026-13"}).status_code == 422
    assert ingvild.post("/api/editions/build", {"period": "2026-02"}).status_code == 404
