from __future__ import annotations

from django.urls import path

from samsyn.situation import views

app_name = "situation"
urlpatterns = [
    path("", views.edition_list, name="list"),
    path("build/", views.situation_build, name="build"),
    path("<int:pk>/", views.edition_detail, name="edition"),
    path("<int:pk>/pdf/", views.edition_pdf_view, name="pdf"),
    path("<int:pk>/write/", views.edition_write, name="write"),
    path("<int:pk>/publish/", views.edition_publish, name="publish"),
    path("<int:pk>/rows/<slug:figure>/", views.rows_behind, name="rows"),
]
