"""How quick the pages are for eight people at once, and how long all members' pictures take to print.

Makes a home of its own: 357 members, 50,000 open findings with a year of episodes in the store.
Prints, for each page, the middle and the 95th percentile, beside what the same server takes for
an empty page (/healthz): what is ours is the difference. Then the processor time of a list page
and its size on the wire, and the time for 357 PDFs.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
MEMBERS, OPEN, CLOSED, PEOPLE, ROUNDS = 357, 50_000, 100_000, 8, 12
SEED = 20_261_122
REPORTS = (
    "scan_rdp",
    "scan_ssl_poodle",
    "scan_snmp",
    "scan_smb",
    "scan_ntp",
    "scan_http_vulnerable",
)
PAGES = ("/desk/", "/findings/?state=unsolved", "/findings/?state=unsolved&page={page}",
         "/findings/?state=unsolved&severity=4&order=first_seen_at", "/members/{member}/", "/members/",
         "/situation/")  # fmt: skip
FINDING_PAGES = OPEN // 50


def prepare(home: Path) -> None:
    """Set Django up on an empty home."""
    os.environ |= {"SAMSYN_HOME": str(home), "SAMSYN_MODE": "demonstration"}
    sys.path.insert(0, str(ROOT / "src"))
    from samsyn.site.console import prepare_home

    prepare_home()
    os.environ["DJANGO_SETTINGS_MODULE"] = "samsyn.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def fill() -> tuple[int, list[int]]:
    """Make the sector; return the analyst's id and the members' ids."""
    from samsyn.access.models import Membership, Person
    from samsyn.organisations.models import Agreement, Assignment, Lineage, Organisation

    operator = Organisation.unscoped.create(name="Bench CSIRT", kind="operator")
    members = Organisation.unscoped.bulk_create(
        Organisation(name=f"Member {n:03d}", kind="municipality", short_code=f"M{n:03d}",
                     tile_x=n % 21, tile_y=n // 21)
        for n in range(MEMBERS)
    )  # fmt: skip
    Lineage.objects.bulk_create(
        Lineage(ancestor=o, descendant=o, same_entity=True) for o in [operator, *members]
    )
    Agreement.unscoped.bulk_create(
        Agreement(organisation=m, operator=operator, service="csirt", valid_from="2025-01-01")
        for m in members
    )
    person = Person.objects.create(email="analyst@bench.example", name="Analyst", language="en")
    Membership.unscoped.create(person=person, organisation=operator, role="analyst")
    Assignment.unscoped.create(organisation=operator, person=person, service="csirt")
    findings([m.pk for m in members])
    return person.pk, [m.pk for m in members]


def findings(members: list[int]) -> None:
    """Write the findings to the database and their episodes to the store."""
    from samsyn.analytics.engine import literal, scratch_database
    from samsyn.findings.fold import EPISODES, SAID
    from samsyn.findings.models import Finding, FoldedReport

    dice, now = random.Random(SEED), datetime.now(tz=UTC)
    rows = [row(dice, n, members, now) for n in range(OPEN + CLOSED)]
    Finding.unscoped.bulk_create((Finding(**r) for r in rows), batch_size=5000)
    EPISODES.folder.mkdir(parents=True, exist_ok=True)
    lines = EPISODES.folder / "rows.json"
    with scratch_database() as bench:
        for report in REPORTS:
            with lines.open("w") as file:
                for pk, r in enumerate(rows, start=1):
                    if r["report"] == report:
                        file.write(json.dumps(episode(pk, r)) + "\n")
            columns = {k: v for k, v in EPISODES.columns.items() if k != "said"}
            shape = ", ".join(f"{k}: {literal(v)}" for k, v in columns.items())
            path = EPISODES.folder / f"{report}.parquet"
            bench.run(
                f"copy (select *, {{'seen': last_at, 'severity': severity, 'operated_by_id': null, 'resource_id': null, "
                f"'protocol': 'tcp', 'host_name': null, 'asn': null, 'country': 'NO', 'taxonomy': 'vulnerable', "
                f"'rsit_type': 'vulnerable-system', 'detail': '{{}}'}}::{SAID} as said from read_json({literal(lines)}, "
                f"columns={{{shape}, severity: 'tinyint'}})) to {literal(path)} (format parquet)"
            )
            FoldedReport.objects.create(report=report, episodes=path.name, latest_on=now.date())
    lines.unlink()


def row(dice: random.Random, n: int, members: list[int], now: datetime) -> dict[str, object]:
    """Return one finding; the first are open, the rest were closed within the year."""
    first = now - timedelta(days=dice.random() ** 2 * 365)
    is_open = n < OPEN
    last = (
        now - timedelta(hours=dice.randint(1, 20))
        if is_open
        else first + (now - first) * dice.random()
    )
    return {
        "organisation_id": dice.choice(members), "report": REPORTS[n % len(REPORTS)],
        "subject": f"198.18.{n // 250 % 250}.{n % 250}", "port": 1024 + n // 62_500,
        "protocol": "tcp", "taxonomy": "vulnerable", "rsit_type": "vulnerable-system",
        "severity": dice.choices(range(5), (5, 25, 40, 25, 5))[0], "first_seen_at": first,
        "last_seen_at": last, "last_reported_on": last.date(), "state": "open" if is_open else "closed",
        "state_since": last, "told_at": first,
    }  # fmt: skip


def episode(pk: int, r: dict[str, object]) -> dict[str, object]:
    """Return the one episode of a finding."""
    first, last = r["first_seen_at"], r["last_seen_at"]
    closed = None if r["state"] == "open" else str(last.date())
    return {
        "finding_id": pk, "organisation_id": r["organisation_id"], "subject": r["subject"],
        "port": r["port"], "episode": 1, "is_last": True, "stream": "bench",
        "opened_on": str(first.date()), "last_on": str(last.date()), "closed_on": closed,
        "first_at": first.isoformat(), "last_at": last.isoformat(), "times": 1, "is_moved": False,
        "severity": r["severity"],
    }  # fmt: skip


def session_of(person: int) -> str:
    """Return the cookie of a signed-in session."""
    from django.conf import settings
    from django.test import Client

    from samsyn.access.models import Person

    client = Client()
    client.force_login(Person.objects.get(pk=person), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def fetched(url: str, cookie: str, line: HTTPConnection | None = None) -> tuple[float, int]:
    """Return the seconds a page took and its bytes on the wire; over an open line if there is one."""
    parts = urlsplit(url)
    own = line or HTTPConnection(parts.netloc)
    headers = {"Cookie": f"sessionid={cookie}", "Accept-Encoding": "gzip"}
    begun = time.perf_counter()
    own.request("GET", url.removeprefix(f"http://{parts.netloc}"), headers=headers)
    answer = own.getresponse()
    body = answer.read()
    taken = time.perf_counter() - begun
    if answer.status != 200:
        raise OSError(f"{url} answered {answer.status}")
    if line is None:
        own.close()
    return taken, len(body)


def crowd(base: str, path: str, cookies: list[str], members: list[int]) -> list[tuple[float, int]]:
    """Let eight people open a page several times each, all at once."""
    found: list[tuple[float, int]] = []

    def visit(who: int) -> None:
        dice = random.Random(who)
        line = HTTPConnection(urlsplit(base).netloc)  # a browser keeps its line open
        for _ in range(ROUNDS):
            page = dice.randint(1, FINDING_PAGES)
            url = base + path.format(member=dice.choice(members), page=page)
            found.append(fetched(url, cookies[who], line))

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def served_pages(person: int, members: list[int]) -> None:
    """Serve the home as in service, and measure."""
    from bench.ports import free_port

    cookies = [session_of(person) for _ in range(PEOPLE)]
    base = f"http://127.0.0.1:{free_port()}"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:samsyn.site.serving",
         "--bind", base[7:], "--log-level", "error"]
    )  # fmt: skip
    try:
        wait_for(base)
        for path in PAGES:
            for cookie in cookies:
                fetched(base + path.format(member=members[0], page=1), cookie)
        floor = middle(crowd(base, "/healthz", cookies, members))
        print(
            f"{'page':58} {'middle':>8} {'95 %':>8} {'on the wire':>12}   (empty page {floor:.0f} ms)"
        )
        for path in PAGES:
            found = crowd(base, path, cookies, members)
            times = sorted(seconds for seconds, _ in found)
            p95 = 1000 * times[int(0.95 * len(times))]
            size = max(size for _, size in found)
            print(f"{path:58} {middle(found):6.0f} ms {p95:5.0f} ms {size / 1000:9.1f} kB")
    finally:
        server.terminate()
        server.wait()


def middle(found: list[tuple[float, int]]) -> float:
    """Return the median in milliseconds."""
    times = sorted(seconds for seconds, _ in found)
    return 1000 * times[len(times) // 2]


def wait_for(base: str) -> None:
    """Wait until the server answers."""
    for _ in range(200):
        try:
            fetched(base + "/healthz", "")
            return
        except OSError:
            time.sleep(0.1)


def processor_time(person: int) -> None:
    """Print the processor time of one list page in one process, middleware and all."""
    from django.conf import settings
    from django.test import Client

    from samsyn.access.models import Person

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(Person.objects.get(pk=person), backend=settings.AUTHENTICATION_BACKENDS[0])
    url = "/findings/?state=unsolved&page="
    for _ in range(5):
        body = client.get(f"{url}1").content
    again = spent(lambda _: client.get(f"{url}1"))
    first = spent(lambda n: client.get(f"{url}{n + 2}"))
    print(
        f"a list page: {first:.1f} ms of processor time, {again:.1f} ms for who opens it in the same minute, "
        f"{len(gzip.compress(body)) / 1000:.1f} kB gzipped"
    )


def spent(act: Callable[[int], object], times: int = 30) -> float:
    """Return the milliseconds of processor time that something takes, on average."""
    begun = time.process_time()
    for n in range(times):
        act(n)
    return 1000 * (time.process_time() - begun) / times


def pictures(members: list[int]) -> None:
    """Draw a month for everybody and print every member's edition."""
    from samsyn.access.actor import job_actor
    from samsyn.kernel.periods import Period
    from samsyn.organisations.selectors import operator_require
    from samsyn.situation.printed import editions_pdf
    from samsyn.situation.selectors import edition_list
    from samsyn.situation.services import situation_build

    actor, period = job_actor("bench"), Period.month_of(datetime.now(tz=UTC).date()).before
    begun = time.perf_counter()
    situation_build(actor=actor, operator=operator_require(actor=actor), period=period)
    print(
        f"a month drawn for {MEMBERS} members and both audiences: {time.perf_counter() - begun:.1f} s"
    )
    begun, size = time.perf_counter(), 0
    editions = edition_list(actor=actor, period=str(period), audience="technical").defer(None)
    chosen = list(editions.filter(organisation__in=members))
    for made in editions_pdf((edition, "nb") for edition in chosen):
        size += len(made)
    print(
        f"{len(chosen)} technical editions as PDF: {time.perf_counter() - begun:.1f} s, "
        f"{size / 1e6:.1f} MB, a process for each core"
    )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="samsyn-bench-") as folder:
        prepare(Path(folder))
        print(f"{MEMBERS} members, {OPEN:,} open and {CLOSED:,} closed findings (seed {SEED})")
        person, members = fill()
        served_pages(person, members)
        processor_time(person)
        pictures(members)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory of this process: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
