"""From what nobody received to a member's resource in one step, and history follows."""

from __future__ import annotations

import pytest

from samsyn.assets.models import Resource
from samsyn.findings.models import Finding
from samsyn.jobs.models import Run
from samsyn.jobs.services import work_once
from samsyn.kernel.errors import NotAllowed, RuleViolation
from samsyn.monitoring.receiving import receiver_set
from samsyn.monitoring.services import observation_import
from tests.api.programs import Program
from tests.monitoring.reports import row, write

NOBODYS = "203.0.113.9"
URL = "/feeds/unattributed/"


@pytest.fixture
def reported(cast, home, tmp_path):
    """Something has been seen at an address that is nobody's."""
    rows = [row("scan_rdp", address=NOBODYS, timestamp="2026-03-02 04:00:00")]
    path = write(tmp_path, rows, report="scan_rdp", on="2026-03-02")
    observation_import(actor=cast.job, operator=cast.samvakt, paths=[path])
    return cast


def given(cast, **changed):
    ground = {"ground_kind": "registry", "ground": "RIPE, 2 March"}
    wanted = {"organisation": cast.elvdal, "kind": "prefix", "value": "203.0.113.0/28"}
    return {**wanted, **ground, **changed}


def test_the_resource_counts_and_history_is_attributed_by_it(reported):
    assert not Finding.unscoped.filter(subject=NOBODYS).exists()
    made = receiver_set(actor=reported.astrid, **given(reported))
    assert made.is_attributed
    assert Resource.unscoped.get(value="203.0.113.0/28").state == "confirmed"
    run = work_once()
    assert run is not None
    assert run.job == "observation_attribute"
    assert Finding.unscoped.get(subject=NOBODYS).organisation == reported.elvdal


def test_two_resources_at_once_are_one_run(cast):
    receiver_set(actor=cast.astrid, **given(cast))
    receiver_set(actor=cast.astrid, **given(cast, value="203.0.113.16/28"))
    assert Run.objects.filter(job="observation_attribute", state="waiting").count() == 1


def test_what_another_has_too_needs_a_reason_and_then_waits(cast):
    with pytest.raises(RuleViolation) as caught:
        receiver_set(actor=cast.astrid, **given(cast, value="198.18.0.0/25"))
    assert caught.value.field == "overlap"
    made = receiver_set(actor=cast.astrid, **given(cast, value="198.18.0.0/25", overlap="part_of"))
    assert (made.is_attributed, made.resource.state) == (False, "requested")
    assert not Run.objects.filter(job="observation_attribute").exists()


def test_a_member_may_not(cast):
    with pytest.raises(NotAllowed):
        receiver_set(actor=cast.sigrid, **given(cast))


def test_a_row_of_what_is_nobodys_leads_to_the_form_filled_with_it(reported, client, monkeypatch):
    monkeypatch.setattr("samsyn.monitoring.views.UNATTRIBUTED_DAYS", 100_000)
    client.force_login(reported.people["astrid"])
    page = client.get(URL).content.decode()
    address = f"{URL}receiver/?kind=prefix&amp;value={NOBODYS}"
    assert address in page
    form = client.get(address.replace("&amp;", "&")).context["form"]
    assert (form.initial["kind"], form.initial["value"]) == ("prefix", NOBODYS)
    sent = {**given(reported), "organisation": reported.elvdal.pk, "overlap": ""}
    answer = client.post(f"{URL}receiver/", sent)
    claim = Resource.unscoped.get(value="203.0.113.0/28")
    assert answer.url == claim.get_absolute_url()


def test_who_may_not_confirm_sees_no_way_to_it(cast, client):
    client.force_login(cast.people["ragna"])
    assert "receiver/" not in client.get(URL).content.decode()


def test_programs_do_the_same(cast):
    sent = {**given(cast), "organisation_id": cast.elvdal.pk}
    sent.pop("organisation")
    answer = Program(cast, "astrid").post("/api/observations/receiver", sent)
    assert answer.status_code == 201
    assert answer.json()["is_attributed"]
