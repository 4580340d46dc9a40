from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import require_room
from samsyn.access.models import Person
from samsyn.access.permissions import Permission
from samsyn.access.versions import keep
from samsyn.audit.selectors import trail_version
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.outgoing import AddressFault, AddressInvalid, destination_of
from samsyn.webhooks.models import (
    Delivery,
    DeliveryState,
    Webhook,
    WebhookCoverage,
    WebhookState,
)
from samsyn.webhooks.rules import TESTS_MOST, TESTS_WITHIN
from samsyn.webhooks.selectors import kind_names, resend_fault
from samsyn.webhooks.signing import secret_give

OUTCOME = ("body", "problem", "answer", "status", "milliseconds", "tried_at")
FIELDS = ("name", "address", "kinds", "covers", "with_names")


@command(Permission.WEBHOOKS_MANAGE)
def webhook_add(
    *,
    actor: Actor,
    organisation: Any,
    name: str,
    address: str,
    kinds: Collection[str] = (),
    covers: str = WebhookCoverage.OWN,
    with_names: bool = False,
    now: datetime,
) -> Webhook:
    """Add a webhook. Its secret is on ``webhook.secret`` now and never again.

    It is told what happens from now on. Whoever adds it answers for it.

    Args:
        organisation: whose it is.
        name: that people know it by.
        address: https.
        kinds: names of commands; none is everything but what is done with webhooks.
        covers: own, or all.
        with_names: whether names of things are sent.
        now: when it is added.

    Raises:
        RuleViolation: the address may not be sent to, a kind is unknown, or the actor may not
            see the change log here.

    """
    there = Webhook.unscoped.filter(organisation=organisation)  # scope: a number
    there = there.exclude(state=WebhookState.RETIRED)
    require_room("webhooks", there, of=organisation.pk)
    webhook = Webhook(
        organisation=organisation,
        name=name,
        address=address,
        kinds=list(kinds),
        covers=covers,
        with_names=with_names,
        state_since=now,
        created_at=now,
        seen_number=trail_version(),
    )
    secret = secret_give(webhook, now)
    _require(actor, webhook)
    webhook.save()
    webhook.secret = secret  # shown once, never kept
    return webhook


@command(Permission.WEBHOOKS_MANAGE)
def webhook_change(
    *, actor: Actor, webhook: Webhook, seen: int | None = None, **facts: Any
) -> Webhook:
    """Change a webhook. Whoever changes it answers for it from now on.

    At a new address what waits is tried at once: the pauses were those of the one before.
    """
    _require_not_retired(webhook)
    before = webhook.address
    if strange := facts.keys() - set(FIELDS):
        raise TypeError(f"a webhook has no {sorted(strange)}")
    for name, value in facts.items():
        setattr(webhook, name, list(value) if name == "kinds" else value)
    _require(actor, webhook)
    trying = []
    if webhook.address != before:
        trying = _try_anew(webhook)
        _waiting(webhook).filter(entry_number__isnull=False).update(attempts=0)
    keep(webhook, [*FIELDS, "person", "token", "only", *trying], seen=seen)
    return webhook


@command(Permission.WEBHOOKS_MANAGE)
def webhook_pause(*, actor: Actor, webhook: Webhook, now: datetime) -> Webhook:
    """Send nothing until it is resumed; what happens meanwhile is kept."""
    if webhook.state != WebhookState.ON:
        raise RuleViolation(_("Only a webhook that is on can be paused."))
    return _moved(webhook, WebhookState.PAUSED, now)


@command(Permission.WEBHOOKS_MANAGE)
def webhook_resume(*, actor: Actor, webhook: Webhook, now: datetime) -> Webhook:
    """Send again, beginning with what has waited. Whoever resumes it answers for it."""
    if webhook.state not in {WebhookState.PAUSED, WebhookState.OFF}:
        raise RuleViolation(_("Only a webhook that is paused or switched off can be resumed."))
    before, webhook.state, webhook.state_since = webhook.state, WebhookState.ON, now
    webhook.reason, trying = "", _try_anew(webhook)
    _require(actor, webhook)
    keep(
        webhook,
        ["state", "state_since", "reason", "person", "token", "only", *trying],
        state=before,
    )
    return webhook


@command(Permission.WEBHOOKS_MANAGE)
def webhook_retire(*, actor: Actor, webhook: Webhook, now: datetime) -> Webhook:
    """Retire a webhook for good: nothing more is sent, and its secrets are erased."""
    _require_not_retired(webhook)
    webhook.sealed = webhook.sealed_before = ""
    webhook.both_until = None
    _waiting(webhook).update(state=DeliveryState.SKIPPED)
    erased = ("sealed", "sealed_before", "both_until", *_try_anew(webhook))
    return _moved(webhook, WebhookState.RETIRED, now, *erased)


@command(Permission.WEBHOOKS_MANAGE)
def webhook_secret_renew(*, actor: Actor, webhook: Webhook, now: datetime) -> Webhook:
    """Give a webhook a new secret, on ``webhook.secret`` now and never again.

    For 24 hours the one before signs as well, so that the receiver can change in between.

    Raises:
        RuleViolation: it is retired, or the secret before still signs: a third would end it.

    """
    _require_not_retired(webhook)
    if webhook.both_until is not None and now < webhook.both_until:
        raise RuleViolation(
            _(
                "The secret was renewed less than 24 hours ago, and the one before still signs. "
                "If others know the new one, retire the webhook and add another."
            )
        )
    secret = secret_give(webhook, now)
    keep(webhook, ["sealed", "sealed_before", "both_until"])
    webhook.secret = secret  # shown once, never kept
    return webhook


