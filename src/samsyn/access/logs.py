from __future__ import annotations

import logging

from samsyn.kernel.secret_links import masked


class HideSecretLinks(logging.Filter):
    """Write no address into the log that opens something for whoever reads it there."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), None
        return True
