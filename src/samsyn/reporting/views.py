from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.actions.models import DecisionOutcome
from samsyn.kernel.errors import NotFound
from samsyn.kernel.refs import Ref, thing_at
from samsyn.organisations.models import Organisation
from samsyn.reporting import forms, selectors
from samsyn.reporting.content import area_keys, area_name
from samsyn.reporting.pages import (
    management_buttons,
    management_page,
    proposal_buttons,
    proposal_page,
)
from samsyn.reporting.services import proposing, targets, telling
from samsyn.reporting.tables import PROPOSALS
from samsyn.ui.components import EmptyState
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import DetailScreen, FormScreen, ListScreen, Screen

HOME = Crumb(label=_("Management"), url="/management/")
YEARS_AHEAD = 5


def organisation_of(thing: Any) -> Organisation:
    """Return whose page something belongs to."""
    found: Organisation = thing if isinstance(thing, Organisation) else thing.organisation
    return found


def page_url(thing: Any) -> str:
    """Return the address of the management's page that something belongs to."""
    return reverse("management:page", args=[organisation_of(thing).pk])


def crumbs(thing: Any = None) -> tuple[Crumb, ...]:
    """Return the way to a page about something of management's."""
    if thing is None:
        return (HOME,)
    return (HOME, Crumb(label=organisation_of(thing).name, url=page_url(thing)))


class ManagementHomeScreen(Screen):
    """Leads to one's own page, or lets those who serve several choose."""

    template_name = "reporting/choose.html"
    title = _("Management")

    def get(self, request: ActorRequest) -> HttpResponse:
        own = selectors.organisation_own(actor=request.actor)
        if own is not None:
            return redirect("management:page", pk=own.pk)
        found = list(selectors.organisations_led(actor=request.actor)[:500])
        if not found:
            raise NotFound(_("No such page."))
        if len(found) == 1:
            return redirect("management:page", pk=found[0].pk)
        self.note_shown(found)
        return self.show(rows=found)


class Propose(FormScreen):
    """A proposal for decision; ``?for=`` names what it comes from."""

    def run(self, subject: Any, **given: Any) -> Any:
        text = self.request.GET.get("for", "")
        thing = thing_at(Ref.read(text), actor=self.request.actor) if text else None
        return super().run(subject, thing=thing, **given)


class Taking(FormScreen):
    """A decision; what is likely is filled in."""

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        asked = request.GET.get("outcome", "")
        self.initial = lambda subject: {
            "outcome": asked
            if asked in {DecisionOutcome.APPROVED, DecisionOutcome.DECLINED}
            else "",
            "decided_by": request.user.name,
            "decided_on": timezone.localdate(),
            "present": "\n".join(likely_present(actor=request.actor, thing=subject)),
        }
        return super().get(request, **url)


def likely_present(*, actor: Actor, thing: Any) -> list[str]:
    """Return who is likely there: the participants of the next meeting, else leaders and CISO."""
    organisation = organisation_of(thing)
    meeting = selectors.meeting_next(actor=actor, organisation=organisation.pk)
    if meeting is not None and meeting.names:
        return meeting.names
    people = [*selectors.leaders_of(organisation), *selectors.cisos_of(organisation)]
    return list(dict.fromkeys(person.name for person in people))


