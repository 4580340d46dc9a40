# No postponed annotations here: the API reads them when the module is loaded.

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.pagination import paginate

from samsyn.access.given import Given, OneOf, seen, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Id, Pages, ProgramRequest, needs, opened
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.selectors import organisation_for
from samsyn.ui.deeds import deed_text
from samsyn.webhooks import selectors, services
from samsyn.webhooks.happenings import TEST, kept_count
from samsyn.webhooks.models import (
    Delivery,
    DeliveryProblem,
    DeliveryState,
    StopReason,
    Webhook,
    WebhookCoverage,
    WebhookState,
)
from samsyn.webhooks.selectors import kind_names
from samsyn.webhooks.wording import room_text

router = Router()
Name = Annotated[str, Field(max_length=120)]
Address = Annotated[str, Field(max_length=2000)]
EVERYTHING = ["*"]
ALL_KINDS = 'Codes of what is told; ["*"] is everything but what is done with webhooks.'
Kinds = Annotated[list[str], Field(max_length=500, description=ALL_KINDS)]
Coverage = Annotated[str, OneOf(WebhookCoverage, may_be_empty=False)]
SEARCH_LONGEST = 100


class WebhookOut(Schema):
    """A webhook; its secret is shown by nothing but its making.

    ``token_id`` is the API token by which it was last saved, with which it ends; ``only`` holds
    what this token may, null where that is all that the person may.
    """

    id: int
    organisation_id: int
    name: str
    address: str
    kinds: list[str] = Field(..., description=ALL_KINDS)
    covers: Coverage
    with_names: bool
    state: Annotated[str, OneOf(WebhookState, may_be_empty=False)]
    reason: Annotated[str, OneOf(StopReason)]
    person_id: int
    token_id: int | None
    only: list[str] | None
    failing_since: datetime | None
    next_try_at: datetime | None
    version: int

    @staticmethod
    def resolve_kinds(webhook: Webhook) -> list[str]:
        """Return what is told, everything as it is given."""
        return webhook.kinds or EVERYTHING


class WebhookFull(WebhookOut):
    """A webhook with what it is still to be told.

    ``waiting`` deliveries are noted and not sent yet. While it is paused or switched off,
    ``kept`` is how many changes have happened since that are noted and sent when it is resumed.
    """

    waiting: int
    kept: int


class WebhookWithSecret(WebhookOut):
    """A webhook with its new secret, this once."""

    secret: str


class WebhookIn(Given):
    """A new webhook."""

    organisation_id: Id
    name: Name
    address: Address
    kinds: Kinds = EVERYTHING
    covers: Coverage = WebhookCoverage.OWN.value
    with_names: bool = False


class WebhookChange(Given):
    """What is to be changed; what is left out stays."""

    version: Id | None = None
    name: Name = ""
    address: Address = ""
    kinds: Kinds = EVERYTHING
    covers: Coverage = WebhookCoverage.OWN.value
    with_names: bool = False


class DeliveryOut(Schema):
    """One happening for a webhook, and what has become of it."""

    id: int
    webhook_id: int
    event_id: str
    type: str
    organisation_id: int | None
    happened_at: datetime
    state: Annotated[str, OneOf(DeliveryState, may_be_empty=False)]
    attempts: int
    tried_at: datetime | None
    status: int | None
    problem: Annotated[str, OneOf(DeliveryProblem)]
    milliseconds: int | None

    @staticmethod
    def resolve_event_id(delivery: Delivery) -> str:
        """Return the id that the event has, and that is sent as webhook-id."""
        return delivery.key

    @staticmethod
    def resolve_organisation_id(delivery: Delivery) -> int | None:
        """Return where it happened; none for a test."""
        return delivery.about_id

    @staticmethod
    def resolve_type(delivery: Delivery) -> str:
        """Return what is told, as the event says it."""
        return delivery.action or TEST


