from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections, connections

from samsyn.access.disk import disk_error
from samsyn.jobs.services import work_once

PAUSE_SECONDS = 2.0
INTERRUPTED = 130  # as shells say
STOPPING = frozenset({signal.SIGINT, signal.SIGTERM})
log = logging.getLogger("samsyn.jobs")


class Command(BaseCommand):
    help = "Do what is due by the clock and what was asked for, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *_args: Any, once: bool, **_options: Any) -> None:
        self.goes_on, self.child = True, 0
        signal.signal(signal.SIGTERM, self.stop)
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as it is behind script/server
            signal.signal(signal.SIGINT, self.interrupt)
        if once:
            self.work(once=True)
        else:
            self.watch()

    def watch(self) -> None:
        """Keep a process at work: one that is killed, such as by a file, is followed by another."""
        while self.goes_on:
            connections.close_all()  # two processes must not share one
            with _signals_held():  # one that came in between would not be passed on
                self.child = os.fork()
            if self.child == 0:
                self.begin()
            _pid, status = os.waitpid(self.child, 0)
            self.child = 0
            if not os.WIFSIGNALED(status):
                sys.exit(os.waitstatus_to_exitcode(status))
            number = os.WTERMSIG(status)
            self.stderr.write(f"The worker was ended by signal {number}. Another one begins.")
            time.sleep(PAUSE_SECONDS)

    def begin(self) -> NoReturn:
        """Work in the new process; never return to what the other was doing."""
        code = 1
        try:
            self.work(parent=os.getppid())
            code = 0
        except Exception:
            log.exception("the worker failed")
        finally:
            os._exit(code)

    def work(self, *, once: bool = False, parent: int = 0) -> None:
        """Do what is due until stopped; without the parent nobody could stop it."""
        while self.goes_on and parent in {0, os.getppid()}:
            worked = self.turn()
            if not worked:
                if once:
                    return
                time.sleep(PAUSE_SECONDS)

    def turn(self) -> bool:
        """Do one thing; a database that is away or a full disk is tried again."""
        try:
            return work_once() is not None
        except (DatabaseError, OSError) as error:
            self.stderr.write(str(disk_error(error) or f"The database does not answer: {error}"))
            return False
        finally:
            close_old_connections()

    def interrupt(self, *_args: Any) -> None:
        """Stop as for SIGTERM; asked again, do not wait for the job at hand: it can be killed."""
        if not self.goes_on:
            if self.child:
                with suppress(ProcessLookupError):
                    os.kill(self.child, signal.SIGKILL)
            os._exit(INTERRUPTED)
        if self.child:  # this is the process that watches, so it speaks once
            self.stderr.write("Ends with the job at hand. Press Ctrl+C again to end at once.")
        self.stop()

    def stop(self, *_args: Any) -> None:
        self.goes_on = False
        if self.child:  # it ends what it is doing
            with suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGTERM)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let signals to stop wait until the block has ended, in both processes after a fork."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
