from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from samsyn.audit.models import Entry
from samsyn.audit.selectors import trail_break

BROKEN = 3


class Command(BaseCommand):
    help = "Prove that the trail is whole: every entry follows from the one before it."

    def handle(self, *_args: Any, **_options: Any) -> None:
        broken = trail_break()
        if broken:
            self.stderr.write(f"The trail is broken at entry {broken.number}: {broken.reason}.")
            sys.exit(BROKEN)
        last = Entry.objects.order_by("-number").first()
        count = last.number if last else 0
        self.stdout.write(
            f"The trail is whole: {count} entries, last hash {last.hash if last else '-'}."
        )
