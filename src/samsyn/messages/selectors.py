from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.kernel.errors import NotFound
from samsyn.messages.models import Message, MessageKind

UNREACHED = "unreached"  # among the states: letters that keep others from their address


def message_list(
    *, actor: Actor, state: str = "", kind: str = "", search: str = ""
) -> QuerySet[Message]:
    """Return the messages that the actor may see, newest first, without their texts."""
    rows = Message.objects.visible_to(actor).select_related("organisation")
    if state == UNREACHED:
        rows = rows.filter(blocks_address=True)
    elif state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if search:
        rows = rows.filter(
            Q(to__icontains=search)
            | Q(subject__icontains=search)
            | Q(organisation__name__icontains=search)
        )
    return rows.defer("text", "html", "sealed", "about", "file_text")


def message_get(*, actor: Actor, pk: int) -> Message:
    """Return one message with its text.

    Raises:
        NotFound: there is none, or the actor may not see it.

    """
    rows = Message.objects.visible_to(actor).select_related("organisation", "operator")
    found: Message | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such message."))
    return found


@beyond_scope("says only which mailboxes take no mail, whosever letter came back")
def blocked_addresses() -> frozenset[str]:
    """Return the addresses, in small letters, to which no letter goes until a person says so."""
    rows = Message.unscoped.filter(blocks_address=True)  # scope: only the address is told
    return frozenset(address.lower() for address in rows.values_list("to", flat=True))


def may_read(*, actor: Actor, message: Message) -> bool:
    """Return whether the actor may read the text.

    Mail about an account holds a link that opens it: only those who manage people. A
    reminder tells of an organisation's own work: only those who may see that.
    """
    needed = {
        MessageKind.ACCOUNT: Permission.PEOPLE_CHANGE,
        MessageKind.REMINDER: Permission.ACTIONS_VIEW,
    }
    permission = needed.get(MessageKind(message.kind))
    return permission is None or actor.may(permission, message.organisation_id)


@beyond_scope("the signature names the message")
def message_by_key(key: str) -> Message | None:
    """Return the message that a signed link names; whoever calls has checked the signature."""
    rows = Message.unscoped.select_related("organisation", "operator")  # scope: signed link
    return rows.filter(key=key).first()
