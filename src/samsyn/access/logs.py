from __future__ import annotations

import logging

from samsyn.kernel.secret_links import masked


class RefusalsInALine(logging.Filter):
    """Write what Django refused, such as 403 and 404, without the way that the code took there.

    What looks like an attack (``django.security``), such as a form of too many files, Django logs
    as an error with all its way: whoever sends it a thousand times would fill the disk with it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        is_refusal = record.name.startswith("django.") and record.levelno < logging.ERROR
        if is_refusal or record.name.startswith("django.security"):
            record.exc_info, record.exc_text, record.stack_info = None, None, None
        return True


class HideSecretLinks(logging.Filter):
    """Write no address into the log that opens something for whoever reads it there."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), None
        return True
