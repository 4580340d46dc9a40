from __future__ import annotations

from django.urls import path

from samsyn.cockpit import outbox

app_name = "messages"
urlpatterns = [
    path("", outbox.outbox, name="outbox"),
    path("<int:pk>/", outbox.message, name="message"),
    path("<int:pk>/body/", outbox.message_body, name="body"),
    path("<int:pk>/resend/", outbox.resend, name="resend"),
    path("<int:pk>/return/", outbox.came_back, name="return"),
    path("<int:pk>/restore/", outbox.restore, name="restore"),
]
