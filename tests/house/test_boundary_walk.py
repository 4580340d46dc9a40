"""People of one side, acting together in any order, open nothing of the other side's.

Each walk lets a coalition do whatever its members may, again and again: give roles to one
another and to new addresses, sign, assign, arrange, add, import. What it reaches afterwards
is held against what it may ever reach. A walk is drawn from a printed seed.
"""

from __future__ import annotations

import pytest

from samsyn.access.permissions import BY_CISO_AGREEMENT, OPENINGS, Permission, Role
from samsyn.access.selectors import actor_of
from samsyn.organisations.models import Agreement, Assignment, Organisation
from tests.cast import make_person
from tests.house.walking import ON, SEEDS, Walk, add_stranger, coalition

STEPS = 200
DONE_LEAST = 3


@pytest.fixture
def sector(cast):
    """The cast's sector, and a stranger's: another operator, its administrator and member."""
    add_stranger(cast)
    return cast


@pytest.fixture
def served_by_two(sector):
    """Let Nordvakt be the virtual CISO of Fjellvik, which Samvakt is the CSIRT of."""
    nordvakt = Organisation.unscoped.get(name="Nordvakt")
    sector.people["nanna"] = make_person("nanna", nordvakt, Role.ADVISER)
    Agreement.unscoped.create(
        organisation=sector.fjellvik, operator=nordvakt, service="ciso", valid_from=ON
    )
    for name in ("nils", "nora", "nanna"):
        Assignment.unscoped.create(
            organisation=nordvakt, person=sector.people[name], service="ciso"
        )
    return sector


@pytest.mark.parametrize("seed", SEEDS)
def test_a_members_own_people_reach_nothing_but_their_own(sector, seed):
    walk = Walk(coalition(sector, "ingvild", "jonas", "liv", "egil", "revna"), seed)
    walk.go(STEPS)
    assert walk.done >= DONE_LEAST, (walk.done, seed)
    for permission in Permission:
        assert walk.reached(permission) <= {sector.fjellvik.pk, sector.school.pk}, (
            permission,
            seed,
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_an_operators_people_reach_no_members_own_work_and_no_stranger(sector, seed):
    walk = Walk(coalition(sector, "astrid", "albin", "henrik", "ragna"), seed)
    walk.go(STEPS)
    assert walk.done >= DONE_LEAST, (walk.done, seed)
    staffed = {sector.fjellvik.pk, sector.school.pk, sector.elvdal.pk}
    for permission in BY_CISO_AGREEMENT:
        assert not walk.reached(permission) & staffed, (permission, seed)
    theirs = set(Organisation.unscoped.filter(name__in=("Nordvakt", "Sjovik", "Utmark")))
    for permission in Permission:
        assert not walk.reached(permission) & {one.pk for one in theirs}, (permission, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_member_and_a_stranger_operator_together_reach_no_other_member(sector, seed):
    walk = Walk(coalition(sector, "ingvild", "liv", "nils", "nora", "siri"), seed)
    walk.go(STEPS)
    assert walk.done >= DONE_LEAST, (walk.done, seed)
    closed = {sector.samvakt.pk, sector.elvdal.pk, sector.vann.pk, sector.utmark.pk}
    for permission in Permission:
        assert not walk.reached(permission) & closed, (permission, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_virtual_ciso_s_people_stay_inside_the_legal_entity_that_agreed(served_by_two, seed):
    cast = served_by_two
    before = {name: actor_of(cast.people[name]) for name in ("astrid", "henrik")}
    kept = {
        (name, p): actor.organisation_ids(p) for name, actor in before.items() for p in Permission
    }
    walk = Walk(coalition(cast, "nils", "nora", "nanna", "siri"), seed, operator="Nordvakt")
    walk.go(STEPS)
    assert walk.done >= DONE_LEAST, (walk.done, seed)
    entity = {cast.fjellvik.pk, cast.school.pk}
    closed = {cast.samvakt.pk, cast.elvdal.pk, cast.vann.pk, cast.utmark.pk}
    for permission in Permission:
        found = walk.reached(permission)
        assert not found & closed, (permission, seed)
        if permission not in OPENINGS["ciso"].rights:
            assert not found & entity, (permission, seed)
    for (name, permission), ids in kept.items():
        now = actor_of(cast.people[name]).organisation_ids(permission)
        assert now >= ids, (name, permission, seed)
    places = Organisation.unscoped.filter(pk__in=entity | closed)
    assert dict(places.values_list("name", "parent__name")) == {
        "Samvakt": None,
        "Fjellvik": None,
        "Fjellvik school": "Fjellvik",
        "Fjellvik Vann": "Fjellvik",
        "Elvdal": None,
        "Utmark": None,
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_neither_of_two_operators_lets_the_other_further_in_than_the_member_has(
    served_by_two, seed
):
    """Both operators together: what the member has accepted from each stays what it is."""
    cast = served_by_two
    walk = Walk(coalition(cast, "nils", "nora", "nanna", "astrid", "henrik"), seed)
    walk.go(STEPS)
    assert walk.done >= DONE_LEAST, (walk.done, seed)
    staff = [actor_of(cast.people[name]) for name in ("nils", "nora", "nanna")]
    for permission in Permission:
        found = set().union(*(actor.organisation_ids(permission) for actor in staff))
        if permission not in OPENINGS["ciso"].rights:
            assert cast.fjellvik.pk not in found, (permission, seed)
        if permission in BY_CISO_AGREEMENT:
            assert not walk.reached(permission) & {cast.vann.pk, cast.elvdal.pk}, (
                permission,
                seed,
            )
