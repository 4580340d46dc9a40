"""Twenty people read and five write for three minutes, on a demonstration of its own.

Prints the middle and the 95th percentile of what readers and writers waited, beside an empty
page (/healthz) in the same minutes, and every answer that was an error. Exits with 1 when one was.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.ports import free_port

SEED = 20_261_130
READERS, WRITERS = 20, 5
SECONDS = float(os.environ.get("SAMSYN_LOAD_SECONDS", "180"))
ERROR = 500
CHOICE = re.compile(r'name="person" value="(\d+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
OFFERED = re.compile(r'<select[^>]*name="organisation".*?<option value="(\d+)"', re.DOTALL)
LINK = re.compile(r'href="(/(?!static|accounts|api|language)[^"#]*)"')


@dataclass
class Waits:
    """How long answers took, in seconds, and what was wrong with some."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    took: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, seconds: float, wrong: str = "") -> None:
        """Keep one answer."""
        with self.lock:
            self.took.setdefault(kind, []).append(seconds)
            if wrong:
                self.wrong[wrong] += 1

    def line(self, kind: str) -> str:
        """Return how many answers there were, the middle and the 95th percentile."""
        found = sorted(self.took.get(kind, [0.0]))
        middle, most = found[len(found) // 2], found[int(len(found) * 0.95)]
        return f"{kind:8} {len(found):6} answers  p50 {middle:6.3f} s  p95 {most:6.3f} s"


class Visitor:
    """One person in a browser of their own."""

    def __init__(self, port: int, waits: Waits, seed: int) -> None:
        self.port, self.waits = port, waits
        self.cookies: SimpleCookie = SimpleCookie()
        self.random = random.Random(seed)
        self.seen = ["/"]

    def ask(self, kind: str, url: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        """Send one request and note how long it took."""
        began = time.perf_counter()
        try:
            status, text = self._ask(url, data)
        except (OSError, HTTPException) as error:
            status, text = 0, f"{type(error).__name__}"
        wrong = f"{status} {url.partition('?')[0]} {text[:40] if not status else ''}"
        is_wrong = status == 0 or status >= ERROR
        self.waits.note(kind, time.perf_counter() - began, wrong if is_wrong else "")
        return status, text

    def _ask(self, url: str, data: dict[str, str] | None) -> tuple[int, str]:
        link = HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = "; ".join(f"{name}={each.value}" for name, each in self.cookies.items())
        headers = {"Cookie": sent, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(data) if data is not None else None
        link.request("POST" if data is not None else "GET", url, body, headers)
        answer = link.getresponse()
        text = answer.read().decode(errors="replace")
        self._keep(answer)
        link.close()
        if location := answer.headers.get("Location"):
            return self._ask(urlsplit(location)._replace(scheme="", netloc="").geturl(), None)
        return answer.status, text

    def _keep(self, answer: HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(line)

    def sign_in(self, person: str) -> None:
        """Become one of the demonstration's people."""
        _status, page = self.ask("sign-in", "/choose-person/")
        token = TOKEN.search(page)
        self.ask(
            "sign-in",
            "/choose-person/",
            {"person": person, "csrfmiddlewaretoken": token[1] if token else ""},
        )

    def read(self, until: float) -> None:
        """Follow links for a while."""
        while time.monotonic() < until:
            _status, page = self.ask("reads", self.random.choice(self.seen))
            found = [link.replace("&amp;", "&") for link in LINK.findall(page)]
            self.seen = (self.random.sample(found, min(8, len(found))) or ["/"]) + ["/"]

    def write(self, until: float) -> None:
        """Propose actions, one after the other."""
        number = 0
        while time.monotonic() < until:
            status, page = self.ask("reads", "/actions/new/")
            token, offered = TOKEN.search(page), OFFERED.search(page)
            if not token:
                self.waits.note("writes", 0.0, f"{status} no form at /actions/new/")
                return
            number += 1
            values = {"title": f"Action {number}", "csrfmiddlewaretoken": token[1]}
            values |= {"organisation": offered[1] if offered else "", "priority": "2"}
            values |= {"area": "other", "horizon": "near", "source": "own"}
            status, page = self.ask("writes", "/actions/new/", values)
            if status not in {200, 302}:
                said = re.findall(r'class="[^"]*error[^"]*"[^>]*>([^<]+)', page)
                self.waits.note("refused", 0.0, f"{status} to an action: {said[:2]}")


def empty_pages(port: int, waits: Waits, until: float) -> None:
    """Ask for the empty page once a second."""
    visitor = Visitor(port, waits, 0)
    while time.monotonic() < until:
        visitor.ask("empty", "/healthz")
        time.sleep(1)


def people_of(visitor: Visitor) -> list[str]:
    """Return the ids of the demonstration's people."""
    _status, page = visitor.ask("sign-in", "/choose-person/")
    return CHOICE.findall(page)


def serve(home: Path, port: int) -> subprocess.Popen[bytes]:
    """Set the demonstration up in a home of its own and serve it with two processes."""
    address = f"http://127.0.0.1:{port}"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SAMSYN_", "DJANGO_"))}
    env |= {"SAMSYN_MODE": "demonstration", "SAMSYN_HOME": str(home), "SAMSYN_BASE_URL": address}
    subprocess.run(
        [sys.executable, "-m", "samsyn", "setup", "--demonstration"],
        env=env, check=True, capture_output=True,
    )  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:samsyn.site.serving",
         "--bind", address[7:]],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def main() -> int:
    """Measure, print, and return 1 when an answer was an error."""
    waits, port = Waits(), free_port()
    with tempfile.TemporaryDirectory(prefix="samsyn-load-") as folder:
        server = serve(Path(folder), port)
        try:
            measure(port, waits)
        finally:
            server.terminate()
            server.wait(timeout=30)
    for kind in ("reads", "writes", "empty"):
        print(waits.line(kind))
    for wrong, count in waits.wrong.most_common(20):
        print(f"wrong: {count} x {wrong}")
    return 1 if waits.wrong else 0


def measure(port: int, waits: Waits) -> None:
    """Let everybody in, then let them read and write at the same time."""
    first = Visitor(port, Waits(), 0)
    for _ in range(100):
        if first.ask("begin", "/healthz")[0]:
            break
        time.sleep(0.2)
    people = people_of(first)
    print(f"seed {SEED}, {READERS} readers, {WRITERS} writers, {SECONDS:.0f} s", flush=True)
    visitors = [Visitor(port, waits, SEED + number) for number in range(READERS + WRITERS)]
    for number, visitor in enumerate(visitors):
        visitor.sign_in(people[number % len(people)])
    may = [v for v in visitors if OFFERED.search(v.ask("sign-in", "/actions/new/")[1])]
    writing = may[:WRITERS]
    until = time.monotonic() + SECONDS
    work = [threading.Thread(target=empty_pages, args=(port, waits, until))]
    for visitor in visitors:
        task = visitor.write if visitor in writing else visitor.read
        work.append(threading.Thread(target=task, args=(until,)))
    for each in work:
        each.start()
    for each in work:
        each.join()


if __name__ == "__main__":
    sys.exit(main())
