from __future__ import annotations

from django.urls import path

from samsyn.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.document_list, name="list"),
    path("new/", views.document_create, name="create"),
    path("attach/", views.attach, name="attach"),
    path("place/", views.place, name="place"),
    path("<int:pk>/", views.document_detail, name="detail"),
    path("<int:pk>/change/", views.document_change, name="change"),
    path("<int:pk>/remove/", views.document_remove, name="remove"),
    path("<int:pk>/versions/new/", views.version_add, name="version-add"),
    path("versions/<int:pk>/", views.download, name="download"),
    path("attached/<int:pk>/remove/", views.detach, name="detach"),
]
