from __future__ import annotations

from django.urls import path

from samsyn.findings import urls_tell, views

app_name = "findings"
urlpatterns = [
    path("", views.finding_list, name="list"),
    path("<int:pk>/", views.finding_detail, name="detail"),
    path("<int:pk>/answer/", views.finding_answer, name="answer"),
    path("<int:pk>/acknowledge/", views.finding_acknowledge, name="acknowledge"),
    *urls_tell.urlpatterns,
]
