"""What two ask for is nobody's; who sorts that out sees that it is so, and a claimant does not."""

from __future__ import annotations

import pytest

from samsyn.monitoring.selectors import ObservationFilter, observation_list
from tests.cast import make_resource
from tests.monitoring.reports import row, write
from tests.monitoring.test_observation_import import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_claim(cast, home, tmp_path):
    for claimant in (cast.fjellvik, cast.elvdal):
        make_resource(claimant, "prefix", "198.18.9.0/24", state="requested")
    take(cast, write(tmp_path, [row(address="198.18.9.7"), row(address="203.0.113.9")]))


def listed(actor):
    wanted = ObservationFilter(only_unattributed=True)
    rows = observation_list(actor=actor, wanted=wanted, with_raw=False)
    return {each["source_ip"]: each["contested"] for each in rows}


def test_an_analyst_sees_which_rows_are_contested(cast, two_claim):
    assert listed(cast.astrid) == {"198.18.9.7": True, "203.0.113.9": False}


def test_a_claimant_sees_none_of_them(cast, two_claim):
    assert listed(cast.ingvild) == {}
