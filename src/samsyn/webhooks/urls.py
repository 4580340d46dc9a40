from __future__ import annotations

from django.urls import path

from samsyn.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.webhook_list, name="list"),
    path("new/", views.webhook_create, name="create"),
    path("<int:pk>/", views.webhook_detail, name="detail"),
    path("<int:pk>/change/", views.webhook_change, name="change"),
    path("<int:pk>/pause/", views.webhook_pause, name="pause"),
    path("<int:pk>/resume/", views.webhook_resume, name="resume"),
    path("<int:pk>/retire/", views.webhook_retire, name="retire"),
    path("<int:pk>/secret/", views.webhook_secret, name="secret"),
    path("<int:pk>/test/", views.webhook_test, name="test"),
    path("<int:pk>/deliveries/", views.delivery_list, name="deliveries"),
    path("deliveries/<int:pk>/", views.delivery_detail, name="delivery"),
    path("deliveries/<int:pk>/resend/", views.delivery_resend, name="resend"),
    path("deliveries/<int:pk>/skip/", views.delivery_skip, name="skip"),
]
