"""What one of two CSIRTs does not do at their member: it would take from what the other guards."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest

from samsyn.access.permissions import Permission
from samsyn.assets.constituency import constituency_import
from samsyn.assets.models import Resource
from samsyn.assets.services import resource_change, resource_withdraw
from samsyn.contacts.entity import CONTACT
from samsyn.contacts.services import DONE, contact_add
from samsyn.entities.sheets import rows_of
from samsyn.findings.services import finding_acknowledge, finding_answer, findings_acknowledge
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.models import Agreement, Contact
from samsyn.organisations.services import contact_remove, organisation_create
from tests.assets.claiming import claim, confirm, of
from tests.assets.test_constituency_file import HEADER
from tests.cast import NOON, TODAY, make_finding
from tests.organisations.boundary import second_operator

THEIR_OWN = "Only its own people do this"
BOTH = pytest.mark.parametrize("name", ["astrid", "henrik", "nora", "nils"])


@pytest.fixture
def two(cast):
    """Samvakt and Nordvakt are both the CSIRT of Fjellvik."""
    nordvakt, sjovik = second_operator(cast)
    cast.__dict__.update(nordvakt=nordvakt, sjovik=sjovik)
    Agreement.unscoped.create(
        organisation=cast.fjellvik,
        operator=nordvakt,
        service="csirt",
        valid_from=TODAY - timedelta(days=9),
    )
    return cast


def take(two, actor, *rows, header=HEADER):
    operator = two.nordvakt if actor in (two.nora, two.nils) else two.samvakt
    text = "\n".join([header, *rows, ""])
    return constituency_import(actor=actor, operator=operator, content=text.encode())


@BOTH
def test_neither_withdraws_a_resource(two, name):
    ours = of(two.fjellvik, "198.18.0.0/24")
    with pytest.raises(RuleViolation, match=THEIR_OWN):
        resource_withdraw(actor=getattr(two, name), resource=ours, on=TODAY)


def test_the_members_own_people_and_the_console_do(two):
    for actor, value in ((two.jonas, "198.18.0.0/24"), (two.job, "2001:db8:100::/48")):
        resource_withdraw(actor=actor, resource=of(two.fjellvik, value), on=TODAY)
    assert not Resource.unscoped.filter(
        organisation=two.fjellvik, kind="prefix", withdrawn_on__isnull=True
    )


def test_the_only_csirt_withdraws_also_where_another_is_the_virtual_ciso(two):
    Agreement.unscoped.filter(operator=two.nordvakt, organisation=two.fjellvik).update(
        service="ciso"
    )
    assert resource_withdraw(actor=two.astrid, resource=of(two.fjellvik, "198.18.0.0/24"), on=TODAY)


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("astrid", "school"), ("henrik", "school"), ("nora", "school"), ("nils", "school"),
        ("astrid", "elvdal"), ("henrik", "vann"), ("nora", "sjovik"), ("nils", "sjovik"),
    ],
)  # fmt: skip
def test_neither_names_a_host(two, name, host):
    actor, run_by = getattr(two, name), getattr(two, host)
    ours = of(two.fjellvik, "198.18.0.0/24")
    with pytest.raises(RuleViolation, match=THEIR_OWN):
        resource_change(actor=actor, resource=ours, operated_by=run_by)
    with pytest.raises(RuleViolation, match=THEIR_OWN):
        claim(actor, two.fjellvik, "prefix", "198.18.0.0/25", operated_by=run_by)


@BOTH
def test_neither_ends_a_host_and_both_change_the_note(two, name):
    ours = of(two.fjellvik, "198.18.0.0/24")
    resource_change(actor=two.jonas, resource=ours, operated_by=two.school)
    changed = resource_change(
        actor=getattr(two, name), resource=ours, operated_by=two.school, note="Seen today"
    )
    assert changed.note == "Seen today"
    with pytest.raises(RuleViolation, match=THEIR_OWN):
        resource_change(actor=getattr(two, name), resource=ours, operated_by=None)


def test_a_host_that_the_member_asks_for_is_confirmed_by_either(two):
    ours = of(two.fjellvik, "198.18.0.0/24")
    ours.host_asked = two.elvdal
    ours.save()
    confirm(two.astrid, ours)
    ours.refresh_from_db()
    assert ours.operated_by == two.elvdal


@BOTH
def test_both_register_and_confirm_for_the_member_what_nobody_has(two, name):
    made = claim(
        getattr(two, name), two.fjellvik, "prefix", "198.18.50.0/24",
        ground_kind="registry", ground="RIPE",
    )  # fmt: skip
    assert made.state == "confirmed"


@BOTH
def test_neither_says_where_letters_go(two, name):
    actor, contact = getattr(two, name), Contact.unscoped.get(organisation=two.fjellvik)
    with pytest.raises(RuleViolation, match=THEIR_OWN):
        contact_remove(actor=actor, contact=contact)
    for organisation in (two.fjellvik, two.school, two.vann):
        with pytest.raises(RuleViolation, match=THEIR_OWN):
            contact_add(
                actor=actor, organisation=organisation, purpose="technical", email="a@mail.example"
            )


def test_the_members_own_people_say_where_letters_go(two):
    contact = Contact.unscoped.get(organisation=two.fjellvik)
    contact_add(
        actor=two.ingvild, organisation=two.school, purpose="technical", email="a@mail.example"
    )
    contact_remove(actor=two.ingvild, contact=contact)
    assert not Contact.unscoped.filter(organisation=two.fjellvik)


@BOTH
@pytest.mark.parametrize("row", [
    "Fjellvik,,,,,,,technical,puppet@mail.example",
    "Fjellvik school,,,,,,,technical,puppet@mail.example",
])  # fmt: skip
def test_a_file_of_one_of_them_adds_no_contact(two, name, row):
    with pytest.raises(RuleViolation, match=THEIR_OWN):
        take(two, getattr(two, name), row)


@BOTH
@pytest.mark.parametrize("value", ["198.18.0.0/24", "198.18.0.0/25"])
def test_a_file_of_one_of_them_names_no_host(two, name, value):
    row = f"Fjellvik,,,,,prefix,{value},,,Fjellvik school"
    with pytest.raises(RuleViolation, match=THEIR_OWN):
        take(two, getattr(two, name), row, header=f"{HEADER},operated_by")


def add_below(two, actor, parent, kind):
    operator = two.nordvakt if actor in (two.nora, two.nils) else two.samvakt
    with pytest.raises(RuleViolation, match="adds anything below it"):
        organisation_create(
            actor=actor, operator=operator, name="Nytt", kind=kind, parent=parent, country="NO"
        )
    with pytest.raises(RuleViolation, match="adds anything below it"):
        take(two, actor, f"Nytt,NO,nb,{parent.name},{kind},,,,")


@BOTH
@pytest.mark.parametrize("kind", ["unit", "company"])
def test_neither_adds_anything_below_what_another_serves_too(two, name, kind):
    for parent in (two.fjellvik, two.vann):
        add_below(two, getattr(two, name), parent, kind)


@pytest.mark.parametrize("name", ["astrid", "henrik"])
def test_a_csirt_adds_nothing_to_what_has_agreed_to_anothers_virtual_ciso(two, name):
    Agreement.unscoped.filter(operator=two.nordvakt, organisation=two.fjellvik).update(
        service="ciso"
    )
    add_below(two, getattr(two, name), two.fjellvik, "unit")


def test_the_console_adds_below_what_two_serve(two):
    made = organisation_create(
        actor=two.job, operator=two.samvakt, name="Nytt", kind="unit", parent=two.fjellvik,
        country="NO",
    )  # fmt: skip
    assert made.parent == two.fjellvik


@pytest.mark.parametrize(("name", "is_offered"), [("astrid", False), ("ingvild", True)])
def test_pages_offer_only_what_is_theirs_to_do(client, two, name, is_offered):
    client.force_login(two.people[name])
    resource = of(two.fjellvik, "198.18.0.0/24")
    page = client.get(f"/resources/{resource.pk}/").content.decode()
    place = client.get(f"/organisations/{two.fjellvik.pk}/").content.decode()
    assert (f"/resources/{resource.pk}/withdraw/" in page) is is_offered
    assert ("/contacts/new/" in place) is is_offered


@BOTH
@pytest.mark.parametrize("is_told", [False, True])
def test_neither_settles_what_nobody_has_told_the_member_yet(two, name, is_told):
    """Answered or taken on, it would leave the other's plan of whom to tell."""
    finding = make_finding(two.fjellvik, told_at=NOON if is_told else None)
    actor = getattr(two, name)
    acts = (
        lambda: finding_acknowledge(actor=actor, finding=finding, at=NOON),
        lambda: findings_acknowledge(actor=actor, findings=[finding]),
        lambda: finding_answer(actor=actor, finding=finding, answer="fixed", at=NOON),
    )
    for act in acts:
        if not actor.may(Permission.FINDINGS_CHANGE, two.fjellvik.pk):
            continue
        with nullcontext() if is_told else pytest.raises(RuleViolation, match="not been told"):
            act()


