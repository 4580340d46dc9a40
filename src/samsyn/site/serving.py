"""How pages are served: `gunicorn --config python:samsyn.site.serving`. All names are gunicorn's.

The application is loaded once, before the processes part: what does not change is
shared by them, and nobody is the first visitor.
"""

from __future__ import annotations

import time
from multiprocessing import RawArray
from typing import Any

from samsyn.settings import environment as env
from samsyn.site.slow_clients import PatientWorker

GONE = 2**31 - 1  # the lines of a process that is not there
WAIT_SECONDS, WAITS_MOST = 0.001, 10
# How many lines each process has open, in memory that they share; a process has its age's place.
_lines = RawArray("i", [GONE] * 64)


class EvenWorker(PatientWorker):
    """A process that lets one with fewer open lines take the next.

    A browser keeps its line open. Whichever process happened to be awake took most of
    them, and one of two then answered seven people of eight.
    """

    waits = 0

    def init_process(self) -> None:
        """Be counted among the processes, and serve."""
        self.count()
        super().init_process()

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Serve what has come, and say how many lines are open since."""
        super().wait_for_and_dispatch_events(timeout)
        self.count()

    def accept(self, listener: Any) -> None:
        """Take a new line, unless another has fewer: then wait a little for it to do so."""
        if min(_lines) < self.nr_conns and self.waits < WAITS_MOST:
            self.waits += 1
            time.sleep(WAIT_SECONDS)
            return
        self.waits = 0
        super().accept(listener)
        self.count()

    def count(self) -> None:
        """Say how many lines are open."""
        _lines[self.age % len(_lines)] = self.nr_conns


def child_exit(_server: Any, worker: EvenWorker) -> None:
    """Count a process no more that has ended, however it ended."""
    _lines[worker.age % len(_lines)] = GONE


wsgi_app = "samsyn.site.wsgi"
bind = f"{env.BIND.value()}:{env.PORT.value()}"
worker_class = EvenWorker
workers = env.WORKERS.value()
threads = 4
preload_app = True
timeout = 120
graceful_timeout = 5
worker_connections = 400  # of each process; a usual limit on open files is 1024
sendfile = False  # it would wait for the client without a limit
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190
forwarded_allow_ips = ""  # Django decides whether a proxy is believed, by SAMSYN_TRUSTED_PROXIES
umask = 0o077  # what is written belongs to the installation's own user
loglevel = "warning"
