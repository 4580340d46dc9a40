"""What counted only within a legal entity waits when the organisations have parted."""

from __future__ import annotations

import pytest

from samsyn.access.permissions import Role
from samsyn.assets.constituency import constituency_import
from samsyn.assets.models import Resource
from samsyn.assets.selectors import claims_for
from samsyn.assets.services import resource_change, resource_withdraw
from samsyn.audit.models import Entry
from samsyn.organisations.services import organisation_arrange
from tests.assets.claiming import claim, confirm, of
from tests.assets.test_constituency_file import HEADER
from tests.cast import TODAY, make_organisation, make_person, make_resource


def part(cast):
    """Make the school a company of its own, on the word of its people: the console does it."""
    return organisation_arrange(
        actor=cast.job, organisation=cast.school, kind="company", parent=cast.fjellvik
    )


def by_file(cast):
    text = f"{HEADER}\nFjellvik school,,,Fjellvik,company,,,,\n"
    return constituency_import(actor=cast.job, operator=cast.samvakt, content=text.encode())


def below_another(cast):
    return organisation_arrange(
        actor=cast.job, organisation=cast.school, kind="unit", parent=cast.elvdal
    )


MOVES = pytest.mark.parametrize("move", [part, below_another, by_file])


def counted(cast, organisation):
    found = claims_for(actor=cast.job, operator=cast.samvakt.pk)
    return {
        one.value for one in found if one.organisation_id == organisation.pk and one.is_confirmed
    }


@MOVES
def test_a_claim_inside_the_former_parents_range_becomes_a_request(cast, move):
    taken = claim(cast.jonas, cast.school, "prefix", "198.18.0.0/25")
    move(cast)
    taken.refresh_from_db()
    assert (taken.state, taken.within, taken.reasons) == ("requested", None, "overlap")
    assert (counted(cast, cast.school), "198.18.0.0/24" in counted(cast, cast.fjellvik)) == (
        set(),
        True,
    )


@MOVES
def test_nothing_counts_inside_a_claim_that_has_become_a_request(cast, move):
    claim(cast.jonas, cast.school, "prefix", "198.18.0.0/25")
    inner = claim(cast.jonas, cast.school, "prefix", "198.18.0.0/26")
    move(cast)
    inner.refresh_from_db()
    cast.people["trym"] = make_person("trym", cast.school, Role.TECHNICIAN)
    later = claim(cast.trym, cast.school, "prefix", "198.18.0.0/27")
    assert (inner.state, later.state) == ("requested", "requested")


def test_a_claim_that_attribution_does_not_count_holds_no_other(cast):
    """Whatever has become of the tree, and by whatever door."""
    outer = of(cast.fjellvik, "198.18.0.0/24")
    make_resource(cast.elvdal, "prefix", "198.18.0.0/25", ground_kind="inside", within=outer)
    assert claim(cast.sigrid, cast.elvdal, "prefix", "198.18.0.0/26").state == "requested"


@MOVES
def test_a_claim_of_the_parent_inside_its_former_units_becomes_a_request(cast, move):
    make_resource(cast.school, "prefix", "198.18.32.0/24")
    inner = claim(cast.jonas, cast.fjellvik, "prefix", "198.18.32.0/25")
    assert inner.state == "confirmed"
    move(cast)
    inner.refresh_from_db()
    assert inner.state == "requested"


@MOVES
def test_what_a_list_confirmed_inside_the_parents_range_becomes_a_request(cast, move):
    """Nobody else had it then, so nobody was asked."""
    text = (
        f"{HEADER}\nFjellvik school,,,,,prefix,198.18.0.64/27,,\n"
        "Fjellvik school,,,,,prefix,198.18.0.64/26,,\nFjellvik school,,,,,prefix,198.18.9.0/24,,\n"
    )
    constituency_import(actor=cast.astrid, operator=cast.samvakt, content=text.encode())
    assert len(counted(cast, cast.school)) == 3
    move(cast)
    assert counted(cast, cast.school) == {"198.18.9.0/24"}


@MOVES
def test_what_was_confirmed_for_itself_stays(cast, move):
    make_resource(cast.school, "prefix", "198.18.0.0/25")
    inner = claim(cast.jonas, cast.school, "prefix", "198.18.0.0/26")
    move(cast)
    inner.refresh_from_db()
    assert (inner.state, counted(cast, cast.school)) == (
        "confirmed",
        {"198.18.0.0/25", "198.18.0.0/26"},
    )


def test_names_are_judged_anew_too(cast):
    taken = claim(cast.jonas, cast.school, "domain", "skole.fjellvik.example")
    assert taken.state == "confirmed"
    part(cast)
    taken.refresh_from_db()
    assert taken.state == "requested"


