from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def closed(_request: HttpRequest) -> HttpResponse:
    """Answer as if there were no such page."""
    raise Http404
