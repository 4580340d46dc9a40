from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "samsyn.messages"
    label = "delivery"  # "messages" is taken by Django's own notices
