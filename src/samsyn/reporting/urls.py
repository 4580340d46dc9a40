from __future__ import annotations

from django.urls import path

from samsyn.reporting import meeting_views, views

app_name = "management"
urlpatterns = [
    path("", views.management_home, name="home"),
    path("<int:pk>/", views.management, name="page"),
    path("<int:pk>/propose/", views.propose, name="propose"),
    path("<int:pk>/words/", views.words, name="words"),
    path("<int:pk>/ask/", views.ask, name="ask"),
    path("<int:pk>/target/", views.target, name="target"),
    path("targets/<int:pk>/decide/", views.target_decide, name="target-decide"),
    path("questions/<int:pk>/answer/", views.answer, name="answer"),
    path("proposals/", views.proposal_list, name="proposals"),
    path("proposals/<int:pk>/", views.proposal_detail, name="proposal"),
    path("proposals/<int:pk>/change/", views.proposal_change, name="proposal-change"),
    path("proposals/<int:pk>/decide/", views.proposal_decide, name="decide"),
    path("proposals/<int:pk>/withdraw/", views.proposal_withdraw, name="withdraw"),
    path("meetings/", meeting_views.meeting_list, name="meetings"),
    path("meetings/new/", meeting_views.meeting_new, name="meeting-new"),
    path("meetings/<int:pk>/", meeting_views.meeting_detail, name="meeting"),
    path("meetings/<int:pk>/change/", meeting_views.meeting_change, name="meeting-change"),
    path("meetings/<int:pk>/point/", meeting_views.point_add, name="point-add"),
    path("meetings/<int:pk>/freeze/", meeting_views.meeting_freeze, name="freeze"),
    path("meetings/<int:pk>/pack/", meeting_views.pack, name="pack"),
    path("meetings/<int:pk>/pack.pptx", meeting_views.slides, name="slides"),
    path("meetings/<int:pk>/pack.pdf", meeting_views.pdf, name="pdf"),
    path("points/<int:pk>/", meeting_views.minutes_write, name="minutes"),
]
