"""Sends what waits: for each webhook in order, and no receiver holds up the others for long.

A webhook is leased before anything is sent, in a transaction of its own, and what became of it
is written at once. A worker that is killed loses its lease after two minutes; the same delivery
is then tried again under the same webhook-id, by which a receiver knows it. The pause before that
is written with the lease: what kills each worker that sends it is tried ever more seldom too.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_noop

from samsyn.access.reading import note_sent
from samsyn.kernel.outgoing import SECONDS, NotAnswered, OutgoingAnswer, post
from samsyn.webhooks.happenings import answering, body_of, places_of, why_stopped
from samsyn.webhooks.models import (
    Delivery,
    DeliveryProblem,
    DeliveryState,
    StopReason,
    Webhook,
    WebhookState,
)
from samsyn.webhooks.rules import (
    LEASE,
    PAUSE_MOST,
    TEST_TRIES,
    Outcome,
    headers,
    is_over,
    next_try,
    outcome_of,
    rest_after,
)
from samsyn.webhooks.signing import secrets_of
from samsyn.webhooks.stopping import webhook_stop

ROUND_SECONDS = 60.0  # then other jobs get their turn
ORGANISATION_SECONDS = 10.0  # in a round, then only the others get theirs
log = logging.getLogger("samsyn.webhooks")
Clock = Callable[[], datetime]
NOTHING_SENT = frozenset(DeliveryProblem) - {
    DeliveryProblem.TIMEOUT,
    DeliveryProblem.CONNECTION_LOST,
}  # with these the receiver may have read it


class LeasedDelivery(NamedTuple):
    """A webhook under a lease, what is to be sent to it, and whether the lease before was lost."""

    webhook: Webhook
    delivery: Delivery
    is_after_kill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a try came to."""

    status: int = 0
    problem: str = ""
    answer: str = ""
    retry_after: str = ""
    milliseconds: int = 0

    @property
    def outcome(self) -> Outcome:
        """What it means."""
        return outcome_of(self.status)


LOST = Tried(problem=DeliveryProblem.CONNECTION_LOST)


def deliveries_send(
    *,
    clock: Clock = timezone.now,
    progress: Callable[[str, int, int], None] | None = None,
    seconds: float = SECONDS,
) -> dict[str, int]:
    """Send what is due; return how many tries ended in which state.

    Safe to run beside itself and to be killed anywhere. Organisations take turns, and within
    each its webhooks: the one that has waited longest is next, so that however many slow
    receivers one organisation has, another's webhook is next after one of them. An organisation
    that has had ten seconds waits for the next round. A round ends after a minute.
    """
    done: Counter[str] = Counter()
    taken: defaultdict[int, float] = defaultdict(float)
    ends = monotonic() + ROUND_SECONDS
    while (began := monotonic()) < ends:
        had = [pk for pk, each in taken.items() if each >= ORGANISATION_SECONDS]
        if (claimed := claim(clock(), had)) is None:
            break
        done[_done(claimed, clock=clock, seconds=seconds)] += 1
        taken[claimed.webhook.organisation_id] += monotonic() - began
        if progress:
            progress(gettext_noop("sending"), done.total(), 0)
    return dict(done)


def due(now: datetime) -> QuerySet[Webhook]:
    """Return the webhooks for which something is to be sent now.

    First that of the organisation to which nothing has been sent for longest, and of its
    webhooks that which has waited longest.

    A time further away than any pause is from before a clock's jump.
    """
    waiting = Delivery.unscoped.filter(  # scope: the worker's
        webhook=OuterRef("pk"), state=DeliveryState.WAITING
    )
    paused = Q(next_try_at__gt=now) & Q(next_try_at__lte=now + PAUSE_MOST * 2)
    leased = Q(leased_until__gt=now) & Q(leased_until__lte=now + LEASE * 2)
    usual = Q(state=WebhookState.ON) & ~paused & Exists(waiting.filter(entry_number__isnull=False))
    test = ~Q(state=WebhookState.RETIRED) & Exists(waiting.filter(entry_number__isnull=True))
    rows = Webhook.unscoped.filter(usual | test).exclude(leased)  # scope: the worker's
    latest = Webhook.unscoped.filter(  # scope: the worker's
        organisation=OuterRef("organisation"), tried_at__isnull=False
    ).order_by("-tried_at")
    rows = rows.annotate(organisation_tried_at=Subquery(latest.values("tried_at")[:1]))
    order = (F(name).asc(nulls_first=True) for name in ("organisation_tried_at", "tried_at"))
    return rows.order_by(*order, "pk")


