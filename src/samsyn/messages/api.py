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


@router.get("", response=list[MessageOut], summary="List messages")
@paginate(Pages)
@needs(Permission.MESSAGES_VIEW)
def message_list(
    request: ProgramRequest,
    state: Annotated[str, OneOf(MessageState)] = "",
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
