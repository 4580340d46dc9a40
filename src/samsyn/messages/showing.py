"""A mail's own page shown inside one of ours, where it can do nothing.

Mail needs styles of its own, which our pages forbid. It is therefore shown from an address
of its own in a frame: no scripts, nothing loaded from anywhere, links open beside us.
"""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse

FRAME_MAY = "allow-popups allow-popups-to-escape-sandbox"
POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [NONE],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": FRAME_MAY.split(),
}


def html_in_frame(request: HttpRequest, html: str) -> HttpResponse:
    """Return a mail's page as an answer that only a frame of ours may show."""
    response = HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cache-Control"] = "private, no-store"
    csp_replace(POLICY)(lambda _request: response)(request)  # marks it for the middleware
    return response
