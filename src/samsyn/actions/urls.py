from __future__ import annotations

from django.urls import path

from samsyn.actions import views

app_name = "actions"
urlpatterns = [
    path("", views.action_list, name="list"),
    path("board/", views.board, name="board"),
    path("calendar/", views.calendar, name="calendar"),
    path("new/", views.action_create, name="create"),
    path("<int:pk>/", views.action_detail, name="detail"),
    path("<int:pk>/change/", views.action_change, name="change"),
    path("<int:pk>/take/", views.action_take, name="take"),
    path("<int:pk>/plan/", views.action_plan, name="plan"),
    path("<int:pk>/start/", views.action_start, name="start"),
    path("<int:pk>/done/", views.action_complete, name="complete"),
    path("<int:pk>/check/", views.effect_check, name="check"),
    path("<int:pk>/decline/", views.action_decline, name="decline"),
    path("<int:pk>/reconsider/", views.action_reconsider, name="reconsider"),
    path("<int:pk>/note/", views.action_note, name="note"),
]