def test_a_part_of_a_larger_unit_follows_it_and_keeps_what_is_inside_its_own(cast):
    """What moves along with its parent is still of one legal entity with it."""
    gym = make_organisation("Gym", kind="unit", parent="Fjellvik school")
    make_resource(cast.school, "prefix", "198.18.32.0/24")
    kept = claim(cast.job, gym, "prefix", "198.18.32.0/25")
    lost = claim(cast.job, gym, "prefix", "198.18.0.128/25")
    part(cast)
    kept.refresh_from_db()
    lost.refresh_from_db()
    assert (kept.state, lost.state) == ("confirmed", "requested")


def test_a_move_within_a_legal_entity_changes_no_claim(cast):
    taken = claim(cast.jonas, cast.school, "prefix", "198.18.0.0/25")
    wing = make_organisation("Wing", kind="unit", parent="Fjellvik")
    moved = organisation_arrange(actor=cast.job, organisation=cast.school, kind="unit", parent=wing)
    taken.refresh_from_db()
    assert (taken.state, moved.waiting_since) == ("confirmed", ())


@MOVES
def test_a_host_named_freely_within_the_legal_entity_waits(cast, move):
    ours = of(cast.fjellvik, "198.18.0.0/24")
    resource_change(actor=cast.jonas, resource=ours, operated_by=cast.school)
    move(cast)
    ours.refresh_from_db()
    assert (ours.operated_by, ours.host_asked) == (None, cast.school)
    confirm(cast.astrid, ours)
    ours.refresh_from_db()
    assert ours.operated_by == cast.school


def test_a_host_that_was_already_to_be_another_ends(cast):
    ours = of(cast.fjellvik, "198.18.0.0/24")
    ours.operated_by, ours.host_asked = cast.school, cast.elvdal
    ours.save()
    part(cast)
    ours.refresh_from_db()
    assert (ours.operated_by, ours.host_asked) == (None, cast.elvdal)


def test_a_host_outside_the_legal_entity_stays(cast):
    part(cast)
    theirs = of(cast.elvdal, "198.18.5.0/24")
    assert theirs.operated_by == cast.fjellvik


def test_a_file_that_moves_a_host_and_names_it_again_is_followed_in_both(cast):
    """The importer confirms for both sides, and says so in the file."""
    ours = of(cast.fjellvik, "198.18.0.0/24")
    resource_change(actor=cast.jonas, resource=ours, operated_by=cast.school)
    text = (
        f"{HEADER},operated_by\nFjellvik school,,,Fjellvik,company,,,,,\n"
        "Fjellvik,,,,,prefix,198.18.0.0/24,,,Fjellvik school\n"
    )
    constituency_import(actor=cast.job, operator=cast.samvakt, content=text.encode())
    ours.refresh_from_db()
    assert (ours.operated_by, ours.host_asked) == (cast.school, None)


def test_the_trail_and_whoever_moves_are_told_what_waits(cast):
    taken = claim(cast.jonas, cast.school, "prefix", "198.18.0.0/25")
    assert part(cast).waiting_since == ("198.18.0.0/25: Fjellvik school",)
    entry = Entry.objects.filter(action="assets.resource_change").latest("pk")
    assert (entry.object_id, entry.changes["state"]) == (
        str(taken.pk),
        ["confirmed", "requested"],
    )


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_file_lists_what_waits_and_a_trial_changes_nothing(cast, dry_run):
    taken = claim(cast.jonas, cast.school, "prefix", "198.18.0.0/25")
    text = f"{HEADER}\nFjellvik school,,,Fjellvik,company,,,,\n"
    seen = constituency_import(
        actor=cast.job, operator=cast.samvakt, content=text.encode(), dry_run=dry_run
    )
    taken.refresh_from_db()
    assert seen.waiting == ["198.18.0.0/25: Fjellvik school"]
    assert taken.state == ("confirmed" if dry_run else "requested")


def test_the_page_says_what_waits_since_the_move(client, cast):
    """An organisation whose entity has no people is moved by an analyst, with the form."""
    heim = make_organisation("Heim", parent="Elvdal")
    unit = make_organisation("Heim unit", kind="unit", parent="Heim")
    make_resource(heim, "prefix", "198.18.40.0/24")
    claim(cast.job, unit, "prefix", "198.18.40.0/25")
    client.force_login(cast.people["astrid"])
    answer = client.post(
        f"/organisations/{unit.pk}/arrange/",
        {"name": "Heim unit", "kind": "company", "parent": heim.pk, "version": unit.version},
        follow=True,
    )
    assert "198.18.40.0/25: Heim unit" in answer.content.decode()


def test_a_withdrawn_claim_is_left(cast):
    taken = claim(cast.jonas, cast.school, "prefix", "198.18.0.0/25")
    resource_withdraw(actor=cast.jonas, resource=taken, on=TODAY)
    assert part(cast).waiting_since == ()
    assert Resource.unscoped.get(pk=taken.pk).state == "confirmed"
