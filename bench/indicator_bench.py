"""How quick indicators are: a night for 357 organisations, and the pages of who has one or ten.

Makes a home of its own: 357 organisations with twelve indicators each and a value every night
of a year for those that Samsyn measures at the first thirty; a month of nights at the others.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ORGANISATIONS, NIGHTS, HAND, OURS = 357, 365, 6, 6
CLIENTS = 10
WHOLE, FEW = 30, 32


def fill(today: Any) -> list[Any]:
    """Make organisations, indicators and a year of values; return the organisations."""
    from samsyn.actions.models import Action
    from samsyn.indicators.content import templates
    from samsyn.indicators.models import Indicator, Measurement
    from samsyn.organisations.models import Lineage, Organisation

    made = Organisation.unscoped.bulk_create(
        Organisation(name=f"Bench {n}", kind="other") for n in range(ORGANISATIONS)
    )
    Lineage.objects.bulk_create(Lineage(ancestor=o, descendant=o, same_entity=True) for o in made)
    ours = [t for t in templates("en") if t.measure][:OURS]
    hand = [t for t in templates("en") if not t.measure][:HAND]
    indicators = Indicator.unscoped.bulk_create(
        Indicator(
            organisation=o, key=t.key, name=t.name, definition=t.definition, unit=t.unit,
            direction=t.direction, target=t.target, band=t.band, measure=t.measure,
        )
        for o in made for t in (*ours, *hand)
    )  # fmt: skip
    nights = {o.pk: NIGHTS if number < WHOLE else FEW for number, o in enumerate(made)}
    Measurement.unscoped.bulk_create(
        (
            Measurement(
                indicator=i, on=today - timedelta(days=night), value=2 + night % 2,
                source="samsyn" if i.measure else "hand", noted_by="bench",
            )
            for i in indicators
            for night in range(1, nights[i.organisation_id], 1 if i.measure else 30)
        ),
        batch_size=5000,
    )  # fmt: skip
    then = datetime.now(UTC) - timedelta(days=9)
    Action.unscoped.bulk_create(
        Action(
            organisation=o, title=f"Action {n}", state="planned", due_on=today, created_at=then,
            state_since=then,
        )
        for o in made for n in range(20_000 // ORGANISATIONS)
    )  # fmt: skip
    return made


def main() -> None:
    from bench.dialogue_bench import measured
    from bench.pages_bench import prepare

    with tempfile.TemporaryDirectory(prefix="samsyn-bench-") as folder:
        prepare(Path(folder))
        from django.conf import settings
        from django.test import Client
        from django.utils import timezone

        from samsyn.access.actor import job_actor
        from samsyn.access.models import Membership, Person
        from samsyn.access.selectors import actor_of
        from samsyn.indicators.models import Indicator, Measurement
        from samsyn.indicators.selectors import standing
        from samsyn.indicators.services import indicators_measure

        today = timezone.localdate()
        organisations = fill(today)
        print(f"{Measurement.unscoped.count()} values of {Indicator.unscoped.count()} indicators")
        begun = time.perf_counter()
        done = indicators_measure(actor=job_actor("bench"), on=today, now=timezone.now())
        print(f"a night: {time.perf_counter() - begun:.2f} s, {done}")
        for count in (1, CLIENTS):
            person = Person.objects.create(email=f"b{count}@bench.example", name="Bench")
            for organisation in organisations[:count]:
                Membership.unscoped.create(person=person, organisation=organisation, role="ciso")
            client = Client(HTTP_HOST="127.0.0.1")
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
            measured(f"the list of {count} organisations", lambda c=client: c.get("/indicators/"))
        first = Indicator.unscoped.filter(organisation=organisations[0]).exclude(measure="").first()
        measured("the page of one", lambda: client.get(f"/indicators/{first.pk}/"))
        actor = actor_of(person)
        measured(
            "standing(), for a report",
            lambda: standing(actor=actor, organisation=organisations[0], on=today),
        )


if __name__ == "__main__":
    main()
