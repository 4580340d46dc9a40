"""The security centre's telephone: whose it is, when it is answered, and how that is said."""

from __future__ import annotations

from datetime import time

import pytest
from django.urls import reverse
from django.utils import translation

from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Organisation
from samsyn.organisations.phones import phone_text
from samsyn.organisations.services import organisation_change

pytestmark = pytest.mark.django_db
GIVEN = {
    "phone": "+47 22 33 44 55",
    "phone_days": "weekdays",
    "phone_from": time(8),
    "phone_until": time(16, 30),
}


@pytest.mark.parametrize(
    ("language", "changes", "said"),
    [
        ("en", {}, "+47 22 33 44 55, weekdays 08:00–16:30"),
        ("sv", {}, "+47 22 33 44 55, vardagar 08:00–16:30"),
        ("nb", {"phone_days": "daily"}, "+47 22 33 44 55, alle dager 08:00–16:30"),
        ("nb", {"phone_days": "always"}, "+47 22 33 44 55, døgnet rundt"),
        ("en", {"phone_from": None, "phone_until": None}, "+47 22 33 44 55, weekdays"),
        ("en", {"phone_days": ""}, "+47 22 33 44 55, 08:00–16:30"),
        ("en", {"phone": ""}, ""),
    ],
)
def test_it_is_said_in_the_readers_language(language, changes, said):
    with translation.override(language):
        assert phone_text(Organisation(**GIVEN | changes)) == said


def test_an_operator_says_how_to_call_it(client, cast):
    client.be(cast.people["henrik"])
    url = reverse("organisations:change", args=[cast.samvakt.pk])
    assert "phone_days" in client.get(url).content.decode()
    facts = {"country": "NO", "language": "nb", **GIVEN}
    assert (
        client.post(url, facts | {"phone_from": "08:00", "phone_until": "16:30"}).status_code == 302
    )
    cast.samvakt.refresh_from_db()
    assert (cast.samvakt.phone, cast.samvakt.phone_until) == (GIVEN["phone"], time(16, 30))
    assert "weekdays 08:00–16:30" in client.get(cast.samvakt.get_absolute_url()).content.decode()


def test_a_member_has_contacts_and_no_phone(client, cast):
    url = reverse("organisations:change", args=[cast.fjellvik.pk])
    assert "phone_days" not in client.be(cast.people["henrik"]).get(url).content.decode()
    with pytest.raises(RuleViolation):
        organisation_change(actor=cast.henrik, organisation=cast.fjellvik, phone="+47 1")


@pytest.mark.parametrize(
    "changes",
    [{"phone_until": None}, {"phone_from": None}, {"phone_until": time(8)}, {"phone": "call us"}],
)
def test_half_hours_and_words_for_a_number_are_refused(cast, changes):
    with pytest.raises(RuleViolation):
        organisation_change(actor=cast.henrik, organisation=cast.samvakt, **GIVEN | changes)