class AreaWordsScreen(FormScreen):
    """The CISO's words on the area that ``?area=`` names, with what was said before."""

    template_name = "reporting/words.html"

    def area(self) -> str:
        """Return the area that the address names."""
        asked = self.request.GET.get("area", "") or area_keys()[0]
        if asked not in area_keys():
            raise NotFound(_("No such area."))
        return asked

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        area = self.area()

        def newest(subject: Organisation) -> dict[str, Any]:
            rows = selectors.word_list(actor=request.actor, organisation=subject.pk, area=area)
            found = rows.first()
            return {"text": found.text, "judged": found.judged} if found else {}

        self.initial = newest
        return super().get(request, **url)

    def run(self, subject: Any, **given: Any) -> Any:
        return super().run(subject, area=self.area(), **given)

    def page(self, subject: Any, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        area = self.area()
        rows = selectors.word_list(actor=self.request.actor, organisation=subject.pk, area=area)
        return super().page(
            subject, form, status, title=area_name(area), before=list(rows[:10]), **more
        )


class TargetScreen(FormScreen):
    """The target picture; a draft is written over, else the agreed one is the beginning."""

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        def begin(subject: Organisation) -> dict[str, Any]:
            whose: dict[str, Any] = {"actor": request.actor, "organisation": subject.pk}
            found = selectors.target_draft(**whose) or selectors.target_agreed(**whose)
            if found is None:
                return {"until_year": timezone.localdate().year + YEARS_AHEAD}
            names = ("until_year", "text", "principles")
            levels = {f"level_{key}": level for key, level in found.levels.items()}
            return {**{name: getattr(found, name) for name in names}, **levels}

        self.initial = begin
        return super().get(request, **url)


management_home = ManagementHomeScreen.as_view()
management = DetailScreen.as_view(
    title=_("Management's page"),
    subject=selectors.organisation_led,
    template_name="reporting/management.html",
    content=management_page,
    buttons=management_buttons,
    label="AMBER",
)
proposal_list = ListScreen.as_view(
    title=_("Proposals for decision"),
    intro=_("What management is asked to decide, with what follows from yes and from no."),
    selector=selectors.proposal_list,
    filters=forms.ProposalFilters,
    columns=PROPOSALS,
    order="needed_by",
    crumbs=(HOME,),
    empty=EmptyState(
        title=_("Nothing has been proposed"),
        text=_("A proposal says what, why, what is recommended, and what yes and no lead to."),
    ),
)
proposal_detail = DetailScreen.as_view(
    subject=selectors.proposal_get,
    template_name="reporting/proposal.html",
    content=proposal_page,
    buttons=proposal_buttons,
    crumbs=crumbs,
    label="AMBER",
)
propose = Propose.as_view(
    title=_("Ask for a decision"),
    intro=_("Written so that somebody outside security can say yes or no in a minute."),
    subject=selectors.organisation_led,
    subject_name="organisation",
    form=forms.DecisionProposalForm,
    service=proposing.proposal_make,
    button=_("Ask"),
    done=_("Management is asked."),
    back_url=page_url,
    crumbs=crumbs,
)
proposal_change = FormScreen.as_view(
    title=_("Change the proposal"),
    subject=selectors.proposal_get,
    subject_name="proposal",
    form=forms.DecisionProposalForm,
    initial=lambda p: {name: getattr(p, name) for name in sorted(proposing.CHANGEABLE)},
    service=proposing.proposal_change,
    done=_("It is changed."),
    crumbs=crumbs,
)
proposal_withdraw = FormScreen.as_view(
    title=_("Withdraw the proposal"),
    subject=selectors.proposal_get,
    subject_name="proposal",
    form=forms.WithdrawForm,
    service=proposing.proposal_withdraw,
    button=_("Withdraw"),
    done=_("It is withdrawn."),
    crumbs=crumbs,
)
proposal_decide = Taking.as_view(
    template_name="reporting/decide.html",
    subject=selectors.proposal_get,
    subject_name="proposal",
    form=forms.ProposalDecisionForm,
    service=proposing.proposal_decide,
    button=_("Record the decision"),
    done=_("The decision is recorded."),
    done_url=lambda p: page_url(p) + "#decisions",
    back_url=lambda p: page_url(p) + "#decisions",
    crumbs=crumbs,
)
words = AreaWordsScreen.as_view(
    called=_("How an area stands"),
    subject=selectors.organisation_led,
    subject_name="organisation",
    form=forms.WordForm,
    service=telling.area_word_write,
    done=_("Your words are on management's page."),
    done_url=page_url,
    back_url=page_url,
    crumbs=crumbs,
    version=lambda _organisation: "",
)
ask = FormScreen.as_view(
    title=_("Ask the CISO"),
    intro=_("The question and its answer stand on management's page; both also go by mail."),
    subject=selectors.organisation_led,
    subject_name="organisation",
    form=forms.QuestionForm,
    service=telling.question_ask,
    button=_("Send the question"),
    done=_("Your question is sent."),
    done_url=lambda q: page_url(q) + "#questions",
    back_url=page_url,
    crumbs=crumbs,
    version=lambda _organisation: "",
)
answer = FormScreen.as_view(
    title=_("Answer the question"),
    template_name="reporting/answer.html",
    subject=selectors.question_get,
    subject_name="question",
    form=forms.QuestionAnswerForm,
    service=telling.question_answer,
    button=_("Answer"),
    done=_("The answer is sent, and stands on management's page."),
    back_url=page_url,
    crumbs=crumbs,
)
target = TargetScreen.as_view(
    title=_("Target picture"),
    intro=_("Where we want to be in five years, and the principles on the way."),
    subject=selectors.organisation_led,
    subject_name="organisation",
    form=forms.TargetForm,
    service=targets.target_write,
    done=_("The draft is saved. It holds when management has decided it."),
    done_url=lambda t: page_url(t) + "#target",
    back_url=page_url,
    crumbs=crumbs,
    version=lambda _organisation: "",
)
target_decide = Taking.as_view(
    title=_("Agree on the target picture"),
    template_name="reporting/target.html",
    subject=selectors.target_get,
    subject_name="target",
    form=forms.TargetDecideForm,
    service=targets.target_decide,
    button=_("Record the decision"),
    done=_("The target picture is agreed."),
    done_url=lambda t: page_url(t) + "#target",
    back_url=page_url,
    crumbs=crumbs,
)
