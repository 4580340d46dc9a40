from __future__ import annotations

from django.urls import path

from samsyn.actions import decision_views

app_name = "decisions"
urlpatterns = [
    path("", decision_views.decision_list, name="list"),
    path("new/", decision_views.decision_create, name="create"),
    path("<int:pk>/", decision_views.decision_detail, name="detail"),
]
