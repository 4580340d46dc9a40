from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import COMMANDS
from samsyn.access.permissions import Permission
from samsyn.audit.models import Entry
from samsyn.audit.rules import CHANGE, kind_of
from samsyn.kernel.errors import NotFound
from samsyn.ui.deeds import DEEDS
from samsyn.ui.thing_names import may_know
from samsyn.webhooks.models import Delivery, DeliveryState, Webhook, WebhookState


def webhook_list(
    *, actor: Actor, organisation: int | None = None, state: str = "", search: str = ""
) -> QuerySet[Webhook]:
    """Return the webhooks that the actor manages, without the retired unless they are asked for."""
    rows: QuerySet[Webhook] = Webhook.objects.visible_to(actor)
    rows = rows.filter(state=state) if state else rows.exclude(state=WebhookState.RETIRED)
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(address__icontains=search))
    return rows.select_related("organisation", "person", "token")


def webhooks_by_token(*, actor: Actor, token: int) -> list[Webhook]:
    """Return the webhooks that end with an API token, of those that the actor manages."""
    rows: QuerySet[Webhook] = Webhook.objects.visible_to(actor)
    rows = rows.filter(token_id=token).exclude(state=WebhookState.RETIRED)
    return list(rows.select_related("organisation"))


def webhook_get(*, actor: Actor, pk: int) -> Webhook:
    """Return one, retired or not.

    Raises:
        NotFound: there is none, or the actor may not manage it.

    """
    rows: QuerySet[Webhook] = Webhook.objects.visible_to(actor)
    found = rows.select_related("organisation", "person", "token").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such webhook."))
    return found


def delivery_list(
    *, actor: Actor, pk: int, state: str = "", kind: str = "", search: str = ""
) -> QuerySet[Delivery]:
    """Return what a webhook has been told or waits for, the newest first.

    What happened where the actor may not see the change log is left out: whoever answers for
    the webhook may see more than who looks at it.

    Args:
        actor: who asks.
        pk: id of the webhook.
        state: of the delivery.
        kind: name of the command.
        search: part of the id of a delivery.

    Raises:
        NotFound: there is no such webhook, or the actor may not manage it.

    """
    webhook = webhook_get(actor=actor, pk=pk)
    rows = _seen_by(actor).filter(webhook=webhook)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(action=kind)
    if search:
        rows = rows.filter(key__icontains=search)
    return rows.order_by("-pk")


def delivery_get(*, actor: Actor, pk: int) -> Delivery:
    """Return one delivery.

    Raises:
        NotFound: there is none, or the actor may not see it.

    """
    found: Delivery | None = _seen_by(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such delivery."))
    return found


def _seen_by(actor: Actor) -> QuerySet[Delivery]:
    places = Q(about__isnull=True) | Q(about__in=actor.organisations_with(Permission.TRAIL_VIEW))
    rows: QuerySet[Delivery] = Delivery.objects.visible_to(actor)
    return rows.filter(places).select_related("webhook", "about", "organisation")


def waiting_count(*, actor: Actor, webhook: Webhook) -> int:
    """Return how much of what the actor may see waits to be sent."""
    rows = _seen_by(actor).filter(webhook=webhook, state=DeliveryState.WAITING)
    return rows.count()


def waiting_before(delivery: Delivery) -> bool:
    """Return whether something that happened earlier waits for the same webhook."""
    rows = Delivery.unscoped.filter(  # scope: of a delivery found in scope
        webhook_id=delivery.webhook_id,
        state=DeliveryState.WAITING,
        entry_number__lt=delivery.entry_number or 0,
    )
    return rows.exists()


def kind_names() -> list[str]:
    """Return the names of all happenings that can be told: what changes an organisation's things.

    What people do to their own account or pages belongs to no organisation and is not told.
    """
    return sorted(
        name
        for name in DEEDS
        if kind_of(name) == CHANGE and not name.startswith("audit.") and _is_of_organisations(name)
    )


def _is_of_organisations(name: str) -> bool:
    known: Any = COMMANDS.get(name)
    return known is None or known.permission is not None


def body_seen(*, actor: Actor, delivery: Delivery) -> str | None:
    """Return what was sent, empty before it was; None where it says more than the actor may see.

    What is sent follows the rights of whoever answers for the webhook, not those of its reader.
    """
    if delivery.is_test:
        return delivery.body
    entry = Entry.objects.get(number=delivery.entry_number or 0)
    return delivery.body if may_know(entry, actor) else None


def resend_fault(delivery: Delivery) -> str:
    """Return why a delivery cannot be sent again or now; empty if it can."""
    if delivery.is_test:
        return _("Send a new test instead.")
    if delivery.webhook.state == WebhookState.RETIRED:
        return _("The webhook is retired.")
    if delivery.webhook.state != WebhookState.ON:
        return _("The webhook is not on. Resume it first: what waits is then sent.")
    return ""
