from __future__ import annotations

from django.urls import include, path

from samsyn.site import views

site_patterns = (
    [
        path("healthz", views.healthz, name="healthz"),
        path("choose-person/", views.choose_person, name="choose-person"),
        path("language/", views.language, name="language"),
        path("theme/", views.theme, name="theme"),
        path("switch/", views.switch, name="switch"),
    ],
    "site",
)
urlpatterns = [
    path("", include(site_patterns)),
    path("accounts/", include("allauth.urls")),
    path("organisations/", include("samsyn.organisations.urls")),
    path("resources/", include("samsyn.assets.urls")),
]
