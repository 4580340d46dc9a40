from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.access.reading import note_list
from samsyn.assets import claim_selectors, constituency, forms, selectors, services
from samsyn.assets.models import Resource
from samsyn.assets.pages import confirm_content, resource_buttons, resource_content
from samsyn.assets.register_selectors import facts_kept
from samsyn.assets.rules import BYTES_MAX, facts_written
from samsyn.assets.tables import REQUESTS, RESOURCES
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.selectors import operator_of, operator_require, organisation_list
from samsyn.ui.components import EmptyState
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import Button, DetailScreen, FormScreen, ListScreen, Screen

REQUESTS_URL = "/resources/requests/"
HOME = Crumb(label=_("Resources"), url="/resources/")


def crumbs(resource: Resource | None = None) -> tuple[Crumb, ...]:
    """Return the way to a page about resources."""
    if resource is None:
        return (HOME,)
    return (HOME, Crumb(label=str(resource), url=resource.get_absolute_url()))


def list_buttons(*, actor: Actor) -> tuple[Button, ...]:
    """Return what can be done beside the list."""
    buttons: list[Button] = []
    if actor.may_anywhere(Permission.RESOURCES_CHANGE):
        buttons.append(
            Button(label=_("Add a resource"), url=reverse("assets:create"), is_primary=True)
        )
    if actor.may_anywhere(Permission.RESOURCES_CONFIRM):
        buttons.append(Button(label=_("Claims that wait"), url=reverse("assets:requests")))
    if operator := operator_of(actor=actor):
        if actor.may(Permission.ORGANISATIONS_CHANGE, operator.pk):
            buttons.append(Button(label=_("Import a list"), url=reverse("assets:constituency")))
        buttons.append(Button(label=_("Export the list"), url=reverse("assets:constituency-file")))
    return tuple(buttons)


class ClaimDecisionScreen(FormScreen):
    """Decides on a claim, in sight of those that it stands against."""

    template_name = "assets/decide.html"
    content = staticmethod(resource_content)
    subject = staticmethod(selectors.resource_get)
    subject_name = "resource"
    version = staticmethod(claim_selectors.claim_version)
    done_url = REQUESTS_URL
    crumbs = staticmethod(crumbs)


class ResourceConfirm(ClaimDecisionScreen):
    """Confirms a claim against those that were shown."""

    content = staticmethod(confirm_content)

    def run(self, subject: Any, **given: Any) -> Any:
        rivals = claim_selectors.rivals_of(actor=self.request.actor, resource=subject)
        return super().run(subject, rivals=rivals, **given)


class ResourceChange(FormScreen):
    """Changes what may change of this resource."""

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"resource": subject}


class ConstituencyImport(FormScreen):
    """Takes a constituency file, or shows what it would change."""

    template_name = "assets/constituency.html"

    def upload_most(self) -> int:
        return BYTES_MAX

    def post(self, request: ActorRequest, **_url: Any) -> HttpResponse:
        operator = self.get_subject()
        self.check_allowed(operator)
        form = self.form(request.POST, request.FILES, actor=request.actor)
        self.say_if_too_large(form)
        if not form.is_valid():
            return self.page(operator, form, status=422)
        dry = form.cleaned_data["dry_run"]
        try:
            file = form.cleaned_data["file"]
            seen = constituency.constituency_import(
                actor=request.actor,
                operator=operator,
                content=file.read(),
                dry_run=dry,
                name=file.name,
            )
        except RuleViolation as error:
            form.add_error("file", str(error).splitlines())
            return self.page(operator, form, status=422)
        return self.page(operator, self.form(actor=request.actor), seen=seen, is_dry_run=dry)


class ConstituencyFile(Screen):
    """The register as a file that can be imported again."""

    def get(self, request: ActorRequest) -> HttpResponse:
        operator_require(actor=request.actor)
        rows = organisation_list(actor=request.actor)
        note_list(request.actor, rows, name=_("Constituency file"), kind="csv")
        text = facts_written(facts_kept(actor=request.actor))
        answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="constituency.csv"'
        return answer


resource_list = ListScreen.as_view(
    title=_("Resources"),
    intro=_("Address ranges, AS numbers and domains: they show whom a signal concerns."),
    selector=selectors.resource_list,
    filters=forms.ResourceFilters,
    columns=RESOURCES,
    order="organisation",
    buttons=list_buttons,
    empty=EmptyState(
        title=_("No resource yet"),
        text=_("Without them it cannot be known whether what comes in concerns you."),
        action=_("Add a resource"),
        url="new/",
        permission=Permission.RESOURCES_CHANGE,
    ),
)
resource_detail = DetailScreen.as_view(
    subject=selectors.resource_get,
    template_name="assets/resource.html",
    content=resource_content,
    buttons=resource_buttons,
    crumbs=(HOME,),
)
resource_create = FormScreen.as_view(
    title=_("Add a resource"),
    form=forms.ResourceClaimForm,
    initial=lambda _nothing: {"known_on": timezone.localdate()},
    service=services.resource_claim,
    done=_("The resource is added. Its page says whether it counts at once."),
    crumbs=crumbs,
    back_url="/resources/",
)
resource_change = ResourceChange.as_view(
    title=_("Change the resource"),
    subject=selectors.resource_get,
    subject_name="resource",
    form=forms.ResourceChangeForm,
    initial=lambda r: {n: getattr(r, n) for n in ("operated_by", "source", "known_on", "note")},
    service=services.resource_change,
    done=_("The change is saved."),
    crumbs=crumbs,
)
resource_withdraw = FormScreen.as_view(
    title=_("Withdraw the claim"),
    intro=_("From today signals about it are no longer this organisation's."),
    subject=selectors.resource_get,
    subject_name="resource",
    form=forms.WithdrawReasonForm,
    service=services.resource_withdraw,
    given={"on": timezone.localdate},
    button=_("Withdraw"),
    done=_("The claim is withdrawn."),
    done_url="/resources/",
    crumbs=crumbs,
)
resource_confirm = ResourceConfirm.as_view(
    title=_("Confirm the claim"),
    intro=_(
        "From the next import, signals about it go to the organisation that claims it. Earlier ones"
        " follow when all observations are attributed anew: findings then leave whoever had them."
    ),
    form=forms.ConfirmForm,
    service=services.resource_confirm,
    button=_("Confirm"),
    done=_("The claim is confirmed. It counts from the next import."),
)
resource_refuse = ClaimDecisionScreen.as_view(
    title=_("Refuse the claim"),
    intro=_("Nothing changes for anybody else. The member sees that it is refused, and why."),
    form=forms.RefuseForm,
    service=services.resource_refuse,
    button=_("Refuse"),
    done=_("The claim is refused."),
)
request_list = ListScreen.as_view(
    title=_("Claims that wait"),
    intro=_("What members say is theirs, and nobody has confirmed. Until then it decides nothing."),
    selector=claim_selectors.request_list,
    permission=Permission.RESOURCES_CONFIRM,
    filters=forms.RequestFilters,
    columns=REQUESTS,
    crumbs=(HOME,),
    empty=EmptyState(
        title=_("No claim waits"),
        text=_("Claims that need your decision are shown here."),
    ),
)
constituency_import = ConstituencyImport.as_view(
    title=_("Import a constituency file"),
    subject=operator_require,
    subject_name="operator",
    form=forms.ConstituencyForm,
    service=constituency.constituency_take,
    button=_("Read the file"),
    crumbs=(HOME,),
    back_url="/resources/",
)
constituency_file = ConstituencyFile.as_view()
