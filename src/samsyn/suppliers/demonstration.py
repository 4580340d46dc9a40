"""Gives some organisations those whom they depend on, by the services everybody uses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from samsyn.access.actor import Actor
from samsyn.content.packs import pack
from samsyn.organisations.selectors import organisation_list
from samsyn.suppliers.services import supplier_add

PACK = "demonstration/suppliers.yaml"
REGISTERED_DAYS_AGO = 200


def suppliers_build(*, actor: Actor, today: date) -> None:
    """Register the suppliers of each organisation."""
    known = {o.name: o for o in organisation_list(actor=actor)}
    then = datetime.combine(today - timedelta(days=REGISTERED_DAYS_AGO), time(9), tzinfo=UTC)
    for entry in pack(PACK)["organisations"]:
        for facts in entry["suppliers"]:
            given = {name: value for name, value in facts.items() if name != "until"}
            ends = today + timedelta(days=facts["until"]) if "until" in facts else None
            supplier_add(
                actor=actor,
                organisation=known[entry["name"]],
                now=then,
                contract_until=ends,
                **given,
            )
