from __future__ import annotations

from django.urls import include, path

from samsyn.api.router import api
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
urlpatterns = [
    path("", include(site_patterns)),
    path("", include("samsyn.cockpit.urls")),
    path("feeds/", include("samsyn.monitoring.urls")),
    path("ui/", include("samsyn.ui.urls")),
    path("accounts/", include("samsyn.access.urls")),
    path("organisations/", include("samsyn.organisations.urls")),
    path("contacts/", include("samsyn.contacts.urls")),
    path("resources/", include("samsyn.assets.urls")),
    path("actions/", include("samsyn.actions.urls")),
    path("decisions/", include("samsyn.actions.urls_decisions")),
    path("benchmark/", include("samsyn.benchmark.urls")),
    path("documents/", include("samsyn.documents.urls")),
    path("findings/", include("samsyn.findings.urls")),
    path("indicators/", include("samsyn.indicators.urls")),
    path("suppliers/", include("samsyn.suppliers.urls")),
    path("answer/", include("samsyn.findings.urls_answer")),
    path("management/", include("samsyn.reporting.urls")),
    path("maturity/", include("samsyn.maturity.urls")),
    path("rate/", include("samsyn.maturity.urls_rate")),
    path("change-log/", include("samsyn.cockpit.urls_log")),
    path("outbox/", include("samsyn.cockpit.urls_outbox")),
    path("situation/", include("samsyn.situation.urls")),
    path("wheel/", include("samsyn.annual_wheel.urls")),
    path("api/", api.urls),
]

handler400 = "samsyn.site.errors.bad_request"
handler403 = "samsyn.site.errors.not_allowed"
handler404 = "samsyn.site.errors.not_found"
handler500 = "samsyn.site.errors.server_error"
