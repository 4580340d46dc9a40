"""What webhooks and their deliveries are called in words."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.access.permission_words import WORDS
from samsyn.access.permissions import Permission
from samsyn.kernel.rooms import rooms
from samsyn.ui.components import StateBadge, Tone
from samsyn.ui.deeds import deed_text
from samsyn.webhooks.models import (
    Delivery,
    DeliveryProblem,
    DeliveryState,
    Webhook,
    WebhookState,
)
from samsyn.webhooks.rules import DELIVERED

TONES = {
    WebhookState.ON: Tone.SUCCESS,
    WebhookState.PAUSED: Tone.NEUTRAL,
    WebhookState.OFF: Tone.DANGER,
    WebhookState.RETIRED: Tone.NEUTRAL,
}
DELIVERY_TONES = {
    DeliveryState.WAITING: Tone.INFO,
    DeliveryState.DELIVERED: Tone.SUCCESS,
    DeliveryState.FAILED: Tone.DANGER,
    DeliveryState.SKIPPED: Tone.NEUTRAL,
    DeliveryState.WITHHELD: Tone.NEUTRAL,
}
ROOMS = {  # whose API and pages are called otherwise, or that have none
    "access": gettext_lazy("People and roles"),
    "annual_wheel": gettext_lazy("Annual wheel"),
    "backups": gettext_lazy("Backups"),
    "jobs": gettext_lazy("Jobs"),
    "monitoring": gettext_lazy("Reports"),
}
FAILING = gettext_lazy("on, failing")
TEST = gettext_lazy("Test")


def webhook_state_text(webhook: Webhook) -> str:
    """Return the state of a webhook in words."""
    return str(FAILING) if _is_failing(webhook) else str(WebhookState(webhook.state).label)


def _is_failing(webhook: Webhook) -> bool:
    """Return whether the receiver fails; in a demonstration nothing is sent to it."""
    return webhook.is_failing() and settings.OUTGOING.is_open


def webhook_badge(webhook: Webhook) -> StateBadge:
    """Return the state of a webhook as a badge."""
    tone = Tone.WARNING if _is_failing(webhook) else TONES[WebhookState(webhook.state)]
    return StateBadge(state=f"webhook-{webhook.state}", text=webhook_state_text(webhook), tone=tone)


def delivery_badge(delivery: Delivery) -> StateBadge:
    """Return the state of a delivery as a badge."""
    state = DeliveryState(delivery.state)
    return StateBadge(state=f"delivery-{state}", text=state.label, tone=DELIVERY_TONES[state])


def what_text(delivery: Delivery) -> str:
    """Return in words what a delivery tells."""
    return str(TEST) if delivery.is_test else deed_text(delivery.action)


def answer_text(delivery: Delivery) -> str:
    """Return in words what came back: the code, or why there is none."""
    if delivery.problem:
        return str(DeliveryProblem(delivery.problem).label)
    if delivery.status is None:
        return ""
    if delivery.status in DELIVERED:
        return str(delivery.status)
    return _("%d: not accepted") % delivery.status


def kinds_text(webhook: Webhook) -> str:
    """Return in words what a webhook is told."""
    named = ", ".join(deed_text(name) for name in webhook.kinds)
    return named or _("everything, except what is done with webhooks")


def narrowed_text(webhook: Webhook) -> str:
    """Return in words what narrows what a webhook is told; empty where nothing does."""
    token = webhook.token
    if webhook.only is None:
        return _("by the API token %s") % token if token else ""
    known = frozenset(Permission) & frozenset(webhook.only)
    may = ", ".join(sorted(str(WORDS[Permission(name)]) for name in known))
    said = {"token": token or "", "what": may}
    if token is None:
        return _("by an API token: may %(what)s") % said
    return _("by the API token %(token)s: may %(what)s") % said


def room_text(name: str) -> str:
    """Return what the room of a command is called, as its API and the menu call it."""
    room = name.partition(".")[0]
    known = rooms()[room]
    if room in ROOMS:
        return str(ROOMS[room])
    labels = [*(mount.label for mount in known.api), *(page.label for page in known.pages)]
    return str(labels[0] if labels else apps.get_app_config(room).verbose_name)
