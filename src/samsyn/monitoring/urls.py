from __future__ import annotations

from django.urls import path

from samsyn.monitoring import sighted_views, views

app_name = "monitoring"
urlpatterns = [
    path("", views.batch_list, name="batches"),
    path("read/", views.upload, name="upload"),
    path("unattributed/", views.unattributed, name="unattributed"),
    path("finding/<int:pk>/", sighted_views.finding_sightings, name="sightings"),
    path("finding/<int:pk>/csv/", sighted_views.finding_rows, name="sightings-csv"),
    path("unattributed/receiver/", views.receiver, name="receiver"),
    path("<int:pk>/", views.batch_detail, name="batch"),
]
