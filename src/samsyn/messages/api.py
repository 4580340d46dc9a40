# No postponed annotations here: the API reads them when the module is loaded.

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from ninja.pagination import paginate

from samsyn.access.given import OneOf, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Id, Pages, ProgramRequest, needs, opened
from samsyn.messages import selectors, services
from samsyn.messages.models import MessageKind, MessageState

router = Router()


class MessageOut(Schema):
    """A message in the outbox, without its text."""

    id: int
    organisation_id: int
    kind: str
    to: str
    subject: str
    state: str
    problem: str
    created_at: datetime
    sent_at: datetime | None
    undone_at: datetime | None
    blocks_address: bool


@router.get("", response=list[MessageOut], summary="List messages")
@paginate(Pages)
@needs(Permission.MESSAGES_VIEW)
def message_list(
    request: ProgramRequest,
    state: Annotated[str, OneOf(MessageState, also=(selectors.UNREACHED,))] = "",
    kind: Annotated[str, OneOf(MessageKind)] = "",
    search: str = "",
) -> Any:
    """Return the messages that one may see, the newest first."""
    return selectors.message_list(actor=request.auth, state=state, kind=kind, search=search)


@router.get("/{pk}", response=MessageOut, summary="Get a message")
@needs(Permission.MESSAGES_VIEW)
def message_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one message, without its text."""
    return opened(request, selectors.message_get(actor=request.auth, pk=pk))


@router.post("/{pk}/resend", response=MessageOut, summary="Send a message again")
@needs(Permission.MESSAGES_VIEW, Permission.MESSAGES_SEND)
def message_resend(request: ProgramRequest, pk: Id) -> Any:
    """Send a message again that could not be sent."""
    found = unchanged(request, selectors.message_get(actor=request.auth, pk=pk))
    return services.message_resend(actor=request.auth, message=found, now=timezone.now())


@router.post("/{pk}/returned", response=MessageOut, summary="Say that a message came back")
@needs(Permission.MESSAGES_VIEW, Permission.MESSAGES_SEND)
def message_return(request: ProgramRequest, pk: Id) -> Any:
    """Record that a message came back. In a minute, what it alone told counts as not told."""
    found = unchanged(request, selectors.message_get(actor=request.auth, pk=pk))
    return services.message_return(actor=request.auth, message=found)


@router.post("/{pk}/restore", response=MessageOut, summary="Use the address of a message again")
@needs(Permission.MESSAGES_VIEW, Permission.MESSAGES_SEND)
def message_address_restore(request: ProgramRequest, pk: Id) -> Any:
    """Let letters go to the address again of a message that did not arrive."""
    found = unchanged(request, selectors.message_get(actor=request.auth, pk=pk))
    return services.message_address_restore(actor=request.auth, message=found)
