from __future__ import annotations

from django.urls import path

from samsyn.findings import telling_views as views

# Included under findings/ inside the namespace "findings".
urlpatterns = [
    path("tell/", views.tell, name="tell"),
    path("tell/begin/", views.tell_begin, name="tell-begin"),
    path("tell/<int:pk>/", views.tell_preview, name="tell-preview"),
    path("tell/<int:pk>/body/", views.tell_preview_body, name="tell-preview-body"),
]
