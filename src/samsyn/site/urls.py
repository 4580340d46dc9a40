from __future__ import annotations

from django.urls import include, path

from samsyn.api.router import api
from samsyn.kernel.rooms import rooms
from samsyn.site import health_page, me, views

site_patterns = (
    [
        path("healthz", views.healthz, name="healthz"),
        path("choose-person/", views.choose_person, name="choose-person"),
        path("language/", views.language, name="language"),
        path("theme/", views.theme, name="theme"),
        path("switch/", views.switch, name="switch"),
        path("health/", health_page.health, name="health"),
        path("me/", me.me, name="me"),
        path("me/tokens/<int:pk>/end/", me.token_end, name="token-end"),
        path("me/roles/<int:pk>/end/", me.role_end, name="role-end"),
        path("me/roles/offered/<int:pk>/accept/", me.role_accept, name="role-accept"),
        path("me/roles/offered/<int:pk>/decline/", me.role_decline, name="role-decline"),
    ],
    "site",
)


def addresses() -> list[tuple[str, str]]:
    """Return how the addresses of each room begin, with its module; the longest first."""
    found = [
        (begins, f"samsyn.{name}.{module}")
        for name, room in rooms().items()
        for begins, module in room.addresses.items()
    ]
    return sorted(found, key=lambda pair: (-len(pair[0]), pair))


urlpatterns = [
    path("", include(site_patterns)),
    *(path(begins, include(module)) for begins, module in addresses()),
    path("api/", api.urls),
]

handler400 = "samsyn.site.errors.bad_request"
handler403 = "samsyn.site.errors.not_allowed"
handler404 = "samsyn.site.errors.not_found"
handler500 = "samsyn.site.errors.server_error"
