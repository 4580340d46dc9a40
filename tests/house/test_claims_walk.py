"""Claims, hosts, contacts and own work stay whose they are, in whatever order people act.

The walks of ``test_boundary_walk`` wander far. These stay among a few organisations where much
can be done: ranges inside each other, units that come and go, two CSIRTs at one member, a client
of a virtual CISO where nobody works. Each is drawn from a seed, which a failure names.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from samsyn.access.permissions import BY_CISO_AGREEMENT
from samsyn.assets.claim_selectors import line_of, rivals_of
from samsyn.assets.constituency import constituency_import
from samsyn.assets.models import ClaimState, Ground, Resource
from samsyn.assets.services import (
    resource_change,
    resource_claim,
    resource_confirm,
    resource_withdraw,
)
from samsyn.contacts.services import contact_add, contact_change
from samsyn.organisations.models import Agreement, Contact, Organisation
from samsyn.organisations.services import (
    contact_remove,
    organisation_arrange,
    organisation_create,
)
from tests.cast import NOON, TODAY, make_organisation, make_resource
from tests.house.walking import SEEDS, Walk, add_stranger, coalition

STEPS = 150
UNITS = ("Quay", "Pier", "Dock")
RANGES = [
    "198.18.40.0/25",
    "198.18.40.0/26",
    "198.18.40.0/27",
    "198.18.40.128/25",
    "198.18.40.128/26",
]
HEADER = (
    "organisation,country,language,parent,kind,resource_type,value,"
    "contact_purpose,contact_email,operated_by\n"
)


class NearWalk(Walk):
    """A walk among a few organisations.

    ``hosts`` are the claims with a host that somebody has confirmed for both sides.
    """

    def __init__(self, people, seed, *names, operator="Samvakt") -> None:
        super().__init__(people, seed, operator)
        self.names = names
        self.hosts: set[tuple[int, int]] = set()
        self.acted: Counter[str] = Counter()

    def acts(self):
        return [self.counted(act) for act in self.chosen()]

    def chosen(self):
        return [
            self.claim, self.claim, self.confirm, self.withdraw_claim, self.host, self.arrange,
            self.arrange, self.load, self.load, self.create, self.contact_add, self.contact_remove,
            self.contact_change,
        ]  # fmt: skip

    def counted(self, act):
        def run(actor):
            act(actor)
            self.acted[act.__name__] += 1

        return run

    def organisation(self, actor=None):
        return Organisation.unscoped.get(name=self.draw.choice(self.names))

    def resource(self):
        """Draw an open claim of one of the organisations; the gate says who may change it."""
        rows = Resource.unscoped.filter(
            organisation__name__in=self.names, withdrawn_on__isnull=True
        )
        return self.draw.choice(list(rows.order_by("pk")))

    def claim(self, actor):
        given = self.draw.choice([{}, {"ground_kind": "registry", "ground": "RIPE"}])
        resource_claim(
            actor=actor, organisation=self.organisation(), kind="prefix",
            value=self.draw.choice(RANGES), overlap="part_of", **given,
        )  # fmt: skip

    def confirm(self, actor):
        resource = self.resource()
        asked = resource.host_asked_id
        resource_confirm(
            actor=actor, resource=resource, rivals=rivals_of(actor=actor, resource=resource),
            ground_kind="registry", ground="RIPE", now=NOON,
        )  # fmt: skip
        self.hosts.add((resource.pk, asked))

    def withdraw_claim(self, actor):
        resource_withdraw(actor=actor, resource=self.resource(), on=TODAY)

    def host(self, actor):
        resource, host = self.resource(), self.draw.choice([None, self.organisation()])
        resource_change(actor=actor, resource=resource, operated_by=host)
        if host is not None and host.pk not in line_of(resource.organisation_id):
            self.hosts.add((resource.pk, resource.operated_by_id))

    def arrange(self, actor):
        organisation_arrange(
            actor=actor, organisation=self.organisation(),
            kind=self.draw.choice(["unit", "unit", "company"]),
            parent=self.draw.choice([None, self.organisation(), self.organisation()]),
        )  # fmt: skip

    def create(self, actor):
        organisation_create(
            actor=actor, operator=self.operator(), name=f"Made {self.draw.randrange(10**9)}",
            kind=self.draw.choice(["unit", "company"]), country="NO", parent=self.organisation(),
        )  # fmt: skip

    def contact_add(self, actor):
        contact_add(
            actor=actor, organisation=self.organisation(), purpose="technical",
            email=f"puppet{self.draw.randrange(1000)}@mail.example",
        )  # fmt: skip

    def contact_remove(self, actor):
        rows = Contact.unscoped.filter(organisation__name__in=self.names).order_by("pk")
        contact_remove(actor=actor, contact=self.draw.choice([*rows]))

    def contact_change(self, actor):
        rows = Contact.unscoped.filter(organisation__name__in=self.names).order_by("pk")
        email = f"puppet{self.draw.randrange(1000)}@mail.example"
        contact_change(actor=actor, thing=self.draw.choice([*rows]), email=email)

    def load(self, actor):
        name, parent = self.organisation().name, self.organisation().name
        host = self.draw.choice(["", self.organisation().name])
        new = f"File {self.draw.randrange(10**9)}"
        value, known = self.draw.choice(RANGES), self.resource()
        row = self.draw.choice(
            [
                f"{name},,,{parent},{self.draw.choice(['unit', 'company'])},,,,,",
                f"{name},,,,,prefix,{value},,,",
                f"{known.organisation.name},,,,,{known.kind},{known.value},,,{host}",
                f"{name},,,,,,,technical,file@mail.example,",
                f"{new},NO,nb,{parent},unit,,,,,",
            ]
        )
        constituency_import(
            actor=actor, operator=self.operator(), content=f"{HEADER}{row}\n".encode()
        )
        known.refresh_from_db()
        if (
            known.operated_by_id not in line_of(known.organisation_id)
            and host
            and row.endswith(host)
        ):
            self.hosts.add((known.pk, known.operated_by_id))


def in_force(*, of):
    rows = Resource.unscoped.filter(
        organisation__in=of, withdrawn_on__isnull=True, state=ClaimState.CONFIRMED
    )
    return set(rows.values_list("organisation", "kind", "value", "operated_by"))


def below(organisation):
    return set(Organisation.unscoped.filter(parent=organisation).values_list("name", flat=True))


@pytest.fixture
def harbour(cast):
    """Havn has a range and units; Samvakt serves it and Vik, where nobody works."""
    havn, vik = make_organisation("Havn"), make_organisation("Vik")
    units = [make_organisation(name, kind="unit", parent="Havn") for name in UNITS]
    for member in (havn, vik):
        Agreement.unscoped.create(
            organisation=member, operator=cast.samvakt, service="csirt", valid_from=date(2025, 1, 1)
        )
    make_resource(havn, "prefix", "198.18.40.0/24")
    for number, unit in enumerate(units, start=41):
        make_resource(havn, "prefix", f"198.18.{number}.0/24", operated_by=unit)
    cast.__dict__.update(havn=havn, units=units)
    return cast


@pytest.mark.parametrize("seed", SEEDS)
def test_what_counts_inside_another_claim_is_of_its_legal_entity(harbour, seed):
    cast = harbour
    kept = {
        (one.pk, one.operated_by_id) for one in Resource.unscoped.filter(organisation=cast.elvdal)
    }
    walk = NearWalk(coalition(cast, "astrid", "henrik"), seed, "Havn", "Vik", *UNITS)
    walk.chosen = lambda: [
        walk.claim, walk.claim, walk.claim, walk.claim, walk.claim, walk.withdraw_claim,
        walk.confirm, walk.host, walk.host, walk.arrange, walk.arrange, walk.arrange, walk.arrange,
        walk.load,
    ]  # fmt: skip
    for _ in range(STEPS // 5):
        walk.go(5)
        rows = Resource.unscoped.filter(withdrawn_on__isnull=True, state=ClaimState.CONFIRMED)
        owners = {claim.organisation_id for claim in rows}
        lines = {pk: line_of(pk) for pk in owners}
        for claim in rows.select_related("within"):
            line = lines[claim.organisation_id]
            if claim.ground_kind == Ground.INSIDE:
                holder = claim.within
                assert holder.organisation_id in line, (claim, seed)
                assert holder.state == ClaimState.CONFIRMED, (claim, seed)
                assert holder.withdrawn_on is None, (claim, seed)
            if claim.operated_by_id is not None and claim.operated_by_id not in line:
                assert (claim.pk, claim.operated_by_id) in walk.hosts | kept, (claim, seed)
    assert {"claim", "arrange", "host", "load"} <= set(walk.acted), (walk.acted, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_of_two_csirts_takes_nothing_from_what_both_serve(cast, seed):
    nordvakt, sjovik = add_stranger(cast)
    Agreement.unscoped.create(
        organisation=cast.fjellvik, operator=nordvakt, service="csirt", valid_from=TODAY
    )
    make_resource(sjovik, "prefix", "198.18.40.0/24")
    guarded = [cast.fjellvik, cast.school, cast.vann]
    contacts = set(Contact.unscoped.filter(organisation__in=guarded).values_list("pk", "email"))
    before, tree = in_force(of=guarded), [below(one) for one in guarded]
    walk = NearWalk(
        coalition(cast, "nils", "nora"), seed, "Fjellvik", "Fjellvik school", "Fjellvik Vann",
        "Sjovik", operator="Nordvakt",
    )  # fmt: skip
    walk.go(STEPS)
    assert before <= in_force(of=guarded), seed
    assert contacts == set(
        Contact.unscoped.filter(organisation__in=guarded).values_list("pk", "email")
    ), seed
    assert tree == [below(one) for one in guarded], seed
    assert {"claim", "load"} <= set(walk.acted), (walk.acted, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_csirts_analysts_and_another_member_open_no_clients_own_work(harbour, seed):
    cast = harbour
    Agreement.unscoped.create(
        organisation=cast.havn, operator=cast.samvakt, service="ciso", valid_from=TODAY
    )
    walk = NearWalk(coalition(cast, "astrid", "sigrid"), seed, "Havn", "Quay", "Elvdal")
    walk.chosen = lambda: [walk.arrange, walk.arrange, walk.load, walk.give_role]
    walk.go(STEPS)
    for permission in BY_CISO_AGREEMENT:
        assert not walk.reached(permission) & {cast.havn.pk, *(unit.pk for unit in cast.units)}, (
            permission,
            seed,
        )
    assert walk.acted, seed