class KindOut(Schema):
    """What a webhook can be told: its code, the part of Samsyn that it belongs to, and words."""

    code: str
    room: str
    words: str


def _with_kinds(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts with everything as the service has it.

    Raises:
        RuleViolation: the list is empty. Whoever takes the last kind away does not mean all.

    """
    if "kinds" not in facts:
        return facts
    if not facts["kinds"]:
        raise RuleViolation(_("Name what is told, or %s for everything.") % '["*"]', field="kinds")
    return facts | {"kinds": [] if facts["kinds"] == EVERYTHING else facts["kinds"]}


@router.get("/kinds", response=list[KindOut], summary="List what can be told")
@needs(Permission.WEBHOOKS_MANAGE)
def kind_list(request: ProgramRequest) -> Any:
    """Return everything that a webhook can be told, by its code. It is the same for everybody."""
    del request
    return [
        {"code": name, "room": room_text(name), "words": deed_text(name)} for name in kind_names()
    ]


@router.get("", response=list[WebhookOut], summary="List webhooks")
@paginate(Pages)
@needs(Permission.WEBHOOKS_MANAGE)
def webhook_list(
    request: ProgramRequest,
    organisation: Id | None = None,
    state: Annotated[str, OneOf(WebhookState)] = "",
    search: Annotated[str, Field(max_length=SEARCH_LONGEST)] = "",
) -> Any:
    """Return the webhooks that one manages, without the retired unless they are asked for."""
    return selectors.webhook_list(
        actor=request.auth, organisation=organisation, state=state, search=search
    )


@router.post("", response=WebhookWithSecret, summary="Add a webhook")
@needs(Permission.WEBHOOKS_MANAGE, Permission.TRAIL_VIEW)
def webhook_add(request: ProgramRequest, given: WebhookIn) -> Any:
    """Add a webhook. Its secret is in this answer and in no other."""
    facts = _with_kinds(given.dict())
    pk, permission = facts.pop("organisation_id"), Permission.WEBHOOKS_MANAGE
    organisation = organisation_for(actor=request.auth, pk=pk, permission=permission)
    return services.webhook_add(
        actor=request.auth, organisation=organisation, now=timezone.now(), **facts
    )


@router.get("/deliveries/{pk}", response=DeliveryOut, summary="Get a delivery")
@needs(Permission.WEBHOOKS_MANAGE, Permission.TRAIL_VIEW)
def delivery_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one delivery."""
    return opened(request, selectors.delivery_get(actor=request.auth, pk=pk))


@router.post("/deliveries/{pk}/resend", response=DeliveryOut, summary="Send a delivery again")
@needs(Permission.WEBHOOKS_MANAGE, Permission.TRAIL_VIEW)
def delivery_resend(request: ProgramRequest, pk: Id) -> Any:
    """Send a delivery again under the same id, or now what waits for its next try.

    Where something earlier waits for the same webhook, that is tried first. A webhook that is
    paused or switched off is resumed first.
    """
    found = unchanged(request, selectors.delivery_get(actor=request.auth, pk=pk))
    return services.delivery_resend(actor=request.auth, delivery=found, now=timezone.now())


@router.post("/deliveries/{pk}/skip", response=DeliveryOut, summary="Leave out a delivery")
@needs(Permission.WEBHOOKS_MANAGE, Permission.TRAIL_VIEW)
def delivery_skip(request: ProgramRequest, pk: Id) -> Any:
    """Leave out what the receiver will not take, so that what comes after it is sent."""
    found = unchanged(request, selectors.delivery_get(actor=request.auth, pk=pk))
    return services.delivery_skip(actor=request.auth, delivery=found, now=timezone.now())


@router.get("/{pk}", response=WebhookFull, summary="Get a webhook")
@needs(Permission.WEBHOOKS_MANAGE)
def webhook_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one webhook, retired or not, without its secret."""
    webhook: Any = opened(request, selectors.webhook_get(actor=request.auth, pk=pk))
    webhook.waiting = selectors.waiting_count(actor=request.auth, webhook=webhook)
    webhook.kept = kept_count(actor=request.auth, webhook=webhook)
    return webhook


@router.patch("/{pk}", response=WebhookOut, summary="Change a webhook")
@needs(Permission.WEBHOOKS_MANAGE)
def webhook_change(request: ProgramRequest, pk: Id, given: WebhookChange) -> Any:
    """Change a webhook, from ``version`` or what ``If-Match`` names."""
    facts = _with_kinds(given.dict(exclude_unset=True))
    webhook = selectors.webhook_get(actor=request.auth, pk=pk)
    version = seen(request, webhook, facts.pop("version", None))
    return services.webhook_change(actor=request.auth, webhook=webhook, seen=version, **facts)


@router.post("/{pk}/pause", response=WebhookOut, summary="Pause a webhook")
@needs(Permission.WEBHOOKS_MANAGE)
def webhook_pause(request: ProgramRequest, pk: Id) -> Any:
    """Send nothing until it is resumed; what happens meanwhile is kept."""
    found = unchanged(request, selectors.webhook_get(actor=request.auth, pk=pk))
    return services.webhook_pause(actor=request.auth, webhook=found, now=timezone.now())


@router.post("/{pk}/resume", response=WebhookOut, summary="Resume a webhook")
@needs(Permission.WEBHOOKS_MANAGE)
def webhook_resume(request: ProgramRequest, pk: Id) -> Any:
    """Send again, beginning with what has waited."""
    found = unchanged(request, selectors.webhook_get(actor=request.auth, pk=pk))
    return services.webhook_resume(actor=request.auth, webhook=found, now=timezone.now())


@router.post("/{pk}/retire", response=WebhookOut, summary="Retire a webhook")
@needs(Permission.WEBHOOKS_MANAGE)
def webhook_retire(request: ProgramRequest, pk: Id) -> Any:
    """Retire a webhook for good."""
    found = unchanged(request, selectors.webhook_get(actor=request.auth, pk=pk))
    return services.webhook_retire(actor=request.auth, webhook=found, now=timezone.now())


@router.post("/{pk}/secret", response=WebhookWithSecret, summary="Give a webhook a new secret")
@needs(Permission.WEBHOOKS_MANAGE)
def webhook_secret_renew(request: ProgramRequest, pk: Id) -> Any:
    """Give a webhook a new secret, in this answer and in no other; the old one signs for a day."""
    found = unchanged(request, selectors.webhook_get(actor=request.auth, pk=pk))
    return services.webhook_secret_renew(actor=request.auth, webhook=found, now=timezone.now())


@router.post("/{pk}/test", response=DeliveryOut, summary="Test a webhook")
@needs(Permission.WEBHOOKS_MANAGE)
def webhook_test(request: ProgramRequest, pk: Id) -> Any:
    """Send an event of no meaning within seconds; ask for the delivery to see the outcome."""
    found = unchanged(request, selectors.webhook_get(actor=request.auth, pk=pk))
    return services.webhook_test(actor=request.auth, webhook=found, now=timezone.now())


@router.get("/{pk}/deliveries", response=list[DeliveryOut], summary="List deliveries of a webhook")
@paginate(Pages)
@needs(Permission.WEBHOOKS_MANAGE, Permission.TRAIL_VIEW)
def delivery_list(
    request: ProgramRequest,
    pk: Id,
    state: Annotated[str, OneOf(DeliveryState)] = "",
    kind: Annotated[str, Field(max_length=SEARCH_LONGEST)] = "",
    search: Annotated[str, Field(max_length=SEARCH_LONGEST)] = "",
) -> Any:
    """Return what a webhook has been told or waits for, the newest first."""
    return selectors.delivery_list(actor=request.auth, pk=pk, state=state, kind=kind, search=search)
