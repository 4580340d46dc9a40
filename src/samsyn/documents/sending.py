"""Sending a file back: to be saved, never to be shown or run by the browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from weakref import finalize

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from samsyn.access.actor import Actor
from samsyn.access.reading import DOWNLOADED, REFUSED, note_file
from samsyn.documents.models import DocumentVersion
from samsyn.documents.storage import storage
from samsyn.kernel.errors import KeptDamaged

PIECE = 256 * 1024
# Nothing in it may run or be loaded, should a browser show it after all.
NOTHING_RUNS = "default-src 'none'; sandbox"


def file_response(version: DocumentVersion) -> StreamingHttpResponse:
    """Return a version's file as an attachment, read piece by piece.

    It is read through once before anything is sent, so that an altered file is refused
    with words instead of ending half way.

    Raises:
        KeptDamaged: the content is missing or has been altered.

    """
    content = _Pieces(storage().open(version.sha256))
    response = StreamingHttpResponse(content, content_type=version.media_type)
    name = content_disposition_header(as_attachment=True, filename=version.file_name)
    response.headers["Content-Disposition"] = name or "attachment"
    response.headers["Content-Length"] = str(version.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    response.headers["Cache-Control"] = "private, no-store"
    return response


def file_taken(actor: Actor, version: DocumentVersion) -> StreamingHttpResponse:
    """Return a version's file for somebody, and put on record that they got it or did not.

    Raises:
        KeptDamaged: the content is missing or has been altered.

    """
    action = DOWNLOADED
    try:
        return file_response(version)
    except KeptDamaged:
        action = REFUSED
        raise
    finally:
        note_file(actor, version.document, kind=version.file_name, action=action)


class _Pieces:
    """A content piece by piece; it is closed with the response, also when nobody reads it."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.close = finalize(self, content.close)  # a response that is thrown away is not closed

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._content.read(PIECE):
            yield piece
        self.close()
