"""A webhook that a program saved ends with the program's token."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samsyn.access.models import ApiToken
from samsyn.access.permissions import Permission
from samsyn.access.selectors import actor_of_token
from samsyn.access.services import token_create, token_revoke
from samsyn.messages.models import Message
from samsyn.webhooks.jobs import is_something_to_send
from samsyn.webhooks.models import Webhook
from samsyn.webhooks.services import webhook_add, webhook_change, webhook_resume, webhook_test
from tests.cast import NOON
from tests.webhooks.builders import happen, rows_of, told

pytestmark = pytest.mark.django_db
NARROW = (Permission.WEBHOOKS_MANAGE, Permission.TRAIL_VIEW)


def token_of(cast, *only):
    names = [each.value for each in only]
    person = cast.people["ingvild"]
    return token_create(actor=cast.ingvild, person=person, name="The desk's", only=names)


def hook_of(cast, receiver, token):
    kinds = ["suppliers.supplier_add"]
    facts = {"name": "By a program", "address": receiver.url(), "kinds": kinds}
    actor = actor_of_token(token)
    return webhook_add(actor=actor, organisation=cast.fjellvik, now=NOON, **facts)


def revoked(cast, token):
    token_revoke(actor=cast.ingvild, token=token)


def expired(_cast, token):
    moment = timezone.now() - timedelta(minutes=1)
    ApiToken.objects.filter(pk=token.pk).update(expires_at=moment)


@pytest.mark.parametrize("end", [revoked, expired])
@pytest.mark.parametrize("only", [(), NARROW])
def test_with_its_token_a_webhook_is_switched_off_and_its_person_told(cast, receiver, end, only):
    token = token_of(cast, *only)
    webhook = hook_of(cast, receiver, token)
    assert told() == {}
    end(cast, token)
    assert is_something_to_send()  # though nothing that it is told has happened
    told()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.reason) == ("off", "token_ended")
    letter = Message.unscoped.get(to="ingvild@fjellvik.example")
    assert "The API token by which it was last saved has ended." in letter.text
    assert not is_something_to_send()


def test_what_waits_and_a_test_are_not_sent_after_the_token(cast, receiver):
    token = token_of(cast)
    webhook = hook_of(cast, receiver, token)
    happen(cast)
    receiver.answers["/ok"] = 500
    told()
    webhook_test(actor=cast.ingvild, webhook=webhook, now=NOON)
    before = len(receiver.received)
    revoked(cast, token)
    Webhook.unscoped.update(next_try_at=None)
    told()
    assert len(receiver.received) == before
    webhook.refresh_from_db()
    assert webhook.reason == "token_ended"
    receiver.answers.clear()
    webhook_resume(actor=cast.ingvild, webhook=webhook, now=NOON)
    assert told() == {"delivered": 1}
    assert [row.state for row in rows_of(webhook) if not row.is_test] == ["delivered"]


def test_a_webhook_that_a_person_has_saved_since_stays(cast, receiver):
    token = token_of(cast)
    webhook = hook_of(cast, receiver, token)
    webhook_change(actor=cast.ingvild, webhook=webhook, name="Mine")
    revoked(cast, token)
    happen(cast)
    assert told() == {"delivered": 1}


def test_the_page_that_ends_a_token_lists_its_webhooks_beforehand(cast, client, receiver):
    token, other = token_of(cast), token_of(cast)
    hook_of(cast, receiver, token)
    client.force_login(cast.people["ingvild"])
    said = client.get(f"/me/tokens/{token.pk}/end/").content.decode()
    assert "are switched off: By a program (Fjellvik)." in said
    assert "switched off" not in client.get(f"/me/tokens/{other.pk}/end/").content.decode()


def test_a_webhooks_page_says_that_it_is_narrowed_and_by_what(cast, client, receiver):
    webhook = hook_of(cast, receiver, token_of(cast, *NARROW))
    client.force_login(cast.people["ingvild"])
    page = client.get(webhook.get_absolute_url()).content.decode()
    wanted = "by the API token The desk&#x27;s: may manage webhooks, see the change log"
    assert wanted in page
    webhook_change(actor=cast.ingvild, webhook=webhook, name="Mine")
    assert (
        "by the API token The desk" not in client.get(webhook.get_absolute_url()).content.decode()
    )
