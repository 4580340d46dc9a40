"""Looking a file through for viruses with clamd, where one is named in the settings.

Source: the protocol of clamd(8), command INSTREAM: each piece of the file is sent with its
length before it, an empty piece ends it, and the answer is one line.
"""

from __future__ import annotations

import socket
import struct
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from samsyn.kernel.errors import RuleViolation, SourceUnavailable

PIECE = 64 * 1024
SECONDS = 30
ANSWER_MOST = 4096
PORT = 3310


def scan(file: Path) -> bool:
    """Look a file through; return whether there was somebody to ask.

    Raises:
        RuleViolation: a virus was found, or the scanner will not take so large a file.
        SourceUnavailable: a scanner is set up but does not answer as it should.

    """
    if not settings.CLAMD:
        return False
    try:
        with _connected(settings.CLAMD) as line, file.open("rb") as content:
            answer = _asked(line, content)
    except OSError as error:
        raise SourceUnavailable(
            _("The virus scanner does not answer. Nothing was kept; try again in a few minutes.")
        ) from error
    return _judged(answer)


def _judged(answer: str) -> bool:
    if answer.endswith(" OK"):
        return True
    if answer.endswith(" FOUND"):
        found = answer.removesuffix(" FOUND").rpartition(": ")[2][:100]
        raise RuleViolation(_("The file is infected (%s) and was not kept.") % found, field="file")
    if "size limit" in answer:
        raise RuleViolation(_("The virus scanner does not take so large a file."), field="file")
    raise SourceUnavailable(
        _("The virus scanner could not look through the file. Try again in a few minutes.")
    )


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname or "", parts.port or PORT), SECONDS)


def _asked(line: socket.socket, content: IO[bytes]) -> str:
    line.settimeout(SECONDS)
    try:
        line.sendall(b"zINSTREAM\0")
        while piece := content.read(PIECE):
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has said no before the end; what it said is still to be read
    answer = b""
    while b"\0" not in answer and len(answer) < ANSWER_MOST:
        more = line.recv(ANSWER_MOST)
        if not more:
            break
        answer += more
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()
