from __future__ import annotations

from django.urls import path

from samsyn.maturity import meeting_views, views

app_name = "maturity"
urlpatterns = [
    path("", views.dialogue_list, name="list"),
    path("new/", views.dialogue_new, name="new"),
    path("<int:pk>/", views.dialogue_detail, name="detail"),
    path("<int:pk>/change/", views.dialogue_change, name="change"),
    path("<int:pk>/open/", views.dialogue_open, name="open"),
    path("<int:pk>/begin/", views.dialogue_begin, name="begin"),
    path("<int:pk>/close/", views.dialogue_close, name="close"),
    path("<int:pk>/reopen/", views.dialogue_reopen, name="reopen"),
    path("<int:pk>/invite/", views.invite, name="invite"),
    path("<int:pk>/links/", views.links_renew, name="links"),
    path("<int:pk>/wall/", views.wall, name="wall"),
    path("<int:pk>/targets/", views.targets, name="targets"),
    path("<int:pk>/area/", views.area_add, name="area-add"),
    path("<int:pk>/paper/", views.paper, name="paper"),
    path("<int:pk>/paper.pdf", views.paper_form, name="paper-form"),
    path("<int:pk>/meet/", meeting_views.meet, name="meet"),
    path("<int:pk>/meet/now/", meeting_views.meet_now, name="meet-now"),
    path("<int:pk>/timer/", meeting_views.timer, name="timer"),
    path("<int:pk>/decide/", meeting_views.decide, name="decide"),
    path("<int:pk>/result.pdf", views.pdf, name="pdf"),
    path("<int:pk>/result.pptx", views.slides, name="slides"),
    path("area/<int:pk>/remove/", views.area_remove, name="area-remove"),
    path("area/<int:pk>/show/", meeting_views.area_show, name="area-show"),
    path("area/<int:pk>/reveal/", meeting_views.area_reveal, name="area-reveal"),
    path("area/<int:pk>/agree/", meeting_views.area_agree, name="area-agree"),
    path("area/<int:pk>/propose/", meeting_views.proposal_add, name="proposal-add"),
    path("proposal/<int:pk>/", meeting_views.proposal_change, name="proposal"),
    path("proposal/<int:pk>/decline/", meeting_views.proposal_decline, name="proposal-decline"),
]
