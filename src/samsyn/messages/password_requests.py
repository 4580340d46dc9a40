"""Requests for a new password: recorded for everybody alike, answered where nobody waits.

Only a known address gets a letter. If it were made and sent before the page answers, the time
that takes would tell a stranger who has an account.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from samsyn.access.adapters import AccountAdapter
from samsyn.access.links import password_link
from samsyn.access.models import Person
from samsyn.messages.delivery import messages_deliver
from samsyn.messages.models import MessageKind, PasswordRequest
from samsyn.messages.sealing import seal_text, unseal_text

FORGOTTEN_AFTER = timedelta(days=1)  # whoever still needs a password has asked again
log = logging.getLogger("samsyn.messages")


def request_record(address: str) -> None:
    """Record that somebody asked for a new password, without looking up who has the address."""
    PasswordRequest.objects.create(sealed=seal_text(address))


def requests_wait(*, longer_than: timedelta = timedelta(0)) -> bool:
    """Return whether any request has waited that long."""
    return PasswordRequest.objects.filter(asked_at__lte=timezone.now() - longer_than).exists()


def requests_answer() -> int:
    """Write and send the letters that were asked for; return how many requests were handled.

    Safe to run beside itself: a request is removed in the transaction that writes its letter.
    """
    PasswordRequest.objects.filter(asked_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
    waiting = list(PasswordRequest.objects.order_by("pk").values_list("pk", flat=True))
    handled = sum(_handled(pk) for pk in waiting)
    messages_deliver(kind=MessageKind.ACCOUNT)
    return handled


def _handled(pk: int) -> bool:
    try:
        with transaction.atomic():
            return _answered(pk)
    except DatabaseError:
        raise  # it is tried again
    except Exception:  # one that cannot be answered would be tried for ever
        log.exception("a request for a new password could not be answered")
        PasswordRequest.objects.filter(pk=pk).delete()
        return True


def _answered(pk: int) -> bool:
    rows = PasswordRequest.objects.filter(pk=pk)
    if connection.vendor == "postgresql":
        rows = rows.select_for_update(skip_locked=True)
    request = rows.first()
    if request is None:
        return False  # another process has it
    _write(unseal_text(request.sealed))
    request.delete()
    return True


def _write(address: str) -> None:
    person = Person.objects.filter(email__iexact=address, is_active=True).first()
    if person is not None:
        opens = {"user": person, "password_reset_url": password_link(person)}
        AccountAdapter().send_password_reset_mail(person, person.email, opens)
