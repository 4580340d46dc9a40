"""People of one side, acting together in any order, open nothing of the other side's.

Each walk lets a coalition do whatever its members may, again and again: give roles to one
another and to new addresses, sign, assign, arrange, add, import. What it reaches afterwards
is held against what it may ever reach. A walk is drawn from a printed seed.
"""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.db import transaction

from samsyn.access.models import Membership, Person
from samsyn.access.offering import role_accept
from samsyn.access.permissions import BY_CISO_AGREEMENT, OPENINGS, Permission, Role
from samsyn.access.selectors import actor_of, role_offers_to
from samsyn.access.services import membership_end, membership_grant
from samsyn.assets.constituency import constituency_import
from samsyn.kernel.errors import SamsynError
from samsyn.organisations.models import Agreement, Assignment, Kind, Organisation
from samsyn.organisations.services import (
    organisation_arrange,
    organisation_change,
    organisation_create,
)
from samsyn.organisations.serving import (
    agreement_accept,
    agreement_end,
    agreement_sign,
    agreement_withdraw,
    assignment_end,
    assignment_give,
)
from tests.cast import make_organisation, make_person

STEPS = 400
SEEN_SHARE = 0.8
DONE_LEAST = 3
SEEDS = (20261130, 7, 99)
ON = date(2026, 3, 2)


class Walk:
    """One coalition and the acts that it tries."""

    def __init__(self, people: list[Person], seed: int, operator: str = "Samvakt") -> None:
        self.people, self.draw, self.done = people, random.Random(seed), 0
        self.mine = operator

    def go(self, steps: int) -> None:
        acts = [
            self.give_role, self.give_role, self.take_role, self.end_role, self.create,
            self.change, self.arrange,
            self.sign, self.sign, self.accept, self.withdraw, self.end_agreement, self.unassign,
            self.assign, self.assign, self.assign, self.load,
        ]  # fmt: skip
        for _ in range(steps):
            actor = actor_of(self.draw.choice(self.people))
            try:
                with transaction.atomic():
                    self.draw.choice(acts)(actor)
                    self.done += 1
            except (SamsynError, TypeError, AttributeError):  # refused, or nothing to act on
                continue

    def one(self, model, actor):
        """Draw a row: mostly one that the actor sees, so that the walk gets somewhere."""
        rows = model.unscoped.order_by("pk")
        if self.draw.random() < SEEN_SHARE:
            rows = model.objects.visible_to(actor).order_by("pk")
        found = list(rows)
        return self.draw.choice(found) if found else None

    def organisation(self, actor):
        return self.one(Organisation, actor)

    def operator(self):
        """Draw an operator: mostly the coalition's own."""
        rows = list(Organisation.unscoped.filter(kind="operator").order_by("pk"))
        mine = next(one for one in rows if one.name == self.mine)
        return mine if self.draw.random() < SEEN_SHARE else self.draw.choice(rows)

    def give_role(self, actor):
        number = self.draw.randrange(1000)
        puppet = f"puppet{number}@mail.example"
        known = self.draw.choice(self.people).email
        made = membership_grant(
            actor=actor,
            organisation=self.organisation(actor),
            email=self.draw.choice([puppet, known]),
            name="Puppet",
            role=self.draw.choice(list(Role)),
        )
        if made.person not in self.people:
            self.people.append(made.person)

    def take_role(self, actor):
        role_accept(actor=actor, offer=role_offers_to(actor=actor).last())

    def end_role(self, actor):
        membership_end(actor=actor, membership=self.one(Membership, actor), on=ON)

    def create(self, actor):
        organisation_create(
            actor=actor,
            operator=self.organisation(actor),
            name=f"Made {self.draw.randrange(10**9)}",
            kind=self.draw.choice(Kind.values),
            country="NO",
            language="nb",
            parent=self.draw.choice([None, self.organisation(actor)]),
        )

    def change(self, actor):
        fact = self.draw.choice([{"kind": "operator"}, {"parent": None}, {"language": "sv"}])
        organisation_change(actor=actor, organisation=self.organisation(actor), **fact)

    def arrange(self, actor):
        organisation_arrange(
            actor=actor,
            organisation=self.organisation(actor),
            kind=self.draw.choice(Kind.values),
            parent=self.draw.choice([None, self.organisation(actor)]),
        )

    def sign(self, actor):
        agreement_sign(
            actor=actor,
            operator=self.operator(),
            organisation=self.organisation(actor),
            service=self.draw.choice(["csirt", "ciso"]),
            valid_from=ON,
        )

    def accept(self, actor):
        agreement_accept(actor=actor, agreement=self.one(Agreement, actor), today=ON)

    def withdraw(self, actor):
        agreement_withdraw(actor=actor, agreement=self.one(Agreement, actor), today=ON)

    def end_agreement(self, actor):
        agreement_end(actor=actor, agreement=self.one(Agreement, actor), on=date(2099, 1, 1))

    def assign(self, actor):
        newest = Agreement.objects.visible_to(actor).order_by("pk").last()
        agreement = self.draw.choice([None, self.one(Agreement, actor), newest])
        service = agreement.service if agreement else self.draw.choice(["csirt", "ciso"])
        assignment_give(
            actor=actor,
            operator=self.operator(),
            person=self.draw.choice(self.people),
            service=service,
            agreement=agreement,
        )

    def unassign(self, actor):
        assignment_end(actor=actor, assignment=self.one(Assignment, actor), on=ON)

    def load(self, actor):
        name, kind = self.organisation(actor).name, self.draw.choice(Kind.values)
        parent = self.draw.choice(["", self.organisation(actor).name])
        text = (
            "organisation,country,language,parent,kind,resource_type,value,"
            f"contact_purpose,contact_email\n{name},NO,nb,{parent},{kind},,,,\n"
        )
        constituency_import(actor=actor, operator=self.organisation(actor), content=text.encode())

    def reached(self, permission: Permission) -> set[int]:
        """Return where anybody of the coalition has a permission."""
        found = [actor_of(person).organisation_ids(permission) for person in self.people]
        return set().union(*found)


@pytest.fixture
def sector(cast):
    """The cast's sector, and a stranger's: another operator, its administrator and member."""
    nordvakt, sjovik = make_organisation("Nordvakt", kind="operator"), make_organisation("Sjovik")
    for name, role in (("nils", Role.ADMINISTRATOR), ("nora", Role.ANALYST)):
        cast.people[name] = make_person(name, nordvakt, role)
        Assignment.unscoped.create(organisation=nordvakt, person=cast.people[name], service="csirt")
    Agreement.unscoped.create(
        organisation=sjovik, operator=nordvakt, service="csirt", valid_from=ON
    )
    cast.people["siri"] = make_person("siri", sjovik, Role.CISO)
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


def coalition(cast, *names):
    return [cast.people[name] for name in names]


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
