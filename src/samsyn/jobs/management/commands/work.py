from __future__ import annotations

import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from samsyn.access.disk import disk_error
from samsyn.jobs.services import work_once

PAUSE_SECONDS = 2.0


class Command(BaseCommand):
    help = "Do what is due by the clock and what was asked for, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *_args: Any, once: bool, **_options: Any) -> None:
        self.goes_on = True
        signal.signal(signal.SIGTERM, self.stop)
        while self.goes_on:
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

    def stop(self, *_args: Any) -> None:
        self.goes_on = False
