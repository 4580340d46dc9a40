from __future__ import annotations

from django.urls import path

from samsyn.assets import views

app_name = "assets"
urlpatterns = [
    path("", views.resource_list, name="resources"),
    path("new/", views.resource_create, name="create"),
    path("requests/", views.request_list, name="requests"),
    path("import/", views.constituency_import, name="constituency"),
    path("constituency.csv", views.constituency_file, name="constituency-file"),
    path("<int:pk>/", views.resource_detail, name="resource"),
    path("<int:pk>/change/", views.resource_change, name="change"),
    path("<int:pk>/withdraw/", views.resource_withdraw, name="withdraw"),
    path("<int:pk>/confirm/", views.resource_confirm, name="confirm"),
    path("<int:pk>/refuse/", views.resource_refuse, name="refuse"),
]
