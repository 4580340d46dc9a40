"""What a constituency file changes is on record at whom it concerns, as with a form."""

from __future__ import annotations

import pytest

from samsyn.assets.constituency import constituency_import
from samsyn.assets.models import Resource
from samsyn.audit.models import Entry
from samsyn.audit.selectors import trail_break
from samsyn.organisations.models import Agreement, Organisation
from tests.assets.test_constituency_tree import below, take

pytestmark = pytest.mark.django_db


def entries(organisation, kind, action="assets.constituency_import"):
    rows = Entry.objects.filter(organisation_id=organisation.pk, object_type=kind)
    return list(rows.filter(action=action).order_by("number"))


def test_a_changed_organisation_has_an_entry_with_what_it_was(cast):
    energy = below(cast, "Elvdal Energi", cast.elvdal)
    take(cast, "Elvdal Energi,SE,sv,Fjellvik,other,,,,", actor=cast.job)
    (entry,) = entries(energy, "organisations.Organisation")
    assert entry.object_id == str(energy.pk)
    assert entry.changes == {
        "kind": ["company", "other"],
        "country": ["NO", "SE"],
        "language": ["nb", "sv"],
        "parent_id": [cast.elvdal.pk, cast.fjellvik.pk],
    }


def test_a_new_organisation_and_its_agreement_have_an_entry_each(cast):
    take(cast, "Havnes,NO,nb,,municipality,,,,")
    made = Organisation.unscoped.get(name="Havnes")
    (entry,) = entries(made, "organisations.Organisation")
    assert entry.changes["name"] == [None, "Havnes"]
    (entry,) = entries(made, "organisations.Agreement", "organisations.agreement_sign")
    assert entry.object_id == str(Agreement.unscoped.get(organisation=made).pk)
    assert entry.changes["operator_id"] == [None, cast.samvakt.pk]


def test_new_contacts_and_resources_have_entries_with_their_values_at_their_owner(cast):
    take(
        cast,
        "Elvdal,,,,,domain,elvdal.example,,",
        "Elvdal,,,,,,,technical,evil@attacker.example",
        "Fjellvik,,,,,domain,nes.example,,",
    )
    (entry,) = entries(cast.elvdal, "organisations.Contact")
    assert entry.changes["email"] == [None, "evil@attacker.example"]
    (entry,) = entries(cast.elvdal, "assets.Resource")
    assert entry.changes["value"] == [None, "elvdal.example"]
    assert entry.object_id == str(Resource.unscoped.get(value="elvdal.example").pk)
    assert "Henrik" in entry.actor
    assert len(entries(cast.fjellvik, "assets.Resource")) == 1


def test_a_changed_host_has_an_entry_with_who_it_was(cast):
    content = "organisation,country,language,parent,kind,resource_type,value,contact_purpose"
    content += ",contact_email,operated_by\nElvdal,,,,,prefix,198.18.4.0/24,,,Fjellvik\n"
    constituency_import(actor=cast.henrik, operator=cast.samvakt, content=content.encode())
    (entry,) = entries(cast.elvdal, "assets.Resource")
    assert entry.changes["operated_by_id"] == [None, cast.fjellvik.pk]
    assert entry.changes["host_ground_kind"] == ["", "import"]


def test_the_numbers_stand_at_the_security_centre_in_the_last_entry(cast):
    take(cast, "Elvdal,,,,,domain,elvdal.example,,")
    last = Entry.objects.order_by("number").last()
    assert (last.organisation_id, last.object_type) == (cast.samvakt.pk, "")
    assert last.changes == {"resources_new": [None, 1]}


def test_a_file_that_is_only_looked_at_leaves_one_entry_that_says_so(cast):
    before = Entry.objects.count()
    take(cast, "Elvdal,,,,,domain,elvdal.example,,", dry_run=True)
    assert Entry.objects.count() == before + 1
    last = Entry.objects.order_by("number").last()
    assert (last.action, last.changes) == (
        "assets.constituency_preview",
        {"dry_run": [None, True]},
    )


def test_a_member_reads_it_in_its_change_log(cast, client):
    take(cast, "Elvdal,,,,,,,technical,evil@attacker.example")
    page = client.be(cast.people["sigrid"]).get("/change-log/")
    assert "evil@attacker.example" in page.content.decode()


def test_the_chain_of_many_entries_is_whole(cast):
    take(cast, *(f"Elvdal,,,,,domain,d{n}.example,," for n in range(1200)))
    numbers = list(Entry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert trail_break() is None