def claim(now: datetime, without: Collection[int] = ()) -> LeasedDelivery | None:
    """Return a webhook that is due, leased to the caller, and what is to be sent to it next.

    Args:
        now: this moment.
        without: ids of organisations that have had their share.

    """
    with transaction.atomic():
        rows = due(now).select_related("person", "organisation", "token")
        rows = rows.exclude(organisation__in=without)
        if connection.vendor == "postgresql":
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        webhook = rows.first()
        if webhook is None:
            return None
        found = LeasedDelivery(webhook, _next_of(webhook, now), is_after_kill=bool(webhook.lease))
        webhook.lease, webhook.leased_until = uuid4().hex, now + LEASE
        webhook.tried_at = now
        found.delivery.attempts += 1
        found.delivery.tried_at = now
        _expect_nothing(found, now)
        webhook.save(
            update_fields=["lease", "leased_until", "tried_at", "failing_since", "next_try_at"]
        )
        found.delivery.save(update_fields=["attempts", "tried_at"])
    return found


def _expect_nothing(found: LeasedDelivery, now: datetime) -> None:
    """Set what holds if nothing more is heard of this try, since its worker is killed."""
    webhook, delivery = found.webhook, found.delivery
    if delivery.is_test:
        return
    webhook.next_try_at = next_try(delivery.attempts, now)
    if delivery.attempts > 1:
        webhook.failing_since = webhook.failing_since or now


def _next_of(webhook: Webhook, now: datetime) -> Delivery:
    """Return what is to be sent next: a test at once, else the oldest."""
    rows = Delivery.unscoped.filter(  # scope: the worker's
        webhook=webhook, state=DeliveryState.WAITING
    )
    rows = rows.select_related("about", "organisation")
    if webhook.state != WebhookState.ON or _is_resting(webhook, now):
        rows = rows.filter(entry_number__isnull=True)
    delivery = rows.order_by(F("entry_number").asc(nulls_first=True), "pk")[0]
    delivery.webhook = webhook
    return delivery


def _is_resting(webhook: Webhook, now: datetime) -> bool:
    """Return whether a pause lasts, by the same rule as ``due``."""
    until = webhook.next_try_at
    return until is not None and now < until <= now + PAUSE_MOST * 2


def _done(found: LeasedDelivery, *, clock: Clock, seconds: float) -> str:
    """Deliver; a fault of ours is written as a try that failed, and ends nobody else's turn."""
    try:
        return _deliver(found, clock=clock, seconds=seconds)
    except Exception:  # as a job's: the others must get their turn
        log.exception("delivery %s failed", found.delivery.pk)
    try:
        return _settle(found.webhook, found.delivery, LOST, clock())
    except Exception:  # its lease ends, and its pause has been written with it
        log.exception("delivery %s could not be settled", found.delivery.pk)
        return found.delivery.state


def _deliver(found: LeasedDelivery, *, clock: Clock, seconds: float) -> str:
    """Send one delivery, if it may still be sent, and write what became of it."""
    webhook, delivery, is_after_kill = found
    if is_after_kill and _is_enough(found, clock()):
        return _settle(webhook, delivery, LOST, clock())
    actor = answering(webhook)
    if actor is None:
        return _without_rights(webhook, delivery, clock())
    if not delivery.is_test and delivery.about_id not in places_of(webhook, actor):
        return _settle(webhook, delivery, None, clock())
    delivery.body = body_of(delivery, actor)
    tried = _try(webhook, delivery, clock(), seconds)
    if delivery.about_id is not None and tried.problem not in NOTHING_SENT:
        note_sent(actor, delivery.about_id, webhook=webhook, now=clock())
    return _settle(webhook, delivery, tried, clock())


def _is_enough(found: LeasedDelivery, now: datetime) -> bool:
    """Return whether what a worker was killed over is not tried once more."""
    if found.delivery.is_test:
        return found.delivery.attempts > TEST_TRIES
    return is_over(found.webhook.failing_since, now)


