"""Sending a file back: to be saved, never to be shown or run by the browser."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from samsyn.documents.models import DocumentVersion
from samsyn.documents.storage import storage
from samsyn.kernel.errors import NotFound

PIECE = 256 * 1024
# Nothing in it may run or be loaded, should a browser show it after all.
NOTHING_RUNS = "default-src 'none'; sandbox"


def file_response(version: DocumentVersion) -> StreamingHttpResponse:
    """Return a version's file as an attachment, read piece by piece.

    Raises:
        NotFound: the content is not in the store.

    """
    if not storage().has(version.sha256):
        raise NotFound("The file is not there.")
    response = StreamingHttpResponse(_pieces(version.sha256), content_type=version.media_type)
    name = content_disposition_header(as_attachment=True, filename=version.file_name)
    response.headers["Content-Disposition"] = name or "attachment"
    response.headers["Content-Length"] = str(version.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _pieces(sha256: str) -> Iterator[bytes]:
    """Yield the content; it is opened only when somebody reads."""
    with storage().open(sha256) as content:
        while piece := content.read(PIECE):
            yield piece
