from __future__ import annotations

from django.urls import path

from samsyn.ui import views

app_name = "ui"
urlpatterns = [
    path("gallery", views.gallery, name="gallery"),
    path("gallery/list", views.gallery_list, name="gallery-list"),
    path("gallery/form", views.gallery_form, name="gallery-form"),
]
