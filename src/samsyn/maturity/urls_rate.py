from __future__ import annotations

from django.urls import path

from samsyn.maturity import rate_views

app_name = "rate"
urlpatterns = [
    path("in/<str:token>/", rate_views.door, name="door"),
    path("<str:token>/", rate_views.seat, name="seat"),
    path("<str:token>/withdraw/", rate_views.withdraw, name="withdraw"),
    path("<str:token>/<int:area>/", rate_views.area, name="area"),
]
