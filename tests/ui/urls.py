"""The site's own addresses, and the gallery, for the tests of the screens."""

from __future__ import annotations

from django.urls import include, path

from samsyn.site.urls import urlpatterns as site_patterns
from samsyn.ui import errors

handler404 = errors.not_found
handler403 = errors.not_allowed
handler500 = errors.server_error
urlpatterns = [
    *[p for p in site_patterns if "ui/" not in str(p.pattern)],
    path("ui/", include("samsyn.ui.urls")),
]
