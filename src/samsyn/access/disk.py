"""The words for a disk that is full or cannot be written to, for every door."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samsyn.kernel.disk import is_disk_trouble
from samsyn.kernel.errors import DiskUnavailable


def disk_error(error: BaseException | None) -> DiskUnavailable | None:
    """Return the error to show when the disk is the cause of another one, else None."""
    if not is_disk_trouble(error):
        return None
    return DiskUnavailable(
        _(
            "The disk is full or cannot be written to. Nothing was lost, and nothing was changed. "
            "Tell the administrator, and try again when there is room."
        )
    )
