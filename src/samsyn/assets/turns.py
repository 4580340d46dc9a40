"""Claims in turn, and how many resources and contacts an organisation can have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from samsyn.access.limits import refuse_beyond, require_room
from samsyn.access.rows import beyond_scope
from samsyn.assets.models import ClaimState, Resource
from samsyn.organisations.models import Contact

CLAIMS_LOCK = 7_266_799  # any constant that no other room takes


def lock_claims() -> None:
    """Let one claim at a time be judged, so that two that meet do not miss each other."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [CLAIMS_LOCK])


def require_room_for(resource: Resource) -> None:
    """Require that one organisation does not fill the register, or the list of what waits."""
    its = Resource.unscoped.filter(  # scope: a number
        organisation=resource.organisation_id, withdrawn_on__isnull=True
    )
    require_room("resources", its, of=resource.organisation_id)
    if resource.state == ClaimState.REQUESTED:
        waiting = its.filter(state=ClaimState.REQUESTED)
        require_room("claims_waiting", waiting, of=resource.organisation_id)


def require_room_for_file(resources: Sequence[Resource], contacts: Sequence[Contact]) -> None:
    """Require room for all that a file adds, at each organisation.

    Nobody waits for others here: the trail is held already, and a file is the operator's own.
    """
    open_ones = Resource.unscoped.filter(withdrawn_on__isnull=True)  # scope: numbers
    _require("resources", open_ones, resources)
    asked = [one for one in resources if one.state == ClaimState.REQUESTED]
    _require("claims_waiting", open_ones.filter(state=ClaimState.REQUESTED), asked)
    _require("contacts", Contact.unscoped.all(), contacts)  # scope: numbers


@beyond_scope("says only how many there are")
def _require(name: str, rows: QuerySet[Any], coming: Sequence[Any]) -> None:
    new = Counter(one.organisation_id for one in coming)
    if not new:
        return
    held = rows.order_by().values_list("organisation").annotate(number=Count("pk"))
    there = dict(held)
    for place, number in new.items():
        refuse_beyond(name, there.get(place, 0) + number)
