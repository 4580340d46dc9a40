from __future__ import annotations

from django.urls import path

from samsyn.benchmark import views

app_name = "benchmark"
urlpatterns = [
    path("", views.benchmark, name="benchmark"),
    path("of/<int:pk>/join/", views.join, name="join"),
    path("of/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("round/<int:pk>/close/", views.close, name="close"),
]
