"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from samsyn.kernel.rooms import Room

ROOM = Room(
    deeds={
        "backups.backup_record": pgettext_lazy("deed", "Made a backup"),
        "backups.files_check": pgettext_lazy("deed", "Checked the stored files"),
    },
)
