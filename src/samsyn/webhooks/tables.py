from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.ui.tables import Column
from samsyn.webhooks.models import Delivery, Webhook
from samsyn.webhooks.wording import (
    answer_text,
    delivery_badge,
    webhook_badge,
    webhook_state_text,
    what_text,
)

WEBHOOKS = (
    Column(
        name="name",
        label=_("Name"),
        url=Webhook.get_absolute_url,
        sort=("name",),
        is_fixed=True,
    ),
    Column(name="address", label=_("Address"), sort=("address",)),
    Column(
        name="organisation",
        label=_("Organisation"),
        value=lambda webhook: webhook.organisation.name,
        sort=("organisation__name",),
    ),
    Column(
        name="state",
        label=_("State"),
        value=webhook_state_text,
        cell=webhook_badge,
        sort=("state",),
    ),
    Column(name="tried_at", label=_("Last try"), sort=("tried_at",)),
    Column(
        name="person",
        label=_("Answers for it"),
        value=lambda webhook: webhook.person.name,
        sort=("person__name",),
    ),
)
DELIVERIES = (
    Column(
        name="what",
        label=_("What"),
        value=what_text,
        url=Delivery.get_absolute_url,
        is_fixed=True,
    ),
    Column(name="happened_at", label=_("When"), sort=("happened_at",)),
    Column(
        name="about",
        label=_("Where"),
        value=lambda delivery: delivery.about.name if delivery.about else "",
        sort=("about__name",),
    ),
    Column(
        name="state",
        label=_("State"),
        value=lambda delivery: delivery.get_state_display(),
        cell=delivery_badge,
        sort=("state",),
    ),
    Column(name="answer", label=_("Answer"), value=answer_text, sort=("status",)),
    Column(name="attempts", label=_("Tries"), sort=("attempts",), is_numeric=True),
    Column(
        name="milliseconds",
        label=_("Time taken, ms"),
        sort=("milliseconds",),
        is_numeric=True,
    ),
    Column(name="tried_at", label=_("Last try"), sort=("tried_at",), is_shown=False),
    Column(name="key", label=_("Id"), is_shown=False),
)