def _try(webhook: Webhook, delivery: Delivery, now: datetime, seconds: float) -> Tried:
    """Sign and send, outside any transaction."""
    body, began = delivery.body.encode(), monotonic()
    try:
        signed = headers(
            secrets_of(webhook, now), key=delivery.key, at=int(now.timestamp()), body=body
        )
        answer = post(
            webhook.address, body=body, headers=signed, rules=settings.OUTGOING, seconds=seconds
        )
    except NotAnswered as error:
        return Tried(problem=error.problem.value, milliseconds=_since(began))
    except ValueError:
        return Tried(problem=DeliveryProblem.UNREADABLE)
    return _answered(answer, _since(began))


def _answered(answer: OutgoingAnswer, milliseconds: int) -> Tried:
    return Tried(
        status=answer.status,
        answer=answer.text,
        retry_after=answer.retry_after,
        milliseconds=milliseconds,
    )


def _since(began: float) -> int:
    return int((monotonic() - began) * 1000)


def _without_rights(webhook: Webhook, delivery: Delivery, now: datetime) -> str:
    """Switch a webhook off whose person may no longer see what it would be told."""
    with transaction.atomic():
        held = _let_go(webhook)
        if held and webhook.state == WebhookState.ON:
            webhook_stop(webhook=webhook, reason=why_stopped(webhook), now=now)
        if held and delivery.is_test:
            _write(delivery, state=DeliveryState.WITHHELD)
    return "stopped"


def _settle(webhook: Webhook, delivery: Delivery, tried: Tried | None, now: datetime) -> str:
    """Write what became of a delivery and return its state; None is one that may not be sent.

    Nothing is written when the lease has gone to another worker meanwhile.
    """
    state, asked = _state_after(delivery, tried), webhook.address
    with transaction.atomic():
        if not _let_go(webhook):
            log.warning("delivery %s: the lease was lost before the outcome was known", delivery.pk)
            return state
        facts = {} if tried is None else _facts(delivery, tried)
        _write(delivery, state=state, **facts)
        is_as_asked = webhook.address == asked and webhook.state != WebhookState.RETIRED
        if is_as_asked and not delivery.is_test:  # else it says nothing of what is there now
            _learn(webhook, delivery, tried, now)
    return state


def _state_after(delivery: Delivery, tried: Tried | None) -> str:
    if tried is None:
        return DeliveryState.WITHHELD
    if tried.outcome == Outcome.DELIVERED:
        return DeliveryState.DELIVERED
    return DeliveryState.FAILED if delivery.is_test else DeliveryState.WAITING


def _facts(delivery: Delivery, tried: Tried) -> dict[str, Any]:
    return {
        "body": delivery.body,
        "status": tried.status or None,
        "problem": tried.problem,
        "answer": tried.answer,
        "milliseconds": tried.milliseconds,
    }


def _write(delivery: Delivery, **facts: Any) -> None:
    Delivery.unscoped.filter(pk=delivery.pk).update(**facts)  # scope: the worker's


def _let_go(webhook: Webhook) -> bool:
    """Give the lease back; return whether it was still held. Reads what people did meanwhile."""
    leased = Webhook.unscoped.filter(pk=webhook.pk, lease=webhook.lease)  # scope: the worker's
    if not leased.update(lease="", leased_until=None):
        return False
    webhook.refresh_from_db()
    return True


def _learn(webhook: Webhook, delivery: Delivery, tried: Tried | None, now: datetime) -> None:
    """Keep what a try says of the receiver: when to try again, or that it is over."""
    if tried is None:  # nobody was asked
        webhook.next_try_at = None
        webhook.save(update_fields=["next_try_at"])
        return
    if tried.outcome == Outcome.DELIVERED:
        rest = rest_after(tried.milliseconds)
        webhook.failing_since, webhook.next_try_at = None, now + rest if rest else None
    else:
        webhook.failing_since = webhook.failing_since or now
        webhook.next_try_at = next_try(delivery.attempts, now, retry_after=tried.retry_after)
    webhook.save(update_fields=["failing_since", "next_try_at"])
    if webhook.state != WebhookState.ON:
        return
    if tried.outcome == Outcome.GONE:
        webhook_stop(webhook=webhook, reason=StopReason.GONE, now=now)
    elif is_over(webhook.failing_since, now):
        webhook_stop(webhook=webhook, reason=StopReason.FAILING, now=now)
