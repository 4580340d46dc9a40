from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.messages.sealing import seal_text, unseal_text
from samsyn.organisations.screens import NewForm
from samsyn.ui.components import EmptyState
from samsyn.ui.screens import ActionScreen, Button, DetailScreen, FormScreen, ListScreen
from samsyn.webhooks import pages, selectors, services
from samsyn.webhooks.forms import DeliveryFilters, WebhookFilters, WebhookForm, WebhookNew
from samsyn.webhooks.models import Webhook
from samsyn.webhooks.tables import DELIVERIES, WEBHOOKS

FRESH = "new_webhook_secret"  # in the session, sealed, until the page has shown it
FORM = {"template_name": "webhooks/form.html", "part": "webhooks/form.html#form"}


def _keep_secret(request: ActorRequest, webhook: Webhook) -> None:
    """Keep a new secret for the next page, which is fetched anew: reloading makes none."""
    request.session[FRESH] = {"webhook": webhook.pk, "sealed": seal_text(webhook.secret)}


def _fresh_secret(request: ActorRequest, pk: int) -> str:
    """Return the secret that the session holds for a webhook, this once."""
    kept = request.session.get(FRESH) or {}
    if kept.get("webhook") != pk:
        return ""
    del request.session[FRESH]
    try:
        return unseal_text(kept["sealed"])
    except ValueError:  # the installation's has been replaced
        return ""


class WebhookPage(DetailScreen):
    """The page of a webhook, which shows a new secret once."""

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        subject = self.get_subject(**url)
        response = self.show(
            object=subject,
            secret=_fresh_secret(request, subject.pk),
            buttons=self.buttons(actor=request.actor, subject=subject),
            **(self.content(actor=request.actor, subject=subject) or {}),
        )
        response["Cache-Control"] = "no-store"
        return response


class WebhookAdd(NewForm):
    """Adds a webhook and shows its secret once."""

    permission = Permission.WEBHOOKS_MANAGE

    def after(self, subject: Any, result: Any) -> HttpResponse:
        _keep_secret(self.request, result)
        return super().after(subject, result)


class SecretRenew(ActionScreen):
    """Gives a webhook a new secret and shows it once."""

    def after(self, subject: Any, result: Any) -> HttpResponse:
        _keep_secret(self.request, result)
        return super().after(subject, result)


class DeliveryResend(ActionScreen):
    """Sends a delivery again, or now; says beforehand what is tried first."""

    def refusal(self, subject: Any) -> str:
        return selectors.resend_fault(subject)

    def words(self, subject: Any) -> dict[str, Any]:
        if not selectors.waiting_before(subject):
            return {}
        said = gettext("What has happened earlier still waits, and is tried first.")
        return {"consequence": f"{self.consequence} {said}"}


class DeliveryList(ListScreen):
    """The deliveries of one webhook, below its page."""

    def frame(self, context: dict[str, Any]) -> dict[str, Any]:
        webhook = selectors.webhook_get(actor=self.request.actor, pk=self.kwargs["pk"])
        return super().frame(context) | {"crumbs": pages.crumbs(webhook)}


def add_buttons(*, actor: Actor) -> tuple[Button, ...]:
    """Return what can be done beside the list."""
    del actor  # whoever sees the list may
    return (Button(label=_("Add a webhook"), url=reverse("webhooks:create"), is_primary=True),)


def _initial(webhook: Webhook) -> dict[str, Any]:
    return {name: getattr(webhook, name) for name in services.FIELDS}


