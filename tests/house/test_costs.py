"""Laws on cost: a list takes the same number of queries however long it is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.audit.services import record
from samsyn.organisations.models import Contact
from tests.annual_wheel.builders import make_activity
from tests.cast import (
    make_action,
    make_batch,
    make_decision,
    make_document,
    make_edition,
    make_finding,
    make_organisation,
    make_resource,
)
from tests.house.laws import addresses
from tests.indicators.builders import make_indicator
from tests.maturity.builders import make_dialogue
from tests.reporting.builders import make_meeting, make_proposal
from tests.suppliers.builders import make_supplier

pytestmark = pytest.mark.once
MOST = 25


def findings(cast, n):
    make_finding(cast.fjellvik, subject=f"198.18.0.{n}", port=n + 1)


def resources(cast, n):
    make_resource(cast.elvdal, "domain", f"d{n}.example")


def requests(cast, n):
    make_resource(cast.elvdal, "domain", f"d{n}.example", state="requested", reasons="unknown")


def organisations(cast, n):
    make_organisation(f"Unit {n}", kind="unit", parent="Fjellvik")


def batches(cast, n):
    make_batch(cast.samvakt, sha256=f"{n:064d}")


def editions(cast, n):
    make_edition(cast.fjellvik, begins_on=f"{2000 + n // 12}-{n % 12 + 1:02d}-01")


def actions(cast, n):
    owner = cast.people["ingvild"] if n % 2 else None
    make_action(cast.fjellvik, title=f"Action {n}", owner_person=owner)


def decisions(cast, n):
    make_decision(cast.fjellvik, title=f"Decision {n}")


def documents(cast, n):
    make_document(cast.fjellvik, title=f"Minutes {n}")


def dialogues(cast, n):
    make_dialogue(cast, title=f"Dialogue {n}")


def activities(cast, n):
    make_activity(cast, title=f"Activity {n}", frequency="yearly", months=[n % 12 + 1])


def indicators(cast, n):
    make_indicator(cast, name=f"Indicator {n}")


def proposals(cast, n):
    make_proposal(cast, title=f"Proposal {n}")


def meetings(cast, n):
    make_meeting(cast, title=f"Meeting {n}")


def entries(cast, n):
    record(
        actor=f"Person {n} <p{n}@x.example>",
        person_id=None,
        action="assets.resource_change",
        organisation_id=cast.fjellvik.pk,
        thing=cast.fjellvik,
    )


def suppliers(cast, n):
    make_supplier(cast, name=f"Supplier {n}")


def contacts(cast, n):
    Contact.unscoped.create(
        organisation=cast.fjellvik, purpose="management", email=f"c{n}@fjellvik.example"
    )


LISTS = {
    "/change-log/": entries,
    "/findings/": findings,
    "/findings/?state=unsolved": findings,
    "/resources/": resources,
    "/resources/requests/": requests,
    "/organisations/": organisations,
    "/feeds/": batches,
    "/situation/": editions,
    "/actions/": actions,
    "/actions/board/": actions,
    "/actions/calendar/?month=2026-04": actions,
    "/decisions/": decisions,
    "/documents/": documents,
    "/maturity/": dialogues,
    "/indicators/": indicators,
    "/suppliers/": suppliers,
    "/contacts/": contacts,
    "/management/proposals/": proposals,
    "/management/meetings/": meetings,
    "/wheel/": activities,
    "/wheel/?year=2027": activities,
    "/wheel/year/": activities,
    "/wheel/list/": activities,
    "/desk/": findings,
    "/members/": findings,
}


OF_THE_ORGANISATION = (
    "/actions/",
    "/change-log/",
    "/decisions/",
    "/documents/",
    "/maturity/",
    "/indicators/",
    "/management/",
    "/suppliers/",
    "/wheel/",
)  # closed to its CSIRT


@pytest.mark.parametrize("url", LISTS)
def test_a_list_costs_the_same_however_long(client, cast, url):
    client.be(cast.people["ingvild" if url.startswith(OF_THE_ORGANISATION) else "astrid"])
    made, costs = 0, []
    for more in (2, 198):
        for _ in range(more):
            LISTS[url](cast, made)
            made += 1
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        costs.append(len(queries))
    assert costs[1] <= costs[0] <= MOST, costs


def test_the_lists_of_every_room_are_watched():
    shown = {"/" + path for name, path in addresses() if name.endswith((":list", ":resources"))}
    assert shown <= {url.split("?")[0] for url in LISTS}
