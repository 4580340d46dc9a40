"""Claims made before there was a state: the earliest counts, later ones to the same wait."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps

from samsyn.assets.models import Resource
from tests.cast import TODAY, make_resource

MIGRATION = import_module("samsyn.assets.migrations.0003_claims_before")
AFTER_MOVES = import_module("samsyn.assets.migrations.0007_claims_after_moves")


def test_the_earliest_of_several_is_confirmed_and_a_withdrawn_one_takes_no_place(cast):
    Resource.unscoped.update(state="requested", ground_kind="")  # as the new column begins
    old = {"state": "requested", "ground_kind": ""}
    withdrawn = make_resource(cast.utmark, "asn", "64511", withdrawn_on=TODAY, **old)
    first = make_resource(cast.vann, "asn", "64511", **old)
    later = make_resource(cast.elvdal, "asn", "64511", **old)
    inside = make_resource(cast.elvdal, "prefix", "198.18.0.128/25", **old)
    MIGRATION.forwards(apps, None)
    found = Resource.unscoped.in_bulk()
    states = [found[claim.pk].state for claim in (withdrawn, first, later, inside)]
    assert states == ["confirmed", "confirmed", "requested", "confirmed"]
    assert found[later.pk].reasons == "overlap"
    assert set(Resource.unscoped.values_list("ground_kind", flat=True)) == {"before"}
    assert Resource.unscoped.filter(state="requested").count() == 1


def test_going_back_withdraws_what_nobody_has_confirmed(cast):
    asked = make_resource(cast.elvdal, "asn", "64511", state="requested", ground_kind="")
    before = make_resource(
        cast.elvdal, "prefix", "198.18.0.0/24", state="requested", ground_kind="before"
    )
    MIGRATION.backwards(apps, None)
    for claim in (asked, before):
        claim.refresh_from_db()
    assert (asked.withdrawn_on, before.withdrawn_on) == (TODAY, None)


def test_what_lies_inside_a_stranger_s_claim_and_what_lies_in_that_become_requests(cast):
    """Organisations moved before what they claimed was judged anew."""
    outer = Resource.unscoped.get(organisation=cast.fjellvik, value="198.18.0.0/24")
    inside = {"ground_kind": "inside"}
    kept = make_resource(cast.school, "prefix", "198.18.0.0/26", within=outer, **inside)
    stale = make_resource(cast.elvdal, "prefix", "198.18.0.128/25", within=outer, **inside)
    inner = make_resource(cast.elvdal, "prefix", "198.18.0.128/26", within=stale, **inside)
    AFTER_MOVES.forwards(apps, None)
    found = Resource.unscoped.in_bulk()
    states = [found[claim.pk].state for claim in (outer, kept, stale, inner)]
    assert states == ["confirmed", "confirmed", "requested", "requested"]
    assert (found[inner.pk].within_id, found[inner.pk].reasons) == (None, "overlap")
