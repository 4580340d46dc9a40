from __future__ import annotations

from django.urls import path

from samsyn.cockpit import views

app_name = "cockpit"
urlpatterns = [
    path("", views.home, name="home"),
    path("desk/", views.desk, name="desk"),
    path("members/", views.members, name="members"),
    path("members/<int:pk>/", views.member, name="member"),
    path("search/", views.search, name="search"),
    path("jobs/", views.jobs, name="jobs"),
]
