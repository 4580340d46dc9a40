"""Coalitions that do whatever their members may, in random order, drawn from a seed."""

from __future__ import annotations

import random
from datetime import date

from django.db import transaction

from samsyn.access.models import Membership, Person
from samsyn.access.offering import role_accept
from samsyn.access.permissions import Permission, Role
from samsyn.access.selectors import actor_of, role_offers_to
from samsyn.access.services import membership_end, membership_grant
from samsyn.assets.constituency import constituency_import
from samsyn.kernel.errors import SamsynError
from samsyn.organisations.models import Agreement, Assignment, Organisation, OrganisationKind
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

SEEN_SHARE = 0.8
SEEDS = (20261130, 7, 99)
ON = date(2026, 3, 2)


def add_stranger(cast):
    """Add another operator, with its administrator and analyst, and its member."""
    nordvakt, sjovik = make_organisation("Nordvakt", kind="operator"), make_organisation("Sjovik")
    for name, role in (("nils", Role.ADMINISTRATOR), ("nora", Role.ANALYST)):
        cast.people[name] = make_person(name, nordvakt, role)
        Assignment.unscoped.create(organisation=nordvakt, person=cast.people[name], service="csirt")
    Agreement.unscoped.create(
        organisation=sjovik, operator=nordvakt, service="csirt", valid_from=ON
    )
    cast.people["siri"] = make_person("siri", sjovik, Role.CISO)
    return nordvakt, sjovik


def coalition(cast, *names):
    return [cast.people[name] for name in names]


class Walk:
    """One coalition and the acts that it tries."""

    def __init__(self, people: list[Person], seed: int, operator: str = "Samvakt") -> None:
        self.people, self.draw, self.done = people, random.Random(seed), 0
        self.mine = operator

    def acts(self):
        """Return what is tried, as often as it stands here."""
        return [
            self.give_role, self.give_role, self.take_role, self.end_role, self.create,
            self.change, self.arrange,
            self.sign, self.sign, self.accept, self.withdraw, self.end_agreement, self.unassign,
            self.assign, self.assign, self.assign, self.load,
        ]  # fmt: skip

    def go(self, steps: int) -> None:
        acts = self.acts()
        for _ in range(steps):
            actor = actor_of(self.draw.choice(self.people))
            try:
                with transaction.atomic():
                    self.draw.choice(acts)(actor)
                    self.done += 1
            except (SamsynError, TypeError, AttributeError, IndexError):
                continue  # refused, or nothing to act on

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
            kind=self.draw.choice(OrganisationKind.values),
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
            kind=self.draw.choice(OrganisationKind.values),
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
        name, kind = self.organisation(actor).name, self.draw.choice(OrganisationKind.values)
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
