"""What this room tells the rest of the house about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import ApiMount, Limit, NavigationPage, Room

ROOM = Room(
    addresses={"webhooks/": "urls"},
    pages=(
        NavigationPage(
            part="know",
            place=50,
            label=_("Webhooks"),
            url_name="webhooks:list",
            permission=Permission.WEBHOOKS_MANAGE,
        ),
    ),
    api=(ApiMount("webhooks", _("Webhooks")),),
    limits={
        "webhooks": Limit(
            20,
            "webhooks of an organisation",
            _("An organisation has at most %(most)d webhooks."),
        ),
    },
    deeds={
        "webhooks.delivery_resend": pgettext_lazy("deed", "Sent something to a webhook again"),
        "webhooks.delivery_skip": pgettext_lazy("deed", "Left out something for a webhook"),
        "webhooks.webhook_add": pgettext_lazy("deed", "Added a webhook"),
        "webhooks.webhook_change": pgettext_lazy("deed", "Changed a webhook"),
        "webhooks.webhook_pause": pgettext_lazy("deed", "Paused a webhook"),
        "webhooks.webhook_resume": pgettext_lazy("deed", "Resumed a webhook"),
        "webhooks.webhook_retire": pgettext_lazy("deed", "Retired a webhook"),
        "webhooks.webhook_secret_renew": pgettext_lazy("deed", "Gave a webhook a new secret"),
        "webhooks.webhook_switch_off": pgettext_lazy("deed", "Switched off a webhook"),
        "webhooks.webhook_test": pgettext_lazy("deed", "Sent a test to a webhook"),
    },
)
