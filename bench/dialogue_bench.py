"""How quick a maturity dialogue with forty raters is: the screen, its every-second question, the files.

Makes a home of its own. Each figure stands beside what an empty page (/healthz) takes in the same process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
RATERS, TIMES = 40, 30


def dialogue_of(person: Any, organisation: Any) -> Any:
    """Return a dialogue in its meeting: forty have rated, all is shown and agreed."""
    from samsyn.access.selectors import actor_of
    from samsyn.maturity.links import participant_actor, seat_open, seat_token
    from samsyn.maturity.services.meeting import area_agree, area_reveal, proposal_add
    from samsyn.maturity.services.preparing import dialogue_move, dialogue_prepare
    from samsyn.maturity.services.rating import Given, rating_give

    actor, now = actor_of(person), datetime.now(tz=UTC)
    dialogue = dialogue_prepare(
        actor=actor, organisation=organisation, title="Bench", held_on=date(2026, 11, 22)
    )
    dialogue = dialogue_move(actor=actor, dialogue=dialogue, step="rating", now=now)
    begun = time.perf_counter()
    for number in range(RATERS):
        seat = seat_open(seat_token(dialogue, ("staff", "leadership")[number % 2]))
        for area in dialogue.areas.all():
            given = Given(level=1 + number % 4, reason=f"Because of {number}")
            rating_give(
                actor=participant_actor(dialogue), dialogue=dialogue, area=area.pk,
                rater=seat.rater, group=seat.group, given=given,
            )  # fmt: skip
    each = (time.perf_counter() - begun) / RATERS / 6
    print(f"one rating kept, trail and all: {1000 * each:.1f} ms")
    dialogue = dialogue_move(actor=actor, dialogue=dialogue, step="meeting", now=now)
    for area in dialogue.areas.select_related("dialogue__organisation"):
        area_reveal(actor=actor, area=area)
        area_agree(actor=actor, area=area, agreed=2, reasons="One\nTwo\nThree")
        proposal_add(actor=actor, area=area, what="Do it", horizon="near", how="So", who="We")
    return dialogue


def measured(name: str, work: Callable[[], Any]) -> None:
    """Print the middle and the 95th percentile of many times."""
    work()
    taken = []
    for _n in range(TIMES):
        begun = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begun))
    taken.sort()
    print(f"{name:45} {taken[TIMES // 2]:7.1f} ms {taken[int(TIMES * 0.95)]:7.1f} ms")


def main() -> None:
    from bench.pages_bench import prepare

    with tempfile.TemporaryDirectory(prefix="samsyn-bench-") as folder:
        prepare(Path(folder))
        from django.conf import settings
        from django.test import Client

        from samsyn.access.models import Membership, Person
        from samsyn.access.selectors import actor_of
        from samsyn.maturity.deck import dialogue_slides
        from samsyn.maturity.printed import dialogue_pdf
        from samsyn.maturity.selectors import standing_mark
        from samsyn.organisations.models import Lineage, Organisation

        company = Organisation.unscoped.create(name="Bench", kind="other")
        Lineage.objects.create(ancestor=company, descendant=company, same_entity=True)
        person = Person.objects.create(email="a@bench.example", name="A", language="en")
        Membership.unscoped.create(person=person, organisation=company, role="ciso")
        dialogue = dialogue_of(person, company)
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        url = f"/maturity/{dialogue.pk}/"
        seen = f"{url}meet/now/?seen={standing_mark(dialogue)}"
        print(f"{RATERS} raters, six areas {'middle':>26} {'95 %':>10}")
        measured("an empty page", lambda: client.get("/healthz"))
        measured("asked every second, nothing new", lambda: client.get(seen))
        measured("the meeting's screen", lambda: client.get(f"{url}meet/"))
        measured("the dialogue's page", lambda: client.get(url))
        given = {"actor": actor_of(person), "dialogue": dialogue, "language": "nb"}
        measured("the PDF", lambda: dialogue_pdf(**given))
        measured("the slides", lambda: dialogue_slides(**given))


if __name__ == "__main__":
    main()
