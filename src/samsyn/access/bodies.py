from __future__ import annotations

from django.http import HttpRequest

KIB = 1024
STRANGER_MOST = 64 * KIB  # forms of who is not signed in: an answer to a letter, a password
FORM_MOST = 1024 * KIB  # every form and call of the API without a file


def body_length(request: HttpRequest) -> int:
    """Return how many bytes a request says that it brings, 0 if it says nothing.

    The server reads no more than that, whatever follows.
    """
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isascii() and said.isdigit() else 0


def is_of_unknown_length(request: HttpRequest) -> bool:
    """Return whether a body comes piece by piece; Django would read nothing of it."""
    return bool(request.headers.get("Transfer-Encoding"))
