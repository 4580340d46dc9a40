"""How pages are served: `gunicorn --config python:samsyn.site.serving`. All names are gunicorn's.

The application is loaded once, before the processes part: what does not change is
shared by them, and nobody is the first visitor.
"""

from __future__ import annotations

import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from samsyn.settings import environment as env

PAUSE_SECONDS, PAUSE_MOST = 0.003, 0.02


class EvenWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A process that lets one with fewer open lines take the next.

    A browser keeps its line open. Whichever process happened to be awake took most of
    them, and one of two then answered seven people of eight.
    """

    def accept(self, listener: Any) -> None:
        """Take a new line, after a pause for each line that is open already."""
        time.sleep(min(self.nr_conns * PAUSE_SECONDS, PAUSE_MOST))
        super().accept(listener)


wsgi_app = "samsyn.site.wsgi"
bind = f"{env.BIND.value()}:{env.PORT.value()}"
worker_class = EvenWorker
workers = env.WORKERS.value()
threads = 4
preload_app = True
timeout = 120
graceful_timeout = 5
loglevel = "warning"
