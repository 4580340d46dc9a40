"""Answers requests for a new password where the worker does not: it is away, or busy for long.

A thread of the server of pages. It begins whenever somebody asks, whoever that is, and waits
before it looks, so that nobody's page takes longer by it.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Lock, Thread
from time import sleep

from django.db import connections

from samsyn.access.actor import job_actor
from samsyn.access.rows import acting
from samsyn.messages.password_requests import requests_answer, requests_wait

PATIENCE = timedelta(seconds=20)  # the worker, when it is free, takes two
log = logging.getLogger("samsyn.messages")


class Standby:
    """At most one thread in a process, as long as requests wait."""

    def __init__(self) -> None:
        self.is_on = False  # a server of pages turns it on; commands have nobody waiting
        self.at_work = Lock()

    def begin(self) -> None:
        """See that what waits is answered, if nobody else does so soon."""
        if self.is_on and self.at_work.acquire(blocking=False):
            Thread(target=self.work, name="standby", daemon=True).start()

    def work(self) -> None:
        """Answer what has waited too long, until nothing waits."""
        try:
            with acting(job_actor("password_letters")):
                self._until_nothing_waits()
        except Exception:  # the next who asks begins again
            log.exception("requests for a new password are left to the worker")
        finally:
            connections.close_all()
            self.at_work.release()

    def _until_nothing_waits(self) -> None:
        while True:
            sleep(PATIENCE.total_seconds())
            if requests_wait(longer_than=PATIENCE):
                requests_answer()
            if not requests_wait():
                return


standby = Standby()
