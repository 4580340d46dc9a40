"""Who runs a resource for its owner: a claim too, until the operator confirms it."""

from __future__ import annotations

import pytest

from samsyn.access.models import Membership
from samsyn.access.permissions import Role
from samsyn.access.selectors import actor_of
from samsyn.assets.claim_selectors import request_list
from samsyn.assets.models import Resource
from samsyn.assets.services import (
    resource_change,
    resource_refuse,
)
from samsyn.kernel.errors import NotAllowed
from tests.assets.claiming import claim, confirm, of
from tests.cast import NOON


def two_roles(cast):
    """Let Jonas be a technician of Elvdal too: he may change the resources of both."""
    Membership.unscoped.create(
        person=cast.people["jonas"], organisation=cast.elvdal, role=Role.TECHNICIAN
    )
    return actor_of(cast.people["jonas"])


def test_another_host_waits_for_the_operator_and_opens_nothing_before(cast):
    jonas = two_roles(cast)
    ours = of(cast.fjellvik, "198.18.0.0/24")
    resource_change(actor=jonas, resource=ours, operated_by=cast.elvdal)
    assert (ours.operated_by, ours.host_asked, ours.state) == (None, cast.elvdal, "confirmed")
    assert list(request_list(actor=cast.astrid)) == [ours]
    confirm(cast.astrid, ours)
    ours.refresh_from_db()
    assert (ours.operated_by, ours.host_asked) == (cast.elvdal, None)


def test_a_refused_host_leaves_the_claim(cast):
    ours = of(cast.fjellvik, "198.18.0.0/24")
    resource_change(actor=two_roles(cast), resource=ours, operated_by=cast.elvdal)
    resource_refuse(actor=cast.astrid, resource=ours, ground="No contract", now=NOON)
    assert (ours.operated_by, ours.host_asked, ours.state) == (None, None, "confirmed")


def test_a_host_within_the_legal_entity_is_the_owners_choice(cast):
    ours = of(cast.fjellvik, "198.18.0.0/24")
    resource_change(actor=cast.jonas, resource=ours, operated_by=cast.school)
    assert ours.operated_by == cast.school


def test_an_owner_ends_what_another_runs_for_it(cast):
    theirs = of(cast.elvdal, "198.18.5.0/24")
    resource_change(actor=cast.sigrid, resource=theirs, operated_by=None)
    assert theirs.operated_by is None


def test_nobody_names_a_host_that_they_have_no_right_at(cast):
    with pytest.raises(NotAllowed):
        claim(cast.jonas, cast.fjellvik, "domain", "a.fjellvik.example", operated_by=cast.elvdal)


def test_a_forged_host_is_refused_at_the_form_and_at_the_api(cast, client):
    client.force_login(cast.people["jonas"])
    given = {
        "organisation": cast.fjellvik.pk,
        "kind": "domain",
        "value": "a.fjellvik.example",
        "source": "member",
        "known_on": "2026-03-02",
        "operated_by": cast.elvdal.pk,
    }
    assert client.post("/resources/new/", given).status_code == 422
    assert not Resource.unscoped.filter(value="a.fjellvik.example").exists()


def test_an_operator_names_a_host_at_once_only_on_a_ground_which_stays(client, cast):
    ours = of(cast.fjellvik, "198.18.0.0/24")
    resource_change(actor=cast.astrid, resource=ours, operated_by=cast.elvdal)
    assert (ours.operated_by, ours.host_asked) == (None, cast.elvdal)
    resource_change(
        actor=cast.astrid,
        resource=ours,
        operated_by=cast.elvdal,
        ground_kind="paper",
        ground="Contract of March",
    )
    assert (ours.operated_by, ours.host_asked) == (cast.elvdal, None)
    text = client.be(cast.people["ingvild"]).get(ours.get_absolute_url()).content.decode()
    assert "by Astrid" in text
    assert "Contract of March" in text


def test_a_host_that_was_confirmed_tells_who_confirmed_it(client, cast):
    ours = of(cast.fjellvik, "198.18.0.0/24")
    resource_change(actor=two_roles(cast), resource=ours, operated_by=cast.elvdal)
    confirm(cast.astrid, ours, ground="Both have said so")
    ours.refresh_from_db()
    assert (ours.host_by, ours.host_ground) == (cast.astrid.label, "Both have said so")


def test_the_form_of_an_operator_asks_for_the_ground_and_an_owners_does_not(client, cast):
    url = of(cast.fjellvik, "198.18.0.0/24").get_absolute_url()
    assert 'name="ground"' in client.be(cast.people["astrid"]).get(f"{url}change/").content.decode()
    own = client.be(cast.people["jonas"]).get(f"{url}change/").content.decode()
    assert 'name="ground"' not in own
