"""What has happened, for each webhook: read from the trail, which is the outbox.

Every change writes an entry of the trail in its own transaction. Entries are numbered in the
order in which they are committed: writers queue on one lock until they have. Whoever has seen
number n therefore misses nothing before it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.scoping import ScopedManager
from samsyn.access.selectors import actor_of
from samsyn.audit.models import Entry
from samsyn.audit.rules import CHANGE
from samsyn.audit.selectors import trail_version
from samsyn.organisations.access_scope import covered_by
from samsyn.ui.thing_names import may_know, model_of
from samsyn.webhooks.models import (
    OWN_ROOM,
    Delivery,
    StopReason,
    Webhook,
    WebhookCoverage,
    WebhookState,
)
from samsyn.webhooks.stopping import webhook_stop

AT_ONCE = 500  # entries looked at in one transaction
TEST = "test"


def answering(webhook: Webhook) -> Actor | None:
    """Return the actor of whoever answers for a webhook; None where they no longer may.

    It is read anew each time: agreements, roles, assignments and API tokens end.
    """
    if token_has_ended(webhook):
        return None
    person, at = webhook.person, webhook.organisation_id
    actor = actor_of(person)
    if webhook.only is not None:
        known = frozenset(Permission)
        actor = replace(actor, only=known & frozenset(webhook.only), _known=[])
    needed = (Permission.WEBHOOKS_MANAGE, Permission.TRAIL_VIEW)
    is_able = person.is_active and all(actor.may(each, at) for each in needed)
    return actor if is_able else None


def token_has_ended(webhook: Webhook) -> bool:
    """Return whether a webhook was last saved by an API token that has ended."""
    return webhook.token is not None and webhook.token.is_ended(timezone.now())


def why_stopped(webhook: Webhook) -> StopReason:
    """Return why nobody answers for a webhook any more."""
    return StopReason.TOKEN_ENDED if token_has_ended(webhook) else StopReason.NO_RIGHTS


def places_of(webhook: Webhook, actor: Actor) -> frozenset[int]:
    """Return the ids of the organisations whose happenings a webhook is told.

    Of what it asks for, those where whoever answers for it may see the change log now.
    """
    may = actor.organisation_ids(Permission.TRAIL_VIEW)
    if webhook.covers == WebhookCoverage.OWN:
        return may & {webhook.organisation_id}
    covered = covered_by(webhook.organisation).values_list("descendant", flat=True)
    return may & frozenset(covered)


def happenings_collect(*, now: datetime) -> int:
    """Note for each webhook what has happened since it was last looked at; return how much.

    What is noted and the number up to which was looked are written in one transaction: killed
    anywhere, nothing is lost and nothing noted twice. Whoever changes something waits for none
    of it.
    """
    noted = 0
    for pk in behind().values_list("pk", flat=True):
        while (found := _collect(pk, now)) is not None:
            noted += found
    return noted


def behind() -> QuerySet[Webhook]:
    """Return the webhooks for which there are changes that nobody has looked at.

    Those whose API token has ended as well: they are to be switched off.
    """
    ended = Q(token__revoked_at__isnull=False) | Q(token__expires_at__lte=timezone.now())
    rows = Webhook.unscoped.filter(state=WebhookState.ON)  # scope: the worker's
    return rows.filter(Q(seen_number__lt=trail_version()) | ended).order_by("pk")


def _collect(pk: int, now: datetime) -> int | None:
    """Look at the next entries for one webhook; None when there are none left."""
    with transaction.atomic():
        rows = behind().filter(pk=pk).select_related("person", "organisation", "token")
        if connection.vendor == "postgresql":
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        webhook = rows.first()
        if webhook is None:
            return None
        actor = answering(webhook)
        if actor is None:
            webhook_stop(webhook=webhook, reason=why_stopped(webhook), now=now)
            return None
        newest = trail_version()
        entries = list(_after(webhook.seen_number, newest)[:AT_ONCE])
        made = _noted(webhook, entries, places_of(webhook, actor), now)
        seen = int(entries[-1].number) if len(entries) == AT_ONCE else newest
        Webhook.unscoped.filter(pk=pk).update(seen_number=seen)  # scope: the worker's
    return made


def _after(number: int, newest: int) -> QuerySet[Entry]:
    rows = Entry.objects.filter(kind=CHANGE, number__gt=number, number__lte=newest)
    return rows.only("number", "at", "action", "organisation_id").order_by("number")


def kept_count(*, actor: Actor, webhook: Webhook) -> int:
    """Return how many changes a webhook that is not on will be told when the actor resumes it.

    They are noted only then, so that nothing is kept twice meanwhile.
    """
    if webhook.state not in {WebhookState.PAUSED, WebhookState.OFF}:
        return 0
    rows = Entry.objects.filter(kind=CHANGE, number__gt=webhook.seen_number)
    rows = rows.filter(organisation_id__in=places_of(webhook, actor))
    if webhook.kinds:
        return rows.filter(action__in=webhook.kinds).count()
    return rows.exclude(action__startswith=OWN_ROOM).count()


def _noted(webhook: Webhook, entries: list[Entry], places: frozenset[int], now: datetime) -> int:
    made = [
        Delivery(
            organisation_id=webhook.organisation_id,
            webhook=webhook,
            about_id=entry.organisation_id,
            entry_number=entry.number,
            key=f"evt_{webhook.pk}_{entry.number}",
            action=entry.action,
            happened_at=entry.at,
            created_at=now,
        )
        for entry in entries
        if entry.organisation_id in places and webhook.tells(entry.action)
    ]
    Delivery.unscoped.bulk_create(made)  # scope: of a webhook that the worker looks at
    return len(made)


def body_of(delivery: Delivery, actor: Actor) -> str:
    """Return what is sent: what happened, when, where and to which thing, and no field of it.

    The thing is left out where whoever answers may not see such things there, as in the change
    log. Its name is sent only if the webhook asks for names.
    """
    event: dict[str, Any] = {
        "type": delivery.action or TEST,
        "id": delivery.key,
        "timestamp": delivery.happened_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "organisation": _place(delivery),
        "object": None,
    }
    if not delivery.is_test:
        entry = Entry.objects.get(number=delivery.entry_number or 0)
        event["object"] = _thing(entry, actor, with_names=delivery.webhook.with_names)
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def _place(delivery: Delivery) -> dict[str, Any]:
    place = delivery.about or delivery.organisation
    return {"id": place.pk, "name": place.name}


def _thing(entry: Entry, actor: Actor, *, with_names: bool) -> dict[str, Any] | None:
    if not entry.object_type or not may_know(entry, actor):
        return None
    pk: Any = int(entry.object_id) if entry.object_id.isdecimal() else entry.object_id
    thing = {"type": entry.object_type, "id": pk, "url": _url(entry, actor)}
    if with_names:
        thing["name"] = entry.object_name
    return thing


def _url(entry: Entry, actor: Actor) -> str | None:
    """Return the address of a thing's page; None where it has none, is gone or may not be seen."""
    manager = getattr(model_of(entry.object_type), "objects", None)
    if not isinstance(manager, ScopedManager):
        return None
    thing = manager.visible_to(actor).filter(pk=entry.object_id).first()
    if thing is None or not hasattr(thing, "get_absolute_url"):
        return None
    return f"{settings.BASE_URL}{thing.get_absolute_url()}"
