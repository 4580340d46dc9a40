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
from samsyn.assets import forms, selectors, services
from samsyn.assets.models import Resource
from samsyn.assets.register_selectors import facts_kept
from samsyn.assets.rules import facts_written
from samsyn.assets.tables import RESOURCES
from samsyn.kernel.errors import RuleViolation
from samsyn.organisations.selectors import operator_of, operator_require, organisation_list
from samsyn.ui.components import Alert, EmptyState, Fact, FactList, Panel, Tone
from samsyn.ui.moments import day_text
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import Act, DetailScreen, FormScreen, ListScreen, Screen

HOME = Crumb(label=_("Resources"), url="/resources/")


def crumbs(resource: Resource | None = None) -> tuple[Crumb, ...]:
    """Return the way to a page about resources."""
    if resource is None:
        return (HOME,)
    return (HOME, Crumb(label=str(resource), url=resource.get_absolute_url()))


def list_acts(*, actor: Actor) -> tuple[Act, ...]:
    """Return what can be done beside the list."""
    acts: list[Act] = []
    if actor.may_anywhere(Permission.RESOURCES_CHANGE):
        acts.append(Act(label=_("Add a resource"), url=reverse("assets:create"), is_primary=True))
    if operator := operator_of(actor=actor):
        if actor.may(Permission.ORGANISATIONS_CHANGE, operator.pk):
            acts.append(Act(label=_("Import a list"), url=reverse("assets:constituency")))
        acts.append(Act(label=_("Export the list"), url=reverse("assets:constituency-file")))
    return tuple(acts)


def resource_acts(*, actor: Actor, subject: Resource) -> tuple[Act, ...]:
    """Return what this actor may do with the resource."""
    if not actor.may(Permission.RESOURCES_CHANGE, subject.organisation_id):
        return ()
    pk = subject.pk
    acts = [Act(label=_("Change"), url=reverse("assets:change", args=[pk]))]
    if subject.is_contested:  # type: ignore[attr-defined]
        keep = Act(
            label=_("Keep this claim"), url=reverse("assets:resolve", args=[pk]), is_primary=True
        )
        acts.append(keep)
    withdraw = reverse("assets:withdraw", args=[pk])
    acts.append(Act(label=_("Withdraw"), url=withdraw, is_dangerous=True))
    return tuple(acts)


def resource_content(*, actor: Actor, subject: Resource) -> dict[str, Any]:
    """Return what a resource's page shows."""
    facts = (
        Fact(name=_("Kind"), value=subject.get_kind_display()),
        Fact(name=_("Owner"), value=subject.organisation),
        Fact(name=_("Run by"), value=subject.operated_by or _("the owner")),
        Fact(name=_("Source"), value=subject.get_source_display()),
        Fact(name=_("Date of the fact"), value=day_text(subject.known_on)),
        Fact(name=_("Note"), value=subject.note),
    )
    return {
        "facts": Panel(title=_("What we know"), body=FactList(facts=facts)),
        "contest": contest(actor=actor, resource=subject),
    }


def contest(*, actor: Actor, resource: Resource) -> Alert | None:
    """Return the warning that others claim the same, with the names the actor may see."""
    if not resource.is_contested:  # type: ignore[attr-defined]
        return None
    rivals = selectors.rival_list(actor=actor, resource=resource)
    names = ", ".join(r.organisation.name for r in rivals) or str(_("another organisation"))
    return Alert(
        title=_("Several claim this resource"),
        text=_(
            "%s claims it too. Until it is decided whose it is, nobody is told of signals about it."
        )
        % names,
        tone=Tone.WARNING,
    )


class ResourceWithdraw(FormScreen):
    """Withdraws a claim today."""

    def run(self, subject: Any, **given: Any) -> Any:
        return super().run(subject, on=timezone.localdate(), **given)


class ResourceResolve(FormScreen):
    """Keeps one claim and withdraws the others."""

    def run(self, subject: Any, **given: Any) -> Any:
        rivals = list(selectors.rival_list(actor=self.request.actor, resource=subject))
        return super().run(subject, rivals=rivals, on=timezone.localdate(), **given)


class ConstituencyImport(FormScreen):
    """Takes a constituency file, or shows what it would change."""

    template_name = "assets/constituency.html"

    def post(self, request: ActorRequest, **_url: Any) -> HttpResponse:
        operator = self.get_subject()
        self.check_allowed(operator)
        form = self.form(request.POST, request.FILES, actor=request.actor)
        if not form.is_valid():
            return self.page(operator, form, status=422)
        dry = form.cleaned_data["dry_run"]
        try:
            seen = self.run(operator, content=form.cleaned_data["file"].read(), dry_run=dry)
        except RuleViolation as error:
            form.add_error("file", str(error).splitlines())
            return self.page(operator, form, status=422)
        return self.page(operator, self.form(actor=request.actor), seen=seen, is_dry_run=dry)


class ConstituencyFile(Screen):
    """The register as a file that can be imported again."""

    def get(self, request: ActorRequest) -> HttpResponse:
        operator_require(actor=request.actor)
        rows = organisation_list(actor=request.actor)
        note_list(request.actor, rows, name=str(_("Constituency file")), kind="csv")
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
    acts=list_acts,
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
    acts=resource_acts,
    crumbs=(HOME,),
)
resource_create = FormScreen.as_view(
    title=_("Add a resource"),
    form=forms.ResourceForm,
    initial=lambda _nothing: {"known_on": timezone.localdate()},
    service=services.resource_claim,
    done=_("The resource is added."),
    crumbs=crumbs,
    back_url="/resources/",
)
resource_change = FormScreen.as_view(
    title=_("Change the resource"),
    subject=selectors.resource_get,
    subject_name="resource",
    form=forms.ResourceChangeForm,
    initial=lambda r: {n: getattr(r, n) for n in forms.ResourceChangeForm.base_fields},
    service=services.resource_change,
    done=_("The change is saved."),
    crumbs=crumbs,
)
resource_withdraw = ResourceWithdraw.as_view(
    title=_("Withdraw the claim"),
    intro=_("From today signals about it are no longer this organisation's."),
    subject=selectors.resource_get,
    subject_name="resource",
    form=forms.ReasonForm,
    service=services.resource_withdraw,
    button=_("Withdraw"),
    done=_("The claim is withdrawn."),
    done_url="/resources/",
    crumbs=crumbs,
)
resource_resolve = ResourceResolve.as_view(
    title=_("Keep this claim"),
    intro=_("The other claims are withdrawn with your reason. You need the right to change both."),
    subject=selectors.resource_get,
    subject_name="keep",
    form=forms.ReasonForm,
    service=services.resource_resolve,
    button=_("Decide"),
    done=_("It is decided. Signals go to the owner from the next import."),
    crumbs=crumbs,
)
constituency_import = ConstituencyImport.as_view(
    title=_("Import a constituency file"),
    subject=operator_require,
    subject_name="operator",
    form=forms.ConstituencyForm,
    service=services.constituency_import,
    button=_("Read the file"),
    crumbs=(HOME,),
    back_url="/resources/",
)
constituency_file = ConstituencyFile.as_view()
