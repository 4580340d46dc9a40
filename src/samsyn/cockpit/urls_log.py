from __future__ import annotations

from django.urls import path

from samsyn.cockpit import change_log

app_name = "log"
urlpatterns = [path("", change_log.change_log, name="list")]