def test_the_members_own_people_settle_what_nobody_has_told(two):
    finding = make_finding(two.fjellvik)
    finding_answer(actor=two.jonas, finding=finding, answer="fixed", at=NOON)
    assert finding.state == "fixed"


@pytest.mark.parametrize(("name", "may"), [("astrid", False), ("nils", False), ("ingvild", True)])
def test_neither_says_where_letters_go_by_whatever_door(client, two, name, may):
    actor, contact = getattr(two, name), Contact.unscoped.get(organisation=two.fjellvik)
    rows = rows_of(CONTACT, b"purpose;email\n24-7;puppet@mail.example\n")
    doors = (
        lambda: DONE.change(actor=actor, thing=contact, email="puppet@mail.example"),
        lambda: DONE.change_many(actor=actor, things=[contact], language="en"),
        lambda: DONE.take_sheet(actor=actor, organisation=two.fjellvik, rows=rows, now=NOON),
    )
    for act in doors:
        if may:
            act()
        else:
            with pytest.raises(RuleViolation, match=THEIR_OWN):
                act()
        contact = Contact.unscoped.get(pk=contact.pk)
    client.force_login(two.people[name])
    change = f"/contacts/{contact.pk}/change/"
    assert (change in client.get(f"/contacts/{contact.pk}/").content.decode()) is may
