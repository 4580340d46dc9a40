"""The words for a disk that is full or a database that does not answer, for every door."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samsyn.kernel.disk import is_away, is_disk_failure
from samsyn.kernel.errors import DiskUnavailable, SamsynError, SourceUnavailable


def disk_error(error: BaseException | None) -> DiskUnavailable | None:
    """Return the error to show when the disk is the cause of another one, else None."""
    if not is_disk_failure(error):
        return None
    return DiskUnavailable(
        _(
            "The disk is full or cannot be written to. Nothing was lost, and nothing was changed. "
            "Tell the administrator, and try again when there is room."
        )
    )


def kept_error(error: BaseException | None) -> SamsynError | None:
    """Return the error to show when the disk or the database is the cause, else None."""
    if found := disk_error(error):
        return found
    if not is_away(error):
        return None
    return SourceUnavailable(
        _("The database does not answer. Nothing was changed. Try once more in a few minutes.")
    )
