"""A last line break does not pass where the pattern of a field has no line breaks."""

from __future__ import annotations

import pytest

from samsyn.organisations.models import Contact
from tests.api.programs import Program

pytestmark = pytest.mark.django_db


def test_a_phone_with_a_line_break_is_refused(cast):
    given = {
        "organisation_id": cast.fjellvik.pk,
        "email": "q@fjellvik.example",
        "purpose": "technical",
        "phone": "123\n",
    }
    answer = Program(cast, "ingvild").post("/api/contacts", given)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "phone"
    assert not Contact.unscoped.filter(email="q@fjellvik.example").exists()
