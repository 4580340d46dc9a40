"""The pages of claims: what the operator decides by, and what the claimant sees."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from samsyn.assets.models import Resource
from samsyn.assets.services import resource_claim
from tests.cast import NOON, make_resource


@pytest.fixture
def same(cast):
    """Fjellvik asks for the very range that Elvdal has."""
    return resource_claim(
        actor=cast.jonas,
        organisation=cast.fjellvik,
        kind="prefix",
        value="198.18.4.0/24",
        overlap="taken_over",
    )


def url(name, claim):
    return reverse(f"assets:{name}", args=[claim.pk])


def test_the_operator_sees_both_claims_side_by_side_and_confirms(cast, client, same):
    client.force_login(cast.people["astrid"])
    page = client.get(url("confirm", same))
    assert all(text in page.content.decode() for text in ("Elvdal", "This ends the claim of"))
    version = page.context["version"]
    given = {"ground_kind": "registry", "ground": "RIPE, 2 March", "version": version}
    assert client.post(url("confirm", same), given).status_code == 302
    same.refresh_from_db()
    assert (same.state, same.ground) == ("confirmed", "RIPE, 2 March")


def test_a_decision_taken_on_an_old_picture_is_stopped(cast, client, same):
    client.force_login(cast.people["astrid"])
    version = client.get(url("confirm", same)).context["version"]
    make_resource(cast.utmark, "prefix", "198.18.4.0/26")
    given = {"ground_kind": "registry", "ground": "RIPE", "version": version}
    assert client.post(url("confirm", same), given).status_code == 409
    same.refresh_from_db()
    assert same.state == "requested"


def test_the_page_names_no_claim_that_its_reader_does_not_see(cast, client):
    stranger = make_resource(cast.utmark, "prefix", "203.0.113.0/24")
    claim = resource_claim(
        actor=cast.jonas,
        organisation=cast.fjellvik,
        kind="prefix",
        value="203.0.113.0/25",
        overlap="part_of",
    )
    client.force_login(cast.people["astrid"])
    page = client.get(url("confirm", claim))
    assert "1 more claim belongs to an organisation that you do not see." in page.content.decode()
    assert page.context["version"] != ""
    assert not re.search(rf"(^|\W){stranger.pk}(\W|$)", page.context["version"])


def test_the_member_reads_why_it_waits_and_why_it_was_refused(cast, client, same):
    client.force_login(cast.people["jonas"])
    page = client.get(url("resource", same)).content.decode()
    assert "Another organisation has this, or a part of it." in page
    assert "Elvdal" not in page
    assert url("confirm", same) not in page
    assert client.get(url("confirm", same)).status_code == 403
    client.force_login(cast.people["astrid"])
    client.post(url("refuse", same), {"ground": "RIPE says Elvdal"})
    client.force_login(cast.people["jonas"])
    assert "RIPE says Elvdal" in client.get(url("resource", same)).content.decode()
    assert "198.18.4.0/24" in client.get("/resources/?state=refused").content.decode()


def test_who_confirms_adds_with_a_ground_and_others_are_not_asked_for_one(cast, client):
    given = {"organisation": cast.elvdal.pk, "kind": "domain", "value": "elvdal.example"}
    given |= {"source": "registry", "known_on": "2026-03-02"}
    client.force_login(cast.people["jonas"])
    assert "ground" not in client.get("/resources/new/").context["form"].fields
    client.force_login(cast.people["astrid"])
    page = client.post("/resources/new/", {**given, "ground_kind": "registry"})
    assert "Say both what kind of ground it is" in page.content.decode()
    client.post("/resources/new/", {**given, "ground_kind": "registry", "ground": "Norid"})
    assert Resource.unscoped.get(value="elvdal.example").state == "confirmed"


def test_only_who_confirms_is_asked_for_a_source_and_only_until_it_is_confirmed(cast, client, same):
    held = Resource.unscoped.get(value="198.18.0.0/24", organisation=cast.fjellvik)
    asked = {}
    for name in ("jonas", "astrid"):
        client.force_login(cast.people[name])
        addresses = ("/resources/new/", url("change", same), url("change", held))
        asked[name] = ["source" in client.get(at).context["form"].fields for at in addresses]
    assert asked == {"jonas": [False, False, False], "astrid": [True, True, False]}
    given = {"known_on": "2026-03-01", "note": "Moved"}
    assert client.post(url("change", held), given).status_code == 302
    held.refresh_from_db()
    assert (held.note, held.source) == ("Moved", "member")


def test_who_registered_a_claim_and_when_is_said_by_name(cast, client, same):
    Resource.unscoped.filter(pk=same.pk).update(registered_at=NOON)
    client.force_login(cast.people["astrid"])
    for address in (url("resource", same), url("confirm", same), "/resources/requests/"):
        page = client.get(address).content.decode()
        assert "Registered by" in page
        assert "Jonas" in page
        assert "jonas@fjellvik.example" not in page
        assert "2 Mar 2026" in page


def test_a_claim_is_not_among_those_of_others_and_each_says_its_kind(cast, client):
    make_resource(cast.elvdal, "domain", "havnes.example", state="requested")
    make_resource(cast.elvdal, "mail_domain", "havnes.example", state="requested")
    made = resource_claim(
        actor=cast.jonas,
        organisation=cast.fjellvik,
        kind="domain",
        value="havnes.example",
        overlap="part_of",
    )
    client.force_login(cast.people["astrid"])
    for name in ("resource", "confirm"):
        page = client.get(url(name, made)).content.decode()
        table = page.partition("<tbody")[2].partition("</tbody>")[0]
        assert "Fjellvik" not in table
        assert table.count("Elvdal") == 2
        assert ("mail domain" in table, "domain" in table) == (True, True)


def test_every_state_stands_in_the_list(cast, client):
    client.force_login(cast.people["jonas"])
    assert "confirmed" in client.get("/resources/").content.decode().partition("<tbody")[2]


def test_the_desk_and_the_members_page_count_what_waits(cast, client, same):
    client.force_login(cast.people["astrid"])
    assert "1 claim to decide" in client.get("/desk/").content.decode()
    client.force_login(cast.people["ingvild"])
    member = reverse("cockpit:member", args=[cast.fjellvik.pk])
    assert "1 claim waits for the security centre" in client.get(member).content.decode()


def test_the_api_does_the_same(cast, client, same):
    from samsyn.access.services import token_create

    secret = token_create(actor=cast.astrid, person=cast.people["astrid"], name="x").secret
    headers = {"Authorization": f"Bearer {secret}"}
    rows = client.get("/api/resources/requests", headers=headers).json()["items"]
    assert [(r["id"], r["state"], r["reasons"]) for r in rows] == [
        (same.pk, "requested", ["overlap"])
    ]
    answer = client.post(
        f"/api/resources/{same.pk}/confirm",
        {"ground_kind": "paper", "ground": "Contract"},
        content_type="application/json",
        headers=headers,
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "confirmed")
    assert Resource.unscoped.get(pk=same.pk).ground == "Contract"
