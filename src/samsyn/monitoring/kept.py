"""Received files read again: only as they came, and only for what the database says they hold."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samsyn.kernel.errors import KeptDamaged
from samsyn.monitoring.files import Received, digest_of
from samsyn.monitoring.models import Batch


def received_as(batch: Batch) -> Received:
    """Return the file that a batch came in, once it is seen to be as it was received.

    Raises:
        KeptDamaged: it is missing, or its checksum is another.

    """
    kept = batch.kept_path
    try:
        digest = digest_of(kept)
    except OSError as error:
        raise KeptDamaged(
            _("The received file %s is missing. Restore it from a backup.") % batch.file_name
        ) from error
    if digest != batch.sha256:
        raise KeptDamaged(
            _(
                "The received file %s has been altered: its checksum (SHA-256) is another. "
                "Restore it from a backup."
            )
            % batch.file_name
        )
    return Received(batch.file_name, batch.sha256, kept, [])
