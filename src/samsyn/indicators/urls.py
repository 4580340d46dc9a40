from __future__ import annotations

from django.urls import path

from samsyn.indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.indicator_list, name="list"),
    path("new/", views.indicator_create, name="create"),
    path("<int:pk>/", views.indicator_detail, name="detail"),
    path("<int:pk>/change/", views.indicator_change, name="change"),
    path("<int:pk>/retire/", views.indicator_retire, name="retire"),
    path("<int:pk>/resume/", views.indicator_resume, name="resume"),
    path("<int:pk>/measure/", views.measurement_add, name="measure"),
    path("measurement/<int:pk>/", views.measurement_detail, name="measurement"),
    path("measurement/<int:pk>/correct/", views.measurement_correct, name="correct"),
    path("of/<int:pk>/begin/", views.begin, name="begin"),
    path("of/<int:pk>/usual/", views.begin_usual, name="usual"),
]
