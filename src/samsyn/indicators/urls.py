from __future__ import annotations

from django.urls import path

from samsyn.indicators import views

app_name = "indicators"
urlpatterns = [
    *views.PAGES.urls(),
    path("<int:pk>/measure/", views.measurement_add, name="measure"),
    path("measurement/<int:pk>/", views.measurement_detail, name="measurement"),
    path("measurement/<int:pk>/correct/", views.measurement_correct, name="correct"),
    path("of/<int:pk>/begin/", views.begin, name="begin"),
    path("of/<int:pk>/usual/", views.begin_usual, name="usual"),
]
