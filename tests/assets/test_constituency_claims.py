"""What a constituency file says of resources is judged as any claim."""

from __future__ import annotations

import pytest

from samsyn.access.models import Membership
from samsyn.access.permissions import Role
from samsyn.access.selectors import actor_of
from samsyn.assets.constituency import constituency_import
from samsyn.assets.models import Resource
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Agreement
from tests.assets.claiming import claim, other_operator
from tests.assets.test_constituency_file import HEADER

PART = " – it is a part of the other's"


def imported(actor, operator, *rows):
    content = "\n".join([f"{HEADER},operated_by,overlap", *rows, ""]).encode()
    return constituency_import(actor=actor, operator=operator, content=content)


def test_an_import_confirms_what_nobody_else_has_and_asks_about_the_rest(cast):
    seen = imported(
        cast.henrik,
        cast.samvakt,
        "Havnes,NO,nb,,municipality,prefix,203.0.113.0/24,,,",
        "Havnes,,,,,prefix,198.18.0.0/25,,,,part_of",
        "Tindvik,NO,nb,,municipality,prefix,203.0.113.0/25,,,,part_of",
    )
    made = Resource.unscoped.filter(source="import").order_by("pk")
    assert [(r.value, r.state, r.ground_kind) for r in made] == [
        ("203.0.113.0/24", "confirmed", "import"),
        ("198.18.0.0/25", "requested", ""),
        ("203.0.113.0/25", "requested", ""),
    ]
    assert seen.contested == [
        f"198.18.0.0/25: Havnes, Fjellvik{PART}",
        f"203.0.113.0/25: Tindvik, Havnes{PART}",
    ]


def test_an_import_asks_about_what_is_wide_or_waits_for_another(cast):
    claim(cast.jonas, cast.fjellvik, "domain", "skolen.example")
    seen = imported(
        cast.henrik,
        cast.samvakt,
        "Havnes,NO,nb,,municipality,prefix,100.64.0.0/19,,,",
        "Havnes,,,,,domain,skolen.example,,,,part_of",
        "Tindvik,NO,nb,,municipality,domain,www.skolen.example,,,,part_of",
    )
    made = Resource.unscoped.filter(source="import").order_by("pk")
    assert [(r.state, r.reasons) for r in made] == [
        ("requested", "unknown,broad"),
        ("requested", "overlap"),
        ("requested", "overlap"),
    ]
    assert seen.waiting == ["100.64.0.0/19: Havnes"]
    assert seen.contested == [
        f"skolen.example: Havnes, Fjellvik{PART}",
        f"www.skolen.example: Tindvik, Fjellvik, Havnes{PART}",
    ]


def test_an_import_changes_no_resources_of_who_is_not_served(cast):
    petra = other_operator(cast)
    make_person_of = Membership.unscoped.create  # an employee at Fjellvik sees it, no more
    make_person_of(person_id=petra.person_id, organisation=cast.fjellvik, role=Role.EMPLOYEE)
    petra = actor_of(Membership.unscoped.filter(person_id=petra.person_id).first().person)
    nordvakt = Agreement.unscoped.get(organisation=cast.utmark).operator
    with pytest.raises(RuleViolation, match="you may not change the resources of Fjellvik"):
        imported(petra, nordvakt, "Fjellvik,,,,,prefix,203.0.113.0/24,,,")
    with pytest.raises(RuleViolation, match="you may not change the resources of Fjellvik"):
        imported(petra, nordvakt, "Utmark,,,,,prefix,203.0.113.0/24,,,Fjellvik")
    assert imported(petra, nordvakt, "Utmark,,,,,prefix,203.0.113.0/24,,,").resources_new
