"""Stops a file that is far too large before it fills the disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from samsyn.access.bodies import FORM_MOST


class SizeGuard(FileUploadHandler):
    """Lets no file of an announced size above the limit be written anywhere.

    The limit is the view's own (``request.upload_most``), with room for the other fields. The
    fields before the file are read, so that the form can say what was wrong and keeps what was
    typed; ``request.is_too_large`` tells it.
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
        if self.announced <= getattr(request, "upload_most", 0) + FORM_MOST:
            return
        request.is_too_large = True
        raise StopUpload

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        del start
        return raw_data

    def file_complete(self, file_size: int) -> None:
        del file_size
