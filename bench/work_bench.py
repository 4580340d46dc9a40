"""How quick the pages of an organisation's own work are, for eight people at once.

Makes a home of its own: 357 organisations, 20,000 actions, 50,000 turns of the annual wheel, and
management's page. Half of the eight are CISO of one organisation, half advise forty clients.
Each figure stands beside what an empty page (/healthz) takes in the same crowd; then how long a
meeting's pack takes as PDF and as slides.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ORGANISATIONS, CLIENTS, ACTIONS, TURNS = 357, 40, 20_000, 50_000
SEED = 20_261_122
PAGES = (
    "/actions/", "/actions/?state=unclosed&order=-due", "/actions/board/", "/actions/calendar/",
    "/actions/{action}/", "/wheel/?organisation={home}", "/wheel/year/?organisation={home}",
    "/wheel/list/", "/decisions/", "/indicators/?organisation={home}", "/management/{home}/",
    "/members/{home}/",
)  # fmt: skip


def organisations() -> tuple[Any, list[Any]]:
    """Make the operator and the organisations, and its agreements to advise forty of them."""
    from samsyn.organisations.models import Agreement, Lineage, Organisation

    operator = Organisation.unscoped.create(name="Bench advisers", kind="operator")
    made = Organisation.unscoped.bulk_create(
        Organisation(name=f"Client {n:03d}", kind="municipality", country="NO", language="nb")
        for n in range(ORGANISATIONS)
    )
    Lineage.objects.bulk_create(
        Lineage(ancestor=o, descendant=o, same_entity=True) for o in [operator, *made]
    )
    Agreement.unscoped.bulk_create(
        Agreement(organisation=o, operator=operator, service="ciso", valid_from="2025-01-01")
        for o in made[:CLIENTS]
    )
    return operator, made


def people(operator: Any, home: Any) -> dict[str, Any]:
    """Make the adviser and the CISO."""
    from samsyn.access.models import Membership, Person
    from samsyn.organisations.models import Assignment

    adviser = Person.objects.create(email="adviser@bench.example", name="Adviser", language="sv")
    Membership.unscoped.create(person=adviser, organisation=operator, role="adviser")
    Assignment.unscoped.create(organisation=operator, person=adviser, service="ciso")
    ciso = Person.objects.create(email="ciso@bench.example", name="Ciso", language="nb")
    Membership.unscoped.create(person=ciso, organisation=home, role="ciso")
    return {"ciso of one": ciso, "adviser of forty": adviser}


def actions(made: list[Any], today: date) -> None:
    """Make the actions, in all states, due from a year ago to a year ahead."""
    from django.utils import timezone

    from samsyn.actions.models import Action, ActionArea

    dice, now = random.Random(SEED), timezone.now()
    states = ("proposed", "planned", "in_progress", "done", "declined")
    rows = []
    for number in range(ACTIONS):
        state = dice.choice(states)
        due = today + timedelta(days=dice.randint(-360, 360))
        check = {"effect_question": "Did it help?", "effect_due_on": due} if state == "done" else {}
        rows.append(
            Action(
                organisation=made[number % ORGANISATIONS], title=f"Action {number}",
                why="Because of what we saw. " * 8, how="In steps. " * 8, state=state, due_on=due,
                state_since=now - timedelta(days=dice.randint(1, 300)), owner_role="ciso",
                area=dice.choice(ActionArea.values), priority=dice.randint(1, 3), **check,
            )
        )  # fmt: skip
    Action.unscoped.bulk_create(rows, batch_size=2000)


def turns(made: list[Any], today: date) -> None:
    """Make the activities of the pack for each organisation, and two years of their turns."""
    from samsyn.annual_wheel.content import templates
    from samsyn.annual_wheel.models import Activity, Occurrence

    begun = [
        Activity(
            organisation=o, key=t.key, title=t.title, output=t.output, area=t.area, role=t.role,
            frequency=t.frequency, months=list(t.months), made_until=today,
        )
        for o in made for t in templates("nb")
    ]  # fmt: skip
    begun = Activity.unscoped.bulk_create(begun, batch_size=2000)
    each = TURNS // len(begun) + 1
    months = [date(today.year - 1 + n // 12, n % 12 + 1, 1) for n in range(24)]
    rows = []
    for number, activity in enumerate(begun):
        for n in range(each):
            month = months[(number + n * (24 // each)) % 24]
            due = month + timedelta(days=24)
            is_done = due < today and number % 9
            rows.append(
                Occurrence(
                    organisation_id=activity.organisation_id, activity=activity, month=month,
                    opens_on=month, due_on=due, state="done" if is_done else "ahead",
                    done_at=f"{due}T12:00:00Z" if is_done else None,
                )
            )  # fmt: skip
    Occurrence.unscoped.bulk_create(rows[:TURNS], batch_size=5000, ignore_conflicts=True)


def served(person: Any, name: str, values: dict[str, Any]) -> None:
    """Serve the home as in service, and let eight of this person open each page."""
    from bench.pages_bench import PEOPLE, crowd, fetched, middle, session_of, wait_for
    from bench.ports import free_port

    cookies = [session_of(person.pk) for _ in range(PEOPLE)]
    base = f"http://127.0.0.1:{free_port()}"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:samsyn.site.serving",
         "--bind", base[7:], "--log-level", "error"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(base)
        paths = [path.format(**values) for path in PAGES]
        for path in paths:
            for cookie in cookies:
                fetched(base + path, cookie)
        floor = middle(crowd(base, "/healthz", cookies, [0]))
        print(f"{name:44} {'middle':>8} {'95 %':>8}   (empty page {floor:.0f} ms)")
        for path in paths:
            found = crowd(base, path, cookies, [0])
            p95 = 1000 * sorted(seconds for seconds, _ in found)[int(0.95 * len(found))]
            print(f"{path:44} {middle(found):5.0f} ms {p95:5.0f} ms")
    finally:
        server.terminate()
        server.wait()


def packs(home: Any, ciso: Any, today: date) -> None:
    """Time a meeting's pack as PDF and as slides."""
    from bench.dialogue_bench import measured

    from samsyn.access.selectors import actor_of
    from samsyn.reporting.deck import pack_slides
    from samsyn.reporting.printed import pack_pdf
    from samsyn.reporting.services.meetings import meeting_prepare

    actor = actor_of(ciso)
    meeting = meeting_prepare(actor=actor, organisation=home, title="Review", held_on=today)
    for name, make in (("pack as PDF", pack_pdf), ("pack as slides", pack_slides)):
        begun = time.perf_counter()
        make(actor=actor, meeting=meeting, language="nb", today=today)
        print(f"{name}, the first time: {1000 * (time.perf_counter() - begun):.0f} ms")
        measured(name, lambda m=make: m(actor=actor, meeting=meeting, language="nb", today=today))


def main() -> None:
    from bench.pages_bench import prepare

    with tempfile.TemporaryDirectory(prefix="samsyn-bench-") as folder:
        prepare(Path(folder))
        from django.utils import timezone

        from samsyn.actions.models import Action
        from samsyn.annual_wheel.models import Occurrence

        today = timezone.localdate()
        operator, made = organisations()
        who = people(operator, made[0])
        actions(made, today)
        turns(made, today)
        print(
            f"{len(made)} organisations, {Action.unscoped.count():,} actions, "
            f"{Occurrence.unscoped.count():,} turns (seed {SEED})"
        )
        first = Action.unscoped.filter(organisation=made[0]).first()
        for name, person in who.items():
            served(person, name, {"home": made[0].pk, "action": first.pk})
        packs(made[0], who["ciso of one"], today)


if __name__ == "__main__":
    main()
