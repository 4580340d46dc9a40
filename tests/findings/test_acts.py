"""What can be done with a finding is offered to those who may do it, and to nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from samsyn.access.permissions import Permission
from samsyn.audit.models import Entry
from samsyn.findings.services import finding_acknowledge, finding_answer
from samsyn.kernel.errors import NotAllowed
from samsyn.organisations.models import Agreement
from tests.cast import NOON, make_finding

pytestmark = pytest.mark.django_db


def page(client, person, finding):
    return client.be(person).get(finding.get_absolute_url()).content.decode()


def test_the_owners_technician_is_offered_to_answer(client, cast):
    finding = make_finding(cast.fjellvik)
    assert f"{finding.get_absolute_url()}answer/" in page(client, cast.people["jonas"], finding)


def test_who_only_looks_is_not(client, cast):
    finding = make_finding(cast.fjellvik)
    assert f"{finding.get_absolute_url()}answer/" not in page(client, cast.people["liv"], finding)


@pytest.fixture
def run_by_fjellvik(cast):
    return make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")


def test_who_runs_it_for_the_owner_answers_too(client, cast, run_by_fjellvik):
    url = f"{run_by_fjellvik.get_absolute_url()}answer/"
    assert url in page(client, cast.people["jonas"], run_by_fjellvik)
    given = {"answer": "planned", "until": "2030-01-01", "note": "at the next window"}
    assert client.post(url, given).status_code == 302
    run_by_fjellvik.refresh_from_db()
    assert (run_by_fjellvik.state, run_by_fjellvik.answer_kind) == ("acknowledged", "planned")
    history = page(client, cast.people["sigrid"], run_by_fjellvik)
    assert "at the next window" in history
    entry = Entry.objects.get(action="findings.finding_answer")
    assert entry.organisation_id == cast.elvdal.pk
    assert entry.person_id == cast.people["jonas"].pk


def test_who_runs_it_is_led_to_no_page_of_the_owner(client, cast, run_by_fjellvik):
    own = cast.elvdal.get_absolute_url()
    assert own not in page(client, cast.people["jonas"], run_by_fjellvik)
    assert own in page(client, cast.people["sigrid"], run_by_fjellvik)


def test_the_owner_still_answers_for_what_another_runs(cast, run_by_fjellvik):
    finding_answer(actor=cast.sigrid, finding=run_by_fjellvik, answer="fixed", at=NOON)
    assert run_by_fjellvik.answer_kind == "fixed"


@pytest.mark.parametrize("name", ["liv", "egil", "revna"])
def test_a_host_answers_by_those_who_may_at_home(cast, run_by_fjellvik, name):
    with pytest.raises(NotAllowed):
        finding_answer(actor=getattr(cast, name), finding=run_by_fjellvik, answer="fixed", at=NOON)


def test_a_technician_of_the_host_takes_nothing_on_but_its_ciso_does(cast, run_by_fjellvik):
    with pytest.raises(NotAllowed):
        finding_acknowledge(actor=cast.jonas, finding=run_by_fjellvik, at=NOON)
    finding_acknowledge(actor=cast.ingvild, finding=run_by_fjellvik, at=NOON)
    assert run_by_fjellvik.state == "acknowledged"


def test_who_serves_the_host_does_nothing_in_its_name(cast, run_by_fjellvik):
    """The host's security centre may be a stranger to the owner."""
    Agreement.unscoped.filter(organisation=cast.elvdal).delete()
    assert not cast.astrid.may(Permission.FINDINGS_VIEW, cast.elvdal.pk)
    assert cast.astrid.may(Permission.FINDINGS_ANSWER, cast.fjellvik.pk)
    with pytest.raises(NotAllowed):
        finding_answer(actor=cast.astrid, finding=run_by_fjellvik, answer="fixed", at=NOON)
    with pytest.raises(NotAllowed):
        finding_acknowledge(actor=cast.astrid, finding=run_by_fjellvik, at=NOON)


def test_a_host_answers_for_nothing_else_of_the_owner(client, cast):
    others = make_finding(cast.elvdal, subject="198.18.4.9")
    with pytest.raises(NotAllowed):
        finding_answer(actor=cast.jonas, finding=others, answer="fixed", at=NOON)
    assert client.be(cast.people["jonas"]).get(others.get_absolute_url()).status_code == 404


def test_a_token_for_looking_answers_for_no_host(cast, run_by_fjellvik):
    looking = replace(cast.jonas, only=frozenset({Permission.FINDINGS_VIEW}))
    with pytest.raises(NotAllowed):
        finding_answer(actor=looking, finding=run_by_fjellvik, answer="fixed", at=NOON)
