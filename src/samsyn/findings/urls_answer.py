from __future__ import annotations

from django.urls import path

from samsyn.findings import answering

app_name = "answer"
urlpatterns = [
    path("<str:token>/", answering.letter, name="letter"),
    path("<str:token>/<int:pk>/", answering.finding, name="finding"),
    path("<str:token>/<int:pk>/thanks/", answering.thanks, name="thanks"),
]
