from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.http import ActorRequest
from samsyn.access.letters import InReadersOrder
from samsyn.access.permissions import Permission, lacking
from samsyn.benchmark import selectors, services
from samsyn.benchmark.pages import benchmark_buttons, benchmark_content
from samsyn.organisations.choices import organisation_first
from samsyn.organisations.models import Organisation, OrganisationKind
from samsyn.organisations.selectors import organisation_list
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import ActionScreen, PageScreen

HOME = Crumb(label=_("Benchmark"), url="/benchmark/")
CHOICES_MOST = 400


class Benchmark(PageScreen):
    """Oneself beside the sector; for the operator, the sector alone."""

    template_name = "benchmark/benchmark.html"
    is_wide = True

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        del url
        organisation = self.organisation()
        self.note_shown([organisation])
        content = benchmark_content(
            actor=request.actor,
            organisation=organisation,
            today=timezone.localdate(),
            key=request.GET.get("round", ""),
        )
        buttons = () if content["is_operator"] else benchmark_buttons(organisation)
        return self.show(buttons=buttons, organisations=self.choices(organisation), **content)

    def organisation(self) -> Organisation:
        """Return the organisation asked for, else one's own."""
        actor, asked = self.request.actor, self.request.GET.get("organisation", "")
        if not actor.may_anywhere(Permission.BENCHMARK_VIEW):
            raise lacking("benchmark.view")
        found = organisation_first(actor=actor, permission=Permission.BENCHMARK_VIEW, asked=asked)
        if found is None:
            raise lacking("benchmark.view")
        return found

    def choices(self, current: Organisation) -> list[tuple[int, str, bool]]:
        """Return the organisations to choose among; none where there is but one."""
        actor = self.request.actor
        allowed = actor.organisations_with(Permission.BENCHMARK_VIEW)
        rows = (
            organisation_list(actor=actor)
            .filter(pk__in=allowed)
            .exclude(kind=OrganisationKind.UNIT)
        )
        found = list(rows.order_by(InReadersOrder("name")).values_list("pk", "name")[:CHOICES_MOST])
        return [(pk, name, pk == current.pk) for pk, name in found] if len(found) > 1 else []


def page_of(thing: Any) -> str:
    """Return the address of an organisation's benchmark."""
    return f"{reverse('benchmark:benchmark')}?organisation={thing.pk}"


benchmark = Benchmark.as_view(
    title=_("Benchmark"),
    intro=_("Ourselves beside the sector, without anybody seeing anybody else."),
)
join = ActionScreen.as_view(
    is_back_at_subject=True,
    title=_("Take part"),
    question=_("Take part in this half-year's benchmark?"),
    consequence=_(
        "When the round is closed, the agreed levels of your latest dialogue and your indicators "
        "from the templates are counted in. Nobody sees them but you; the sector sees medians and "
        "quartiles. Until then you can withdraw."
    ),
    subject=selectors.benchmark_organisation_get,
    subject_name="organisation",
    service=services.round_join,
    button=_("Take part"),
    done=_("You take part."),
    done_url=page_of,
    back_url=page_of,
    crumbs=(HOME,),
)
withdraw = ActionScreen.as_view(
    title=_("Withdraw"),
    question=_("Withdraw from this half-year's benchmark?"),
    consequence=_("Your contribution is gone at once. You can take part again until it is closed."),
    subject=selectors.benchmark_organisation_get,
    subject_name="organisation",
    service=services.round_withdraw,
    button=_("Withdraw"),
    done=_("You do not take part any more."),
    done_url=page_of,
    back_url=page_of,
    crumbs=(HOME,),
)
close = ActionScreen.as_view(
    given={"on": timezone.localdate},
    title=_("Close the round"),
    question=_("Close this round and publish its figures?"),
    consequence=_("What may be shown is published and frozen. Nobody can join or withdraw then."),
    subject=selectors.round_get,
    subject_name="found",
    service=services.round_close,
    button=_("Close it"),
    done=_("The round is closed and its figures are published."),
    done_url="/benchmark/",
    back_url="/benchmark/",
    is_dangerous=True,
    crumbs=(HOME,),
)
