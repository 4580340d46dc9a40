"""Stops a file that is far too large before it fills the disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from samsyn.documents.receiving import size_limit

FIELDS = 1024 * 1024  # what the other fields of a form and its marks may weigh
READ_TO_ITS_END = 512 * 1024 * 1024  # beyond, the line is cut instead of read for minutes
PLACES = ("/documents/", "/api/documents")


class SizeGuard(FileUploadHandler):
    """Lets no file of an announced size above the limit be written anywhere.

    The fields before the file are read, so that the form can say what was wrong and
    keeps what was typed; ``request.is_too_large`` tells it.
    """

    announced = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  Django's own name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        del input_data, META, boundary, encoding
        self.announced = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        request: Any = self.request
        if not request.path.startswith(PLACES) or self.announced <= size_limit() + FIELDS:
            return
        request.is_too_large = True
        raise StopUpload(connection_reset=self.announced > READ_TO_ITS_END)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        del start
        return raw_data

    def file_complete(self, file_size: int) -> None:
        del file_size
