"""What a restore and the start of Samsyn agree on, before settings and database can be read."""

from __future__ import annotations

# A restore puts this file into the home first and takes it away last.
RESTORE_MARK = "restore_unfinished"
# How a secret begins that is only lent until the backup's own is there.
STAND_IN = "stand-in-for-the-time-of-a-restore-"