ABOUT: dict[str, Any] = {
    "subject": selectors.webhook_get,
    "subject_name": "webhook",
    "crumbs": pages.crumbs,
}
ABOUT_DELIVERY: dict[str, Any] = {
    "subject": selectors.delivery_get,
    "subject_name": "delivery",
    "crumbs": pages.crumbs_of_delivery,
}
webhook_list = ListScreen.as_view(
    title=_("Webhooks"),
    intro=_("Other programs are told of what happens here, as soon as it happens."),
    selector=selectors.webhook_list,
    filters=WebhookFilters,
    columns=WEBHOOKS,
    order="name",
    buttons=add_buttons,
    empty=EmptyState(
        title=_("No webhook yet"),
        text=_("A webhook sends a short, signed message to an address of yours for each change."),
        action=_("Add a webhook"),
        url="new/",
        permission=Permission.WEBHOOKS_MANAGE,
    ),
)
webhook_create = WebhookAdd.as_view(
    title=_("Add a webhook"),
    form=WebhookNew,
    service=services.webhook_add,
    done=_("The webhook is added."),
    crumbs=pages.crumbs,
    back_url=lambda _subject: reverse("webhooks:list"),
    **FORM,
)
webhook_detail = WebhookPage.as_view(
    subject=selectors.webhook_get,
    template_name="webhooks/webhook.html",
    content=pages.webhook_content,
    buttons=pages.webhook_buttons,
    crumbs=pages.crumbs_of_all,
)
webhook_change = FormScreen.as_view(
    title=_("Change the webhook"),
    form=WebhookForm,
    service=services.webhook_change,
    initial=_initial,
    done=_("The change is saved."),
    **ABOUT,
    **FORM,
)
webhook_pause = ActionScreen.as_view(
    title=_("Pause the webhook"),
    question=_("Pause this webhook?"),
    consequence=_("Nothing is sent. What happens meanwhile is kept, and sent afterwards."),
    button=_("Pause"),
    service=services.webhook_pause,
    done=_("The webhook is paused."),
    **ABOUT,
)
webhook_resume = ActionScreen.as_view(
    title=_("Resume the webhook"),
    question=_("Resume this webhook?"),
    consequence=_(
        "What has happened meanwhile is sent first. From now on you answer for it: what you may "
        "see in the change log is sent."
    ),
    button=_("Resume"),
    service=services.webhook_resume,
    done=_("The webhook is on."),
    **ABOUT,
)
webhook_retire = ActionScreen.as_view(
    title=_("Retire the webhook"),
    question=_("Retire this webhook?"),
    consequence=_("Nothing more is sent, not even what waits. It cannot be taken back."),
    button=_("Retire"),
    is_dangerous=True,
    service=services.webhook_retire,
    done=_("The webhook is retired."),
    **ABOUT,
)
webhook_secret = SecretRenew.as_view(
    title=_("New secret"),
    question=_("Give this webhook a new secret?"),
    consequence=_(
        "For 24 hours the old secret signs as well, so that you can change it at the receiver."
    ),
    button=_("Make a new secret"),
    service=services.webhook_secret_renew,
    done=_("The webhook has a new secret."),
    **ABOUT,
)
webhook_test = ActionScreen.as_view(
    title=_("Send a test"),
    question=_("Send a test to this webhook?"),
    consequence=_("It tells of nothing that has happened, and is sent within seconds."),
    button=_("Send a test"),
    service=services.webhook_test,
    **ABOUT,
)
delivery_list = DeliveryList.as_view(
    title=_("Deliveries"),
    intro=_("What the webhook has been told or waits for. After 30 days it is erased."),
    selector=selectors.delivery_list,
    filters=DeliveryFilters,
    columns=DELIVERIES,
    order="",
    permission=Permission.WEBHOOKS_MANAGE,
    empty=EmptyState(
        title=_("Nothing has been sent yet"),
        text=_("As soon as something happens that the webhook is to be told, it is listed here."),
    ),
)
delivery_detail = DetailScreen.as_view(
    called=_("Delivery"),
    subject=selectors.delivery_get,
    template_name="webhooks/delivery.html",
    part="webhooks/delivery.html#outcome",
    content=pages.delivery_content,
    buttons=pages.delivery_buttons,
    crumbs=pages.crumbs_of_delivery,
)
delivery_resend = DeliveryResend.as_view(
    title=_("Send again"),
    question=_("Send this again?"),
    consequence=_("It has the same id as before, by which the receiver knows it."),
    button=_("Send again"),
    service=services.delivery_resend,
    done=_("It is sent within seconds."),
    **ABOUT_DELIVERY,
)
delivery_skip = ActionScreen.as_view(
    title=_("Leave out"),
    question=_("Leave this out?"),
    consequence=_("The receiver is not told of it. What comes after it is sent."),
    button=_("Leave out"),
    service=services.delivery_skip,
    done=_("It is left out."),
    **ABOUT_DELIVERY,
)
