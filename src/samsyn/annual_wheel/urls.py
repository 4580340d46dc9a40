from __future__ import annotations

from django.urls import path

from samsyn.annual_wheel import feed_views, views

app_name = "wheel"
urlpatterns = [
    path("", views.wheel, name="wheel"),
    path("year/", views.year, name="year"),
    path("list/", views.occurrence_list, name="list"),
    path("new/", views.activity_create, name="create"),
    path("feeds/", views.feeds, name="feeds"),
    path("feeds/<int:pk>/end/", views.feed_end, name="feed-end"),
    path("feed/<str:secret>.ics", feed_views.feed, name="feed"),
    path("<int:pk>/", views.occurrence_detail, name="detail"),
    path("<int:pk>/done/", views.complete, name="complete"),
    path("<int:pk>/move/", views.move, name="move"),
    path("<int:pk>/skip/", views.skip, name="skip"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("activity/<int:pk>/", views.activity_detail, name="activity"),
    path("activity/<int:pk>/change/", views.activity_change, name="change"),
    path("activity/<int:pk>/stop/", views.activity_stop, name="stop"),
    path("activity/<int:pk>/resume/", views.activity_resume, name="resume"),
    path("of/<int:pk>/begin/", views.begin, name="begin"),
    path("of/<int:pk>/usual/", views.begin_usual, name="usual"),
    path("of/<int:pk>/mark/", views.mark_add, name="mark-add"),
    path("mark/<int:pk>/remove/", views.mark_remove, name="mark-remove"),
]