@command(Permission.WEBHOOKS_MANAGE)
def webhook_test(*, actor: Actor, webhook: Webhook, now: datetime) -> Delivery:
    """Send an event of no meaning at once, once, also while the webhook is paused."""
    _require_not_retired(webhook)
    tests = Delivery.unscoped.filter(  # scope: of a webhook found in scope
        webhook=webhook, entry_number__isnull=True
    )
    if tests.filter(state=DeliveryState.WAITING).exists():
        raise RuleViolation(_("A test is on its way already."))
    lately = tests.filter(created_at__gt=now - TESTS_WITHIN, created_at__lte=now)
    if lately.count() >= TESTS_MOST:  # one that nobody answers takes ten seconds of everybody's
        raise RuleViolation(_("A webhook is tested at most five times in ten minutes."))
    delivery = Delivery(
        organisation=webhook.organisation,
        webhook=webhook,
        key=f"test_{webhook.pk}_{uuid4().hex}",
        happened_at=now,
        created_at=now,
    )
    delivery.save()
    return delivery


@command(Permission.WEBHOOKS_MANAGE)
def delivery_resend(*, actor: Actor, delivery: Delivery, now: datetime) -> Delivery:
    """Send something again under the same id, or now what waits for its next try.

    What waits is sent in order: where something earlier waits too, that is tried first.

    Raises:
        RuleViolation: the webhook is not on, or it is a test.

    """
    if fault := resend_fault(delivery):
        raise RuleViolation(fault)
    if delivery.state != DeliveryState.WAITING:  # what came back last time is of last time
        delivery.body = delivery.problem = delivery.answer = ""
        delivery.status = delivery.milliseconds = delivery.tried_at = None
    delivery.state, delivery.attempts = DeliveryState.WAITING, 0
    delivery.save(update_fields=["state", "attempts", *OUTCOME])
    rows = Webhook.unscoped.filter(pk=delivery.webhook_id)  # scope: of a delivery found in scope
    rows.update(next_try_at=None)
    return delivery


@command(Permission.WEBHOOKS_MANAGE)
def delivery_skip(*, actor: Actor, delivery: Delivery, now: datetime) -> Delivery:
    """Leave out what a receiver will not take, so that what comes after it is sent."""
    if delivery.state != DeliveryState.WAITING or delivery.is_test:
        raise RuleViolation(_("Only what waits can be left out."))
    delivery.state, delivery.tried_at = DeliveryState.SKIPPED, delivery.tried_at or now
    delivery.save(update_fields=["state", "tried_at"])
    rows = Webhook.unscoped.filter(pk=delivery.webhook_id)  # scope: of a delivery found in scope
    rows.update(next_try_at=None)
    return delivery


def _waiting(webhook: Webhook) -> QuerySet[Delivery]:
    return Delivery.unscoped.filter(  # scope: of a webhook found in scope
        webhook=webhook, state=DeliveryState.WAITING
    )


def _try_anew(webhook: Webhook) -> list[str]:
    """Forget how a receiver has answered until now; return what has changed."""
    webhook.failing_since = webhook.next_try_at = None
    return ["failing_since", "next_try_at"]


def _moved(webhook: Webhook, state: WebhookState, now: datetime, *more: str) -> Webhook:
    before, webhook.state, webhook.state_since = webhook.state, state, now
    keep(webhook, ["state", "state_since", *more], state=before)
    return webhook


def _require_not_retired(webhook: Webhook) -> None:
    if webhook.state == WebhookState.RETIRED:
        raise RuleViolation(_("The webhook is retired."))


def _require(actor: Actor, webhook: Webhook) -> None:
    """Require that a webhook is as it may be, and let the actor answer for it.

    Raises:
        RuleViolation: it is not, or the actor is no person who may see the change log there.

    """
    person = Person.objects.filter(pk=actor.person_id or 0).first()
    if person is None:
        raise RuleViolation(_("A person must answer for a webhook."))
    if not actor.may(Permission.TRAIL_VIEW, webhook.organisation_id):
        raise RuleViolation(_("Whoever answers for a webhook must be able to see the change log."))
    webhook.person = person
    webhook.token_id = actor.token_id
    webhook.only = None if actor.only is None else sorted(map(str, actor.only))
    if unknown := set(webhook.kinds) - set(kind_names()):
        said = _("There is no event called %s.") % ", ".join(sorted(map(str, unknown)))
        raise RuleViolation(said, field="kinds")
    webhook.full_clean()
    _require_address(webhook.address)


def _require_address(address: str) -> None:
    """Require an address that something may be sent to, as far as it alone tells."""
    try:
        destination_of(address, settings.OUTGOING)
    except AddressInvalid as error:
        raise RuleViolation(_fault_text(error.fault), field="address") from error


def _fault_text(fault: AddressFault) -> str:
    words = {
        AddressFault.UNREADABLE: _("This is not an address. Write it as https://name/path."),
        AddressFault.NOT_HTTPS: _("The address must begin with https://."),
        AddressFault.CREDENTIALS: _("The address must hold no user name and password."),
        AddressFault.PORT: _("The port must be 443 or one from 1024."),
        AddressFault.HOST: _("The address has no valid host name."),
        AddressFault.PRIVATE: _("The address leads to a network that is not allowed."),
    }
    return words[fault]
