"""What can be done with a finding is offered to those who may do it, and to nobody else."""

from __future__ import annotations

import pytest

from tests.cast import make_finding

pytestmark = pytest.mark.django_db


def page(client, person, finding):
    return client.be(person).get(finding.get_absolute_url()).content.decode()


def test_the_owners_technician_is_offered_to_answer(client, cast):
    finding = make_finding(cast.fjellvik)
    assert f"{finding.get_absolute_url()}answer/" in page(client, cast.people["jonas"], finding)


def test_who_only_looks_is_not(client, cast):
    finding = make_finding(cast.fjellvik)
    assert f"{finding.get_absolute_url()}answer/" not in page(client, cast.people["liv"], finding)


def test_who_runs_it_for_the_owner_is_not_offered_what_the_gate_would_refuse(client, cast):
    finding = make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    url = f"{finding.get_absolute_url()}answer/"
    assert url not in page(client, cast.people["jonas"], finding)
    assert client.get(url).status_code == 403
