"""One group of members is told: by whom, what is then on record, and never twice."""

from __future__ import annotations

import pytest

from samsyn.audit.models import Entry
from samsyn.findings import telling_selectors as selectors
from samsyn.findings.models import Finding, FindingEvent
from samsyn.findings.telling import members_tell
from samsyn.findings.telling_rounds import TellingRound
from samsyn.kernel.errors import NotAllowed
from samsyn.messages.models import Message
from samsyn.organisations.models import Contact
from tests.cast import NOON, make_finding


@pytest.fixture
def group(cast):
    """Give what one group of a round takes: Elvdal's finding, which Fjellvik runs for it."""
    make_finding(cast.elvdal, operated_by=cast.fjellvik, subject="198.18.5.1")
    routes = selectors.route_list(actor=cast.job, operator=cast.samvakt)
    (together,) = selectors.route_groups(routes)
    receivers = selectors.receiver_list(actor=cast.job, routes=routes)
    this_round = TellingRound(
        operator=cast.samvakt,
        reply_to="",
        contacts={one.organisation.pk: one.contacts for one in receivers},
        open_totals=selectors.open_totals(
            actor=cast.job, receivers=[one.organisation for one in receivers]
        ),
        only_urgent=False,
        now=NOON,
    )
    return {
        "organisations": [cast.elvdal, cast.fjellvik],
        "routes": together,
        "this_round": this_round,
    }


def test_owner_and_host_are_told_together_and_the_finding_once(cast, group):
    told = members_tell(actor=cast.astrid, **group)
    assert (told.members, told.messages, told.findings, told.failed) == (2, 2, 1, ())
    assert set(Message.unscoped.values_list("to", flat=True)) == {
        "drift@elvdal.example",
        "drift@fjellvik.example",
    }
    kept = Finding.unscoped.get()
    assert (kept.told_at, kept.told_reopened, kept.state) == (NOON, 0, "open")
    event = FindingEvent.unscoped.get()
    assert (event.kind, event.at) == ("told", NOON)
    assert "Astrid" in event.by
    entry = Entry.objects.get(action="findings.members_tell")
    assert entry.organisation_id == min(cast.elvdal.pk, cast.fjellvik.pk)
    assert entry.person_id == cast.people["astrid"].pk


def test_what_another_worker_has_told_is_not_told_again(cast, group):
    members_tell(actor=cast.job, **group)
    again = members_tell(actor=cast.job, **group)
    assert (again.members, again.messages, again.findings, again.failed) == (0, 0, 0, ())
    assert Message.unscoped.count() == 2
    assert FindingEvent.unscoped.count() == 1


@pytest.mark.parametrize("name", ["ingvild", "sigrid", "henrik", "ragna", "albin"])
def test_who_may_not_write_to_all_of_them_writes_to_none(cast, group, name):
    with pytest.raises(NotAllowed):
        members_tell(actor=getattr(cast, name), **group)
    assert not Message.unscoped.exists()
    assert Finding.unscoped.get().told_at is None


def test_what_no_address_could_be_told_of_stays_untold(cast, group):
    Contact.unscoped.update(email="not an address")
    for contacts in group["this_round"].contacts.values():
        for contact in contacts:
            contact.email = f"not an address {contact.pk}"
    told = members_tell(actor=cast.astrid, **group)
    assert (told.members, told.messages, told.findings, len(told.failed)) == (0, 0, 0, 2)
    assert Finding.unscoped.get().told_at is None
    assert not FindingEvent.unscoped.exists()
