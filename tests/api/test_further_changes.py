"""The other changes that programs make stand on the services of the pages."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samsyn.assets.models import Resource
from tests.annual_wheel.builders import make_occurrence
from tests.api.programs import Program
from tests.cast import make_action, make_document, make_finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def ingvild(cast):
    return Program(cast, "ingvild")


def test_an_indicator_is_added_measured_corrected_and_retired(ingvild, cast):
    given = {
        "organisation_id": cast.fjellvik.pk, "name": "Patched", "unit": "percent",
        "direction": "up", "target": 90,
    }  # fmt: skip
    made = ingvild.post("/api/indicators", given).json()
    url = f"/api/indicators/{made['id']}"
    assert ingvild.patch(url, {"target": 95}, If_Match='"1"').json()["target"] == 95
    value = ingvild.post(f"{url}/measurements", {"on": "2026-03-02", "value": 70}).json()
    correct = f"/api/measurements/{value['id']}/correct"
    answer = ingvild.post(correct, {"value": 72, "note": "Read wrongly"}, If_Match='"1"')
    assert answer.json()["value"] == 72
    assert ingvild.post(correct, {"value": 73, "note": "x"}, If_Match='"1"').status_code == 412
    assert ingvild.post(f"{url}/retire").json()["is_retired"]
    assert not ingvild.post(f"{url}/resume").json()["is_retired"]


def test_an_activity_is_added_changed_stopped_and_resumed(ingvild, cast):
    given = {
        "organisation_id": cast.fjellvik.pk, "title": "Test of backup", "frequency": "yearly",
        "months": [5], "owner_person_id": cast.people["jonas"].pk,
    }  # fmt: skip
    made = ingvild.post("/api/wheel/activities", given).json()
    assert made["owner_person_id"] == cast.people["jonas"].pk
    url = f"/api/wheel/activities/{made['id']}"
    assert ingvild.patch(url, {"output": "Minutes"}, If_Match='"1"').json()["output"] == "Minutes"
    assert not ingvild.post(f"{url}/stop").json()["is_active"]
    assert ingvild.post(f"{url}/resume").json()["is_active"]
    given = {**given, "owner_person_id": cast.people["sigrid"].pk}
    assert ingvild.post("/api/wheel/activities", given).status_code == 422


def test_a_turn_is_reopened_and_a_period_kept(ingvild, cast):
    turn = make_occurrence(cast)
    url = f"/api/activities/{turn.pk}"
    assert ingvild.post(f"{url}/complete", {"minutes": "Done."}).json()["standing"] == "done"
    assert ingvild.post(f"{url}/reopen").json()["done_at"] is None
    given = {
        "organisation_id": cast.fjellvik.pk, "kind": "budget", "title": "Budget",
        "from_month": 9, "to_month": 11,
    }  # fmt: skip
    made = ingvild.post("/api/wheel/marks", given).json()
    assert ingvild.post(f"/api/wheel/marks/{made['id']}/remove").status_code == 204


def test_a_document_is_changed_attached_and_gets_a_newer_file(ingvild, cast, home):
    document, action = make_document(cast.fjellvik), make_action(cast.fjellvik)
    url, about = f"/api/documents/{document.pk}", f"actions.Action-{action.pk}"
    changed = ingvild.patch(url, {"title": "Minutes"}, If_Match=ingvild.get(url)["ETag"])
    assert changed.json()["title"] == "Minutes"
    attached = ingvild.post(f"{url}/attach", {"evidence_of": about}).json()
    assert attached["evidence_of"] == [about]
    assert ingvild.post(f"{url}/detach", {"evidence_of": about}).json()["evidence_of"] == []
    assert ingvild.post(f"{url}/detach", {"evidence_of": about}).status_code == 422
    file = SimpleUploadedFile("newer.pdf", b"%PDF-1.7 newer", "application/pdf")
    head = {"Authorization": f"Bearer {ingvild.secret}"}
    answer = ingvild.client.post(f"{url}/versions", {"file": file}, headers=head)
    assert [version["number"] for version in answer.json()["versions"]] == [2, 1]


def test_notes_and_what_is_taken_on(ingvild, cast):
    action, finding = make_action(cast.fjellvik), make_finding(cast.fjellvik)
    answer = ingvild.post(f"/api/actions/{action.pk}/note", {"note": "Asked the supplier."})
    assert "Asked the supplier." in [line["note"] for line in answer.json()["history"]]
    answer = ingvild.post(f"/api/findings/{finding.pk}/acknowledge", {"note": "Looking."})
    assert answer.json()["state"] != "open"


def test_a_resource_keeps_who_runs_it_unless_that_is_said(cast):
    jonas = Program(cast, "jonas")
    resource = Resource.unscoped.filter(organisation=cast.fjellvik, kind="domain").get()
    resource.operated_by = cast.school
    resource.save()
    url = f"/api/resources/{resource.pk}"
    assert jonas.patch(url, {"note": "New"}).json()["operated_by_id"] == cast.school.pk
    assert jonas.patch(url, {"operated_by_id": None}).json()["operated_by_id"] is None


def test_members_are_told_and_a_file_is_tried(cast):
    astrid = Program(cast, "astrid")
    make_finding(cast.fjellvik)
    assert astrid.post("/api/findings/tell", {}).json()["messages"] == 1
    assert astrid.post("/api/findings/tell", {}).json()["messages"] == 0
    message = astrid.get("/api/messages").json()["items"][0]
    assert astrid.get(f"/api/messages/{message['id']}").json()["to"] == message["to"]
    text = (
        "organisation,country,language,parent,kind,resource_type,value,"
        "contact_purpose,contact_email\nSjovik,NO,nb,,municipality,,,,\n"
    )
    given = {"dry_run": "true", "file": SimpleUploadedFile("c.csv", text.encode())}
    head = {"Authorization": f"Bearer {astrid.secret}"}
    answer = astrid.client.post("/api/resources/import", given, headers=head)
    assert answer.json()["organisations_new"] == ["Sjovik"]
